"""The master table, and what one step of gradient descent does to the loss."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr

from symcnn.document.blocks import Block, Inline, Table, Text, heading, paragraph
from symcnn.document.material import Descent, Material
from symcnn.document.numerals import Numeral
from symcnn.equations import Tensor


def results(material: Material) -> Iterator[Block]:
    """List every weight with its value, derivative and updated value."""
    rows = [_row(material, tensor, position) for tensor, position in material.listed_weights()]
    if not rows:
        return
    yield heading(1, "All weights" if len(rows) > 1 else "The weight")
    header: list[Text] = [("Weight",), ("Value",), (Inline(r"\partial L / \partial w"),)]
    if material.learning_rate is not None:
        header.append(("Updated",))
        yield paragraph(
            "One step of gradient descent goes against the derivative: ",
            Inline(r"w \leftarrow w - \eta\, \partial L / \partial w"),
            " with the learning rate ",
            Inline(rf"\eta = {material.numerals(material.learning_rate).latex}"),
            ". A weight whose derivative is negative grows, one whose derivative is positive "
            "shrinks.",
        )
    alignment = "l" + "r" * (len(header) - 1)
    yield Table(tuple(header), tuple(rows), alignment, tasks=tuple(range(2, len(header))))
    if material.descent is not None:
        yield from _step(material, material.descent)


def _row(material: Material, tensor: Tensor, position: tuple[int, ...]) -> tuple[Text, ...]:
    weight = tensor.symbol(position)
    slope = material.derivation.adjoints[tensor.name].symbol(position)
    cells = [material.numeral(weight), material.numeral(slope)]
    if material.learning_rate is not None:
        updated = material.value(weight) - material.learning_rate * material.value(slope)
        cells.append(material.numerals(updated))
    return ((Inline(material.printed(weight)),), *((Inline(_cell(cell)),) for cell in cells))


def _cell(numeral: Numeral) -> str:
    return numeral.latex if numeral.exact else rf"\approx {numeral.latex}"


def _step(material: Material, made: Descent) -> Iterator[Block]:
    """Set the loss after the step beside the one before, and what the slopes foretell."""
    squares = r"\sum_{w} \left(\partial L / \partial w\right)^{2}"
    yield heading(2, "The loss after the step")
    yield paragraph(
        "To first order the step changes the loss by ",
        Inline(rf"-\eta {squares}"),
        f": each weight moves by {_FACTOR} its own derivative, so every one contributes ",
        Inline(r"-\eta"),
        " times a square. The loss itself is evaluated anew with the updated weights: ",
        _verdict(made),
    )
    foretold = made.before - made.rate * made.squares
    lines: list[tuple[str | Inline, Expr]] = [
        (Inline(squares), made.squares),
        ("The loss before", made.before),
        ("The loss that the slopes foretell", foretold),
        ("The loss after the step", made.after),
    ]
    rows = tuple(((what,), (Inline(_cell(material.numerals(v))),)) for what, v in lines)
    yield Table((("Quantity",), ("Value",)), rows, "lr", tasks=(1,))


_FACTOR = "minus the learning rate times"


def _verdict(made: Descent) -> str:
    if made.after < made.before:
        return "it has become smaller."
    if made.after == made.before:
        return "it is the same."
    return "it has become larger, so the step was too long for slopes alone to foretell."
