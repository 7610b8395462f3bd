"""Backward: the derivative of the loss by every stage, from the loss to the input."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symcnn.derivation import Derivation
from symcnn.document.blocks import Block, Row, Rows, heading, paragraph
from symcnn.document.general import backward_form
from symcnn.document.material import Material
from symcnn.document.rows import general_row, worked_row
from symcnn.document.sections.rules import rule, uses
from symcnn.document.sections.words import meaning, ranges
from symcnn.equations import Tensor


def backward(material: Material) -> Iterator[Block]:
    """Give each stage's derivative in general, then in numbers."""
    derivation = material.derivation
    yield heading(1, "Backward pass")
    yield paragraph(
        "Now the chain rule is applied from the loss backwards. Each line uses the derivatives "
        "that the lines before it gave; nothing else is needed."
    )
    for tensor in _differentiated(derivation):
        if material.worked_derivatives(tensor):
            yield from _stage(material, tensor)
    parameters = [t for t in derivation.network.parameters if material.worked_derivatives(t)]
    if parameters:
        yield heading(2, "Weights in general")
        for tensor in parameters:
            yield from _general(material, tensor)


def _differentiated(derivation: Derivation) -> Iterator[Tensor]:
    """Run over the stages from the loss back; what is computed on the way, if it counts."""
    reached = {step.of.name for step in derivation.steps}
    for tensor in reversed(list(derivation.network.tensors.values())):
        on_the_way = tensor.role == "auxiliary" and tensor.name in reached
        if tensor.role in ("hidden", "input") or on_the_way:
            yield tensor


def _stage(material: Material, tensor: Tensor) -> Iterator[Block]:
    yield heading(2, "By ", material.named(tensor), f", {meaning(tensor)}")
    adjoint = material.derivation.adjoints[tensor.name]
    symbols = [adjoint.symbol(position) for position in material.worked_derivatives(tensor)]
    formulas = [(s, material.derivation.entries.formula(s)) for s in symbols]
    rows = [worked_row(material, s, f) for s, f in formulas if f is not None]
    if not rows:
        yield paragraph(
            "The loss does not depend on ", material.named(tensor), ": its derivative is 0."
        )
        return
    yield from _general(material, tensor, rows)
    if not material.is_worked(tensor):
        yield paragraph(f"There are {tensor.size:,} such entries; one of them as an example:")
    yield Rows(tuple(rows))


def _general(material: Material, tensor: Tensor, worked: Sequence[Row] = ()) -> Iterator[Block]:
    """Name the rules and give the general form, unless the worked row begins with it."""
    steps = [step for step in material.derivation.steps if step.of.name == tensor.name]
    yield from uses(material, tensor, steps)
    for text in dict.fromkeys(rule(material, step) for step in steps):
        yield paragraph(*text)
    general = backward_form(material.derivation, tensor.name)
    left = material.partial(tensor[general.left.indices]) if tensor.role == "parameter" else ""
    row = general_row(material, general, left)
    if general.free:
        yield paragraph("For ", ranges(material, general.free), ":")
    if [row.sides[0]] != [other.sides[0] for other in worked]:
        yield Rows((row,))
