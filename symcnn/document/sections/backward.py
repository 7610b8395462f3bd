"""Backward: the derivative of the loss by every stage, from the loss to the input."""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.derivation import Step
from symcnn.document.blocks import Block, Inline, Rows, Text, heading, paragraph
from symcnn.document.general import backward_form
from symcnn.document.material import Material
from symcnn.document.rows import general_row, partial, worked_row
from symcnn.document.sections.words import named, ranges
from symcnn.equations import Tensor


def backward(material: Material) -> Iterator[Block]:
    """Give each stage's derivative in general, then in numbers."""
    derivation = material.derivation
    yield heading(1, "Backward pass")
    yield paragraph(
        "Now the chain rule is applied from the loss backwards. Each line uses the derivatives "
        "that the lines before it gave; nothing else is needed."
    )
    for tensor in reversed(list(derivation.network.tensors.values())):
        if tensor.role in ("hidden", "auxiliary", "input"):
            yield from _stage(material, tensor)
    parameters = derivation.network.parameters
    if parameters:
        yield heading(2, "Weights in general")
        for tensor in parameters:
            yield from _general(material, tensor)


def _stage(material: Material, tensor: Tensor) -> Iterator[Block]:
    yield heading(2, "By ", named(tensor), f", {_role(tensor)}")
    yield from _general(material, tensor)
    adjoint = material.derivation.adjoints[tensor.name]
    symbols = [adjoint.symbol(position) for position in material.worked(tensor)]
    formulas = [(s, material.derivation.entries.formula(s)) for s in symbols]
    rows = [worked_row(material, s, f) for s, f in formulas if f is not None]
    if not material.is_worked(tensor):
        yield paragraph(f"There are {tensor.size:,} such entries; one of them as an example:")
    yield Rows(tuple(rows))


def _role(tensor: Tensor) -> str:
    return "the input" if tensor.role == "input" else f"the output of {tensor.name}"


def _general(material: Material, tensor: Tensor) -> Iterator[Block]:
    steps = [step for step in material.derivation.steps if step.of.name == tensor.name]
    general = backward_form(material.derivation, tensor.name)
    rules = dict.fromkeys(rule(step, material) for step in steps)
    for text in rules:
        yield paragraph(*text)
    if general.free:
        yield paragraph("For ", ranges(general.free), ":")
    left = partial(tensor[general.left.indices]) if tensor.role == "parameter" else ""
    yield Rows((general_row(material, general, left),))


def rule(step: Step, material: Material) -> Text:
    """Say which rule a step uses, and why; it is read off the equation."""
    result = named(material.derivation.tensors[step.source.target.base])
    own = named(step.of)
    if step.routing is not None:
        return (
            "Routing: a window's derivative goes back to the entry that was its largest. ",
            named(step.routing.tensor),
            " is 1 for the first largest entry of the window and 0 for the others, "
            "so the losers get 0.",
        )
    if step.of.role == "parameter":
        return _parameter_rule(step, own, result)
    if step.local == 1 and not _paths(step):
        return ("Renaming: ", own, " and ", result, " hold the same numbers.")
    if result.latex == "L":
        return ("The derivative of the loss by its argument ", own, ".")
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


def _parameter_rule(step: Step, own: Inline, result: Inline) -> Text:
    if _paths(step):
        return (
            "Sum over shared weights: one entry of ",
            own,
            " is used at every position of ",
            result,
            ", so what comes back from all of them is summed.",
        )
    return ("Product rule: each entry of ", own, " is used once, with the factor beside it.")


def _paths(step: Step) -> bool:
    """Tell whether an entry is read by several loop assignments."""
    return any(loop.size > 1 for loop in step.equation.reduced) or any(
        not position.is_Symbol and not position.is_Integer and len(position.free_symbols) > 1
        for position in step.equation.target.indices
    )
