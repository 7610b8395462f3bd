"""What kind of formula a step differentiates, read off its equation.

A convolution is a sum of products with a parameter whose other factor is read through a
window; in a transposed convolution the result is written through one. No layer is asked.
"""

from __future__ import annotations

from typing import Literal

from symcnn.derivation import Derivation, Step
from symcnn.document.theorems.letters import Letters
from symcnn.document.theorems.theorem import is_function
from symcnn.equations import LogSumExp, Mean, accesses

Kind = Literal[
    "loss",
    "maximum",
    "log-sum-exp",
    "mean",
    "function",
    "renaming",
    "sum",
    "convolution",
    "transposed convolution",
    "weighted sum",
    "sum over a window",
    "chain rule",
]

NAMES: dict[Kind, str] = {
    "maximum": "maximum over a window",
    "log-sum-exp": "log-sum-exp",
    "mean": "mean",
    "function": "a function of every entry",
    "renaming": "renaming",
    "sum over a window": "sum over a window",
}
"""What theorems are called; those of products are called by factor as well."""


def kind(step: Step, derivation: Derivation, letters: Letters) -> Kind:
    """Return what a step differentiates."""
    source, tensors = step.source, derivation.tensors
    if tensors[source.target.base].role == "loss":
        return "loss"
    if step.routing is not None:
        return "maximum"
    if isinstance(source.reduction, LogSumExp):
        return "log-sum-exp"
    if isinstance(source.reduction, Mean):
        return "mean"
    if is_function(step):
        return "function"
    if source.value == step.access:
        return "renaming" if is_alone(step, derivation) else "sum"
    return _of_product(step, derivation, letters)


def _of_product(step: Step, derivation: Derivation, letters: Letters) -> Kind:
    """Tell by its indices what a sum of products is: a convolution reads through a window."""
    source, tensors = step.source, derivation.tensors
    windows = {index.symbol for index in letters.windows}
    written = {letters.named(index) for index in source.target.indices}
    read = {letters.named(index) for a in accesses(source.value) for index in a.indices}
    if not any(tensors[a.base].role == "parameter" for a in accesses(source.value)):
        return "sum over a window" if windows & read else "chain rule"
    if windows & written:
        return "transposed convolution"
    if windows & read:
        return "convolution"
    return "weighted sum" if source.reduced else "chain rule"


def is_alone(step: Step, derivation: Derivation) -> bool:
    """Tell whether a step's source is the only equation of its target."""
    target = step.source.target.base
    return [e.target.base for e in derivation.network.equations].count(target) == 1


def name(step: Step, derivation: Derivation, letters: Letters) -> str | None:
    """Return what a theorem about a step is called; None if it is not worth one."""
    found = kind(step, derivation, letters)
    if found in ("convolution", "transposed convolution", "weighted sum"):
        return f"{found}, by its {'weights' if step.of.role == 'parameter' else 'input'}"
    return NAMES.get(found)
