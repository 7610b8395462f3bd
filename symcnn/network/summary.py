"""The layers of a network in a table: shapes, numbers of parameters and of multiplications."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, NamedTuple

from sympy import Expr, Indexed, Mul, Pow, preorder_traversal

from symcnn.equations.notation import Shape, dimensions
from symcnn.equations.sizes import Size
from symcnn.network.stage import Stage

_HEADER = ("layer", "type", "output", "parameters", "multiplications")
_WORDS = 3
"""So many columns are of words, the others of numbers."""


class SummaryRow(NamedTuple):
    """A layer in a summary.

    Attributes:
        layer: Its name.
        type: Its class.
        output: The shape of its output, with the axis of samples if there is one.
        parameters: The numbers that it learns itself; shared ones count where they are first.
        multiplications: The products of entries in its forward equations, for all samples.
    """

    layer: str
    type: str
    output: Shape
    parameters: Size
    multiplications: Size


@dataclass(frozen=True, repr=False)
class Summary:
    """The layers of a network in a table, as text, HTML, Markdown and LaTeX.

    A convolution of an image takes H W K^2 C F multiplications, each followed by an addition; where
    padding adds zeros, their products count too, as is usual.

    Attributes:
        rows: The input, and every layer in order.
    """

    rows: tuple[SummaryRow, ...]

    @property
    def parameters(self) -> Size:
        """The number of all parameters."""
        return _total(row.parameters for row in self.rows)

    @property
    def multiplications(self) -> Size:
        """The number of multiplications of a forward pass, without those of the loss."""
        return _total(row.multiplications for row in self.rows)

    def __str__(self) -> str:
        """Return the table in plain text, its totals below a line."""
        lines = [_HEADER, *self._cells]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        made = [_justified(line, widths) for line in lines]
        rule = "-" * max(map(len, made))
        return "\n".join([made[0], rule, *made[1:-1], rule, made[-1]])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        lines = [_html_row("th", _HEADER), *(_html_row("td", cells) for cells in self._cells)]
        return f"<table>{''.join(lines)}</table>"

    def _repr_markdown_(self) -> str:
        """Return a table in Markdown."""
        rules = ("---",) * _WORDS + ("--:",) * (len(_HEADER) - _WORDS)
        lines = (_HEADER, rules, *self._cells)
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def _repr_latex_(self) -> str:
        """Return a table for nbconvert's LaTeX."""
        rows = [" & ".join(map(_latex, line)) for line in (_HEADER, *self._cells)]
        rows = [rows[0], r"\hline " + rows[1], *rows[2:-1], r"\hline " + rows[-1]]
        columns = "l" * _WORDS + "r" * (len(_HEADER) - _WORDS)
        return rf"\begin{{tabular}}{{{columns}}}" + " \\\\\n".join(rows) + r"\end{tabular}"

    @property
    def _cells(self) -> list[tuple[str, ...]]:
        rows = [
            (r.layer, r.type, dimensions(r.output), _written(r.parameters), _written(r[-1]))
            for r in self.rows
        ]
        total = ("total", "", "", str(_counted(self.parameters)), _counted(self.multiplications))
        return [*rows, total]


def _products(value: Expr) -> int:
    """Return how many times entries are multiplied in an expression: x^3 y takes three."""
    return sum(_multiplied(part) for part in preorder_traversal(value))


def _multiplied(part: Expr) -> int:
    if isinstance(part, Pow) and part.exp.is_Integer and part.base.has(Indexed):
        return max(abs(int(part.exp)) - 1, 0)
    factors = part.args if isinstance(part, Mul) else ()
    return max(sum(bool(factor.has(Indexed)) for factor in factors) - 1, 0)


def _total(numbers: Iterable[Size]) -> Size:
    return sum(numbers, start=0)


def _counted(number: Size) -> str:
    return f"{number:,}" if isinstance(number, int) else str(number)


def _written(number: Size) -> str:
    """Return a number as a table shows it, which leaves out what a layer has not."""
    return "" if number == 0 else _counted(number)


def _justified(line: Sequence[str], widths: Sequence[int]) -> str:
    moves: list[Callable[[str, int], str]] = [str.ljust] * _WORDS
    moves += [str.rjust] * (len(line) - _WORDS)
    cells = (move(cell, width) for move, cell, width in zip(moves, line, widths, strict=True))
    return "  ".join(cells).rstrip()


def _html_row(tag: str, cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"


def _latex(text: str) -> str:
    return text.replace("\\", r"\textbackslash ").replace("_", r"\_").replace("#", r"\#")


class Summarised:
    """A network that shows its layers in a table."""

    input: Any
    stages: Any

    def summary(self) -> Summary:
        """Return the layers in a table: shapes, numbers of parameters and of multiplications.

        >>> from symcnn import Conv2D, Dense, Flatten, MeanSquaredError, Network
        >>> Network((6, 6, 1), [Conv2D(2, 3), Flatten(), Dense(3)], MeanSquaredError()).summary()
        layer     type     output  parameters  multiplications
        ------------------------------------------------------
        x         input    6x6x1
        conv1     Conv2D   4x4x2           20              288
        flatten1  Flatten  32
        dense1    Dense    3               99               96
        ------------------------------------------------------
        total                             119              384
        """
        return Summary((SummaryRow("x", "input", self.input.shape, 0, 0), *map(_row, self.stages)))

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()

    def _repr_markdown_(self) -> str:
        """Return the same as Markdown."""
        return self.summary()._repr_markdown_()

    def _repr_latex_(self) -> str:
        """Return the same for nbconvert's LaTeX and PDF."""
        return self.summary()._repr_latex_()


def _row(stage: Stage) -> SummaryRow:
    name, kind = stage.output.name, type(stage.layer).__name__
    learned = () if stage.shares else stage.parameters.values()
    products = _total(equation.terms * _products(equation.value) for equation in stage.equations)
    return SummaryRow(name, kind, stage.output.shape, _total(t.size for t in learned), products)
