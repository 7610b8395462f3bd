"""The master table, and what one step of gradient descent does to the loss."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Add, Expr

from symcnn import limits
from symcnn.document.blocks import Block, Inline, Row, Table, Text, heading, inline, paragraph
from symcnn.document.material import Descent, Material
from symcnn.document.rows import cell, figure
from symcnn.document.scope import Position
from symcnn.document.sections.words import SLOPE, STEP
from symcnn.equations import Tensor
from symcnn.formula.build import parenthesized, row, scripts

_SQUARES = row(scripts(r"\sum", "w"), scripts(parenthesized(SLOPE), sup="2"))


def results(material: Material) -> Iterator[Block]:
    """List every weight with its value, derivative and updated value."""
    listed, header = material.listed_weights(), _header(material)
    if not listed:
        return
    yield heading(1, "All weights" if len(listed) > 1 else "The weight")
    if material.learning_rate is not None:
        yield from _rule(material, material.learning_rate)
    figures = [_figures(material, *weight) for weight in listed]
    rows = (
        ((Inline(material.printed(tensor.symbol(position))),), *map(cell, line))
        for (tensor, position), line in zip(listed, figures, strict=True)
    )
    yield Table(
        header,
        tuple(rows),
        "l" + "r" * (len(header) - 1),
        tasks=tuple(range(2, len(header))),
        figures=tuple(made for line in figures for made in line),
    )
    if material.descent is not None:
        yield from _step(material, material.descent)


def _header(material: Material) -> tuple[Text, ...]:
    usual: tuple[Text, ...] = (("Weight",), ("Value",), (Inline(SLOPE),))
    return usual if material.learning_rate is None else (*usual, ("Updated",))


def _rule(material: Material, rate: Expr) -> Iterator[Block]:
    yield paragraph(
        "One step of gradient descent goes against the derivative: ",
        STEP,
        " with the learning rate ",
        inline(r"\eta", "=", material.numerals(rate).formula),
        ". A weight whose derivative is negative grows, one whose derivative is positive shrinks.",
    )


def _figures(material: Material, tensor: Tensor, position: Position) -> list[Row]:
    """Return a weight's value, its derivative and its updated value."""
    weight = tensor.symbol(position)
    slope = material.derivation.adjoints[tensor.name].symbol(position)
    made = [figure(material, s.name, s, material.value(s)) for s in (weight, slope)]
    if material.learning_rate is None:
        return made
    updated = material.value(weight) - material.learning_rate * material.value(slope)
    moved = weight - material.learning_rate * slope
    return [*made, figure(material, f"updated {weight.name}", moved, updated)]


def _step(material: Material, made: Descent) -> Iterator[Block]:
    """Set the loss after the step beside the one before, and what the slopes foretell."""
    yield heading(2, "The loss after the step")
    yield paragraph(
        "Each weight moves by ",
        inline("-", r"\eta"),
        " times its derivative, and to first order the loss changes by the derivative times "
        "that: all weights together change it by ",
        inline("-", r"\eta", _SQUARES),
        ". The loss itself is evaluated anew with the updated weights: ",
        _verdict(made),
    )
    lines: list[tuple[str | Inline, Expr]] = [
        (Inline(_SQUARES), made.squares),
        ("The loss before", made.before),
        ("The loss that the slopes foretell", made.before - made.rate * made.squares),
        ("The loss after the step", made.after),
    ]
    rows = tuple(((what,), cell(figure(material, "", value, value))) for what, value in lines)
    figures = tuple(_checked(material, made))
    yield Table((("Quantity",), ("Value",)), rows, "lr", tasks=(1,), figures=figures)


def _checked(material: Material, made: Descent) -> Iterator[Row]:
    """Claim the sum of squares and what follows from it; the step's loss was checked."""
    parameters, adjoints = material.derivation.network.parameters, material.derivation.adjoints
    if sum(tensor.size for tensor in parameters) > limits.LISTED_ENTRIES:
        return
    slopes = [adjoints[t.name].symbol(p) for t in parameters for p in t.positions()]
    squares = Add(*(slope**2 for slope in slopes))
    loss = material.derivation.network.loss_tensor.symbol((0,))
    yield figure(material, "the sum of squares", squares, made.squares)
    foretold = made.before - made.rate * made.squares
    yield figure(material, "the loss foretold", loss - made.rate * squares, foretold)


def _verdict(made: Descent) -> str:
    if made.after < made.before:
        return "it has become smaller."
    if made.after == made.before:
        return "it is the same."
    return "it has become larger, so the step was too long for slopes alone to foretell."
