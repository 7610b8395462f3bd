"""The rules of the backward pass in words: each is read off the equation that it is for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symcnn.derivation import Derivation, Step
from symcnn.document.blocks import Block, Inline, Text, paragraph
from symcnn.document.material import Material
from symcnn.document.sections.words import listed
from symcnn.equations import LogSumExp, Max, Mean, Tensor


def uses(material: Material, tensor: Tensor, steps: Sequence[Step]) -> Iterator[Block]:
    """Say that a tensor is used more than once, where it is: its derivatives add up."""
    results = dict.fromkeys(material.named(_result(material.derivation, step)) for step in steps)
    if len(results) > 1:
        yield paragraph(
            material.named(tensor),
            f" is used by {len(results)} equations, those of ",
            *listed(list(results)),
            ". A change of it reaches the loss through each of them, so the contributions "
            "are summed.",
        )


def rule(material: Material, step: Step) -> Text:
    """Say which rule a step uses, and why."""
    result, own = material.named(_result(material.derivation, step)), material.named(step.of)
    if step.routing is not None:
        return _routing(step, material.named(step.routing.tensor))
    if isinstance(step.source.reduction, LogSumExp):
        return (
            "Log-sum-exp: the derivative of the logarithm of a sum of exponentials by one of "
            "its arguments is that argument's share of the sum, the softmax ",
            Inline(rf"e^{{{own.latex} - {result.latex}}}"),
            ".",
        )
    if isinstance(step.source.reduction, Mean):
        return ("Mean: ", result, " takes an equal share of every entry of ", own, ".")
    if result.latex == "L":
        return ("The derivative of the loss by its argument ", own, ".")
    if step.of.role == "parameter":
        return _parameter(step, own, result)
    if step.local == 1 and not _paths(step):
        return _unchanged(step, material.derivation, own, result)
    return _chain(step, own, result)


def _routing(step: Step, selector: Inline) -> Text:
    opening = "Routing: a window's derivative goes back to the entry that was its largest. "
    assert isinstance(step.source.reduction, Max)
    if step.source.reduction.ties == "first":
        ties = " is 1 for the first largest entry of the window and 0 for the others, "
    else:
        ties = " is 1 over the number of largest entries for each of them, 0 for the others, "
    return (opening, selector, ties + "so the losers get 0.")


def _parameter(step: Step, own: Inline, result: Inline) -> Text:
    if _paths(step):
        return (
            "Sum over shared weights: one entry of ",
            own,
            " is used at every position of ",
            result,
            ", so what comes back from all of them is summed.",
        )
    if step.local == 1:
        return ("Each entry of ", own, " is added once: what arrives passes on unchanged.")
    return ("Product rule: each entry of ", own, " is used once, with the factor beside it.")


def _unchanged(step: Step, derivation: Derivation, own: Inline, result: Inline) -> Text:
    target = _result(derivation, step)
    defining = [e for e in derivation.network.equations if e.target.base == target.base]
    if len(defining) == 1 and step.source.value == step.access:
        return ("Renaming: ", own, " and ", result, " hold the same numbers.")
    return ("Sum: ", own, " is a term of ", result, ", so what arrives passes on unchanged.")


def _chain(step: Step, own: Inline, result: Inline) -> Text:
    if _paths(step):
        return (
            "Chain rule: a change of ",
            own,
            " reaches the loss through every entry of ",
            result,
            " that it helped to make, so these paths are summed.",
        )
    return (
        "Chain rule: the derivative that arrives at ",
        result,
        " times the derivative of the function between ",
        own,
        " and ",
        result,
        ".",
    )


def _result(derivation: Derivation, step: Step) -> Tensor:
    return derivation.tensors[step.source.target.base]


def _paths(step: Step) -> bool:
    """Tell whether an entry is read by several loop assignments."""
    return any(loop.size > 1 for loop in step.equation.reduced) or any(
        not position.is_Symbol and not position.is_Integer and len(position.free_symbols) > 1
        for position in step.equation.target.indices
    )
