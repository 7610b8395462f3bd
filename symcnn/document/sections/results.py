"""The master table, and the check against the gradient check."""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.document.blocks import Block, Inline, Table, Text, heading, paragraph
from symcnn.document.material import Material
from symcnn.document.numerals import Numeral
from symcnn.equations import Tensor

_MOST_ROWS = 200


def results(material: Material) -> Iterator[Block]:
    """List every weight with its value, derivative and updated value."""
    rows = [_row(material, tensor, position) for tensor, position in material.listed_weights()]
    if not rows:
        return
    rate = material.learning_rate
    header: list[Text] = [("Weight",), ("Value",), (Inline(r"\partial L / \partial w"),)]
    yield heading(1, "All weights")
    if rate is not None:
        header.append(("Updated",))
        yield paragraph(
            "One step of gradient descent goes against the derivative: ",
            Inline(r"w \leftarrow w - \eta\, \partial L / \partial w"),
            " with the learning rate ",
            Inline(rf"\eta = {material.numerals(rate).latex}"),
            ".",
        )
    yield Table(tuple(header), tuple(rows), "l" + "r" * (len(header) - 1))


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


def check(material: Material) -> Iterator[Block]:
    """Set the derivatives beside those of an independent method."""
    made = material.check
    yield heading(1, "Check")
    yield paragraph(
        "The derivatives were measured a second time, on the forward pass alone, which knows "
        f"nothing of the derivation ({made.method}). The largest difference is ",
        Inline(_scientific(made.max_abs_error)),
        ".",
    )
    rows = made.rows if len(made.rows) <= _MOST_ROWS else made.rows[:: len(made.rows) // 40]
    tensors = material.derivation.network.tensors
    yield Table(
        (("By",), ("Derived",), ("Measured",), ("Difference",)),
        tuple(
            (
                (Inline(material.printed(tensors[row.name].symbol(row.position))),),
                (Inline(_float(row.analytic)),),
                (Inline(_float(row.numeric)),),
                (Inline(_scientific(abs(row.analytic - row.numeric))),),
            )
            for row in rows
        ),
        "lrrr",
    )


def _float(value: float) -> str:
    return f"{value:.12f}" if abs(value) < 1000 else _scientific(value, 12)


def _scientific(value: float, digits: int = 1) -> str:
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.{digits}e}".split("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}"
