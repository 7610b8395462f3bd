"""What kind of formula a step differentiates, read off its equation.

A convolution is a sum of products with a parameter whose other factor is read through a
window; in a transposed convolution the result is written through one. No layer is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from sympy import IndexedBase, Mul

from symcnn.derivation import Derivation, Step
from symcnn.derivation.determined import determining
from symcnn.document.facts.patterns import groups, is_average
from symcnn.document.theorems.letters import Letters
from symcnn.document.theorems.single import is_alone, is_function
from symcnn.equations import Equation, LogSumExp, Mean, accesses
from symcnn.equations.access import Access

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
    "weighted sum over a window",
    "sum over a window",
    "mean over a window",
    "chain rule",
]

NAMES: dict[Kind, str] = {
    "maximum": "maximum over a window",
    "log-sum-exp": "log-sum-exp",
    "mean": "mean",
    "function": "function of single entries",
    "renaming": "reindexing",
    "sum over a window": "sum over a window",
    "mean over a window": "mean over a window",
}
"""What theorems are called; those of products are called by factor as well."""

_BY_FACTOR: tuple[Kind, ...] = (
    "convolution",
    "transposed convolution",
    "weighted sum",
    "weighted sum over a window",
)


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
    if is_function(step, derivation):
        return "function"
    if source.value == step.access:
        return "renaming" if is_alone(step, derivation) and _keeps_entries(source) else "sum"
    return _of_product(step, derivation, letters)


def _of_product(step: Step, derivation: Derivation, letters: Letters) -> Kind:
    """Tell by its indices what a sum of products is: a convolution reads through a window."""
    source, parameters = step.source, derivation.network.parameters
    slides = any(map(letters.slides, accesses(source.value)))
    if not is_product(source, {tensor.base for tensor in parameters}):
        if not slides:
            return "chain rule"
        is_mean = is_average(source, derivation.network.equations)
        return "mean over a window" if is_mean else "sum over a window"
    if letters.slides(source.target):
        return "transposed convolution"
    if slides:
        return "convolution" if matches(source, letters) else "weighted sum over a window"
    return "weighted sum" if source.reduced else "chain rule"


def matches(equation: Equation, letters: Letters) -> bool:
    """Tell whether an entry of a window meets one weight: its offset is an index of both."""
    reads = accesses(equation.value)
    indices = {index for read in reads for index in read.indices}
    windows = [window for at, window in letters.named_indices.items() if at in indices]
    taps = {window.terms[-1][1] for window in windows if window.padding is not None}
    return all(
        tap in read.free_symbols for tap in taps if equation.sizes[tap] > 1 for read in reads
    )


def is_product(equation: Equation, parameters: Collection[IndexedBase]) -> bool:
    """Tell whether the terms of an equation are a weight times an entry."""
    factors = Mul.make_args(equation.value)
    bases = [factor.base for factor in factors if factor.is_Indexed]
    return len(factors) == len(bases) == 2 and sum(base in parameters for base in bases) == 1


def renames(equations: Sequence[Equation]) -> bool:
    """Tell whether a tensor has the entries of another one under other indices."""
    return len(equations) == 1 and equations[0].value.is_Indexed and _keeps_entries(equations[0])


def _keeps_entries(source: Equation) -> bool:
    """Tell whether a source takes each entry of a tensor over once, and nothing else."""
    loops = {loop.symbol for loop in source.loops}
    ways = (Access.of(read, source.sizes) for read in (source.value, source.target))
    return all(way.reshaped is not None and set(way.loops) == loops for way in ways)


def name(step: Step, derivation: Derivation, letters: Letters) -> str | None:
    """Return what a theorem about a step is called; None if it is not worth one."""
    found = kind(step, derivation, letters)
    if found == "maximum" and determining(step.source):
        return None  # its windows continue at the other end, which no theorem of windows says
    if found == "maximum" and not any(map(letters.slides, accesses(step.source.value))):
        return "maximum"
    if found in _BY_FACTOR:
        of = "weights" if step.of.role == "parameter" else "input"
        parameters = {tensor.base for tensor in derivation.network.parameters}
        grouped = "grouped " if groups(step.source, parameters) else ""
        return f"{grouped}{found}: derivative with respect to the {of}"
    return NAMES.get(found)
