"""Theorems as LaTeX sets them: short formulas stand in their sentences, as in a textbook.

Suppose that  z = w x  and that L depends on x only through z. Then ...
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from symcnn.document.blocks import Block, Inline, Note, Paragraph, Rows, Text
from symcnn.document.rows.layout import TEXT
from symcnn.writing.formula import Atom, Formula, Fraction, Word, nodes
from symcnn.writing.formula.build import joined
from symcnn.writing.formula.build import row as build_row
from symcnn.writing.formula.width import width

_SHORT = 0.6 * TEXT
"""The width of a formula that stands in a sentence, at most."""


def run_in(note: Note) -> Note:
    """Set the short formulas of a theorem in its sentences."""
    return replace(note, blocks=tuple(_merged(note.blocks)))


def _merged(blocks: Sequence[Block]) -> Iterator[Block]:
    """Join each sentence with the short formula below it, and with what goes on behind that."""
    said: Text = ()
    ends_in_a_formula = False
    for block in blocks:
        if said and (formula := _short(block)):
            said, ends_in_a_formula = (*said, " ", Inline(formula)), True
        elif ends_in_a_formula and isinstance(block, Paragraph):
            stop = "" if _goes_on(block.text) else "."
            said, ends_in_a_formula = (*said, f"{stop} ", *block.text), False
        else:
            yield from _sentence(said, ends_in_a_formula)
            said, ends_in_a_formula = (), False
            if isinstance(block, Paragraph):
                said = block.text
            else:
                yield block
    yield from _sentence(said, ends_in_a_formula)


def _sentence(said: Text, ends_in_a_formula: bool) -> Iterator[Paragraph]:
    if said:
        yield Paragraph((*said, ".") if ends_in_a_formula else said)


def _goes_on(text: Text) -> bool:
    """Tell whether a sentence goes on: its first word is no beginning."""
    first, *_ = text
    return isinstance(first, str) and first[:1].islower()


def _is_number(fraction: Fraction) -> bool:
    atoms = (node for node in nodes(fraction) if isinstance(node, Atom | Word))
    return all(atom.text.isdigit() for atom in atoms)


def _is_derivative(fraction: Fraction) -> bool:
    atoms = (node for node in nodes(fraction.above) if isinstance(node, Atom))
    return any(atom.text == r"\partial" for atom in atoms)


def _short(block: Block) -> Formula | None:
    """Return the formula of a row that has room in a sentence, in width and in height."""
    match block:
        case Rows(rows=(row,)) if not row.number and not row.sides[1:]:
            whole = build_row(row.left, joined([row.sides[0].formula]))
            fractions = [node for node in nodes(whole) if isinstance(node, Fraction)]
            is_low = all(_is_number(node) or _is_derivative(node) for node in fractions)
            return whole if is_low and width(whole) <= _SHORT else None
    return None
