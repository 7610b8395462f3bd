"""A blank file of answers: every figure that is asked for, with its letter beside its place.

# z₁₁, z₁₂, z₁₃
conv1 = [
  [["?", "?", "?"]],  # z₁₁, z₁₂, z₁₃
  ...

It is a file of answers in which everything is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from math import prod
from typing import Any

from symcnn.classroom.marking.asked import UPDATED
from symcnn.classroom.marking.mark import mark
from symcnn.classroom.marking.marking import Figure, Marking
from symcnn.classroom.marking.pages.worked import Worked
from symcnn.document.style import Style
from symcnn.problems import Problem
from symcnn.writing.formula.unicode import text

_ROW = 8
"""The figures on one line, with their letters behind them."""

_VARIANT = re.compile(r", variant ([0-9]{1,6})$")
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def template(
    problem: Problem, *, variant: str | None = None, index_base: int = 1, **scheme: Any
) -> str:
    """Return a blank file of answers in TOML.

    Args:
        problem: The problem.
        variant: What is written for the variant; by default the one that the title names.
        index_base: The first index of letters.
        scheme: What ``mark`` takes, such as ``digits=4``.
    """
    marking = mark(problem, {}, **scheme)
    worked = Worked(marking, Style(index_base=index_base))
    lines = [*_head(marking, variant)]
    for name, figures in groupby(marking.figures, key=lambda figure: figure.quantity):
        lines += ["", *_quantity(name, [*figures], worked)]
    return "\n".join(lines) + "\n"


def _head(marking: Marking, variant: str | None) -> Iterator[str]:
    title, digits = marking.problem.title, marking.scheme.precision.digits
    named = _VARIANT.search(title)
    if variant is not None:
        title = _VARIANT.sub("", title)
    yield '# Write each figure in place of its question mark, between the quotation marks: "0.42",'
    yield '# "-4.2e-1", "3.04·10^-2", "24 %" or "2/3". A question mark that stays is no answer.'
    if digits is not None:
        yield f"# Give {digits} significant digits; a fraction is exact."
    yield f"title = {_quoted(title)}"
    yield 'student = ""'
    if variant is not None or named:
        yield f"variant = {_quoted(named[1] if named and variant is None else variant or '')}"


def _quantity(name: str, figures: Sequence[Figure], worked: Worked) -> Iterator[str]:
    """Yield the nested lists of a quantity, with letters in comments."""
    letters = [_letter(figure, worked) for figure in figures]
    key = name if _BARE.fullmatch(name) else _quoted(name)
    last = figures[-1].position
    shape = [position + 1 for position in last]
    if prod(shape) == 1:
        yield f'{key} = "?"{_comment(letters)}'
        return
    first, *others = _nested(shape, letters, "")
    yield f"{key} = {first}"
    yield from others


def _nested(shape: Sequence[int], letters: Sequence[str], margin: str) -> list[str]:
    """Return the lines of lists in a shape; lists of one are written around what is in them."""
    if all(size == 1 for size in shape[:-1]) and shape[-1] <= _ROW:
        depth = len(shape)
        return [f"{'[' * depth}{_marks(shape[-1])}{']' * depth}{_comment(letters)}"]
    if len(shape) == 1:
        rows = [letters[at : at + _ROW] for at in range(0, len(letters), _ROW)]
        lines = [f"{margin}  {_marks(len(row))},{_comment(row)}" for row in rows]
        return ["[", *lines, f"{margin}]"]
    step, lines = prod(shape[1:]), ["["]
    for at in range(0, len(letters), step):
        first, *others = _nested(shape[1:], letters[at : at + step], f"{margin}  ")
        inner = [f"{margin}  {first}", *others]
        inner[-1] = _with_comma(inner[-1])
        lines += inner
    return [*lines, f"{margin}]"]


def _marks(count: int) -> str:
    return ", ".join(['"?"'] * count)


def _with_comma(line: str) -> str:
    """Put a comma behind a list, before what is said of it."""
    before, mark, comment = line.partition("  #")
    return f"{before},{mark}{comment}"


def _comment(letters: Sequence[str]) -> str:
    said = ", ".join(filter(None, letters))
    return f"  # {said}" if said else ""


def _letter(figure: Figure, worked: Worked) -> str:
    """Return z₁₁, or updated w₁₁; nothing for what has no letter."""
    if figure.quantity.startswith(UPDATED):
        return f"{UPDATED}{text(worked.parameter(figure))}"
    printed = worked.letter(figure)
    return "" if printed is None else text(printed)


def _quoted(written: str) -> str:
    """Quote a text; what JSON escapes on one line of print, TOML escapes alike."""
    return json.dumps(written, ensure_ascii=False)
