"""The fields of a form in a PDF: how they are called there, and those besides the figures'.

A dot in the name of a PDF's field separates it from the field that it belongs to, and TeX reads
some characters as commands: a dot is written as a colon, and what is no letter, digit or one of the
few signs in names of figures by its bytes, =C3=BC.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from symcnn.classroom.filled_in.boxes import OPENING
from symcnn.classroom.filled_in.names import STUDENT
from symcnn.document.blocks import Block, Inline, Paragraph, Part
from symcnn.document.rows.gaps import POINTS
from symcnn.writing.formula import Formula, Gap

_UNSAFE = re.compile(r"[^A-Za-z0-9 ,_.\[\]-]")
_SCORE = OPENING[POINTS]

_BYTES = re.compile(r"(?:=[0-9A-F]{2})+")


def field_name(name: str) -> str:
    """Return what the field of a figure is called in a PDF.

    >>> field_name("gradient of conv1.weight[0,0,0,2]"), field_name("Maß:1")
    ('gradient of conv1:weight[0,0,0,2]', 'Ma=C3=9F=3A1')
    """
    return _UNSAFE.sub(lambda found: _written(found[0]), name).replace(".", ":")


def meant(name: str) -> str:
    """Return the name that the field of a PDF stands for.

    >>> meant("gradient of conv1:weight[0,0,0,2]"), meant("Ma=C3=9F=3A1")
    ('gradient of conv1.weight[0,0,0,2]', 'Maß:1')
    """
    return _BYTES.sub(lambda found: _read(found[0]), name.replace(":", "."))


def _written(text: str) -> str:
    return "".join(f"={byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))


def _read(text: str) -> str:
    return bytes.fromhex(text.replace("=", "")).decode("utf-8", "replace")


def with_own(blocks: Iterable[Block], held: Mapping[str, str]) -> Iterator[Block]:
    """Run over blocks with fields out of sight, and no field for the points.

    Args:
        blocks: The blocks with names for their boxes; one of them asks for the student's name.
        held: What the hidden fields hold, by their names.
    """
    made = (Gap(0.0, 0.0, field_name(name), field_name(text)) for name, text in held.items())
    hidden = tuple(Inline(Formula((gap,))) for gap in made)
    for block in blocks:
        if isinstance(block, Paragraph) and any(map(_is_students, block.text)):
            yield replace(block, text=(*map(_plain, block.text), *hidden))
            hidden = ()
        else:
            yield block


def _is_students(part: Part) -> bool:
    return isinstance(part, Inline) and [STUDENT] == [gap.name for gap in _gaps(part.formula)]


def _plain(part: Part) -> Part:
    """Take the name from the box for the points, which is for the teacher's pen."""
    is_score = isinstance(part, Inline) and any(g.name == _SCORE for g in _gaps(part.formula))
    return Inline(POINTS) if is_score else part


def _gaps(formula: Formula) -> list[Gap]:
    return [part for part in formula.parts if isinstance(part, Gap)]
