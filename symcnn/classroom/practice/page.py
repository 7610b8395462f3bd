"""The page: the student's version, with what marks its boxes.

Without a script it is the student's version.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from sympy import Symbol

from symcnn.classroom.arithmetic import scripts
from symcnn.classroom.explain import explain
from symcnn.classroom.practice.boxes import FormulaBox, asked_for, bound
from symcnn.classroom.practice.earning import asking, earned
from symcnn.classroom.practice.figures import Figures, Hints
from symcnn.classroom.practice.program import PracticeProgram
from symcnn.document.document import Document
from symcnn.document.pages.writers import html
from symcnn.document.pages.writers.html import Scripted, typed_numbers
from symcnn.document.style import Style
from symcnn.problems import Problem

DATA = "practice-data"
"""The name of the element with what the script reads."""

_PRINTED = ("digits", "index_base", "decimal")


def practice_page(problem: Problem, **options: Any) -> str:
    """Return a page of HTML on which a problem is worked, and marked as ``symcnn mark`` marks it.

    It is the student's version of the derivation. What is typed into a box is right, follows from
    the figures before it as they were typed, or is wrong, with the mistake that yields it. There
    are hints, one step at a time, and a file of answers can be saved. It needs no network.

    Args:
        problem: The problem.
        options: What ``explain`` takes, such as ``detail="brief"``; ``quantities``, the names of
            those that earn points, as of ``mark``, which a brief page alone is about; and
            ``points``, as of ``mark``.

    Raises:
        TooLargeError: If there are more figures than fit a page.
        SymcnnError: If an option is invalid.
    """
    asked = asking(problem, options.get("quantities") or None, options.pop("points", None))
    if options.get("detail") != "brief":
        options.pop("quantities", None)
    solution = explain(asked, **options)
    chosen = {name: options[name] for name in _PRINTED if name in options}
    named = asked.with_letters(options.get("letters") or {})
    return page(named, solution, Style(**chosen))


def page(problem: Problem, solution: Document, style: Style) -> str:
    """Return the page of a problem whose derivation is there already."""
    student = solution.with_blanks(0)
    figures = Figures(problem, style, tuple(asked_for(student.blocks)))
    program = PracticeProgram(problem, figures.quantities, figures.extras)
    data = program.data()
    student = solution.with_blanks(earned(problem, student.blocks))
    blocks, formulas = bound(student.blocks, figures.by_entry, figures.by_letter)
    hints = "\n".join(Hints(figures, program.entries).templates())
    written = {**data, **_facts(problem, figures, data), **_formulas(figures, program, formulas)}
    made = Scripted(_style(), written, DATA, script(), f"{hints}\n")
    return html.page(student.title, blocks, made.head, made.end)


def _facts(problem: Problem, figures: Figures, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page says of figures, and what it keeps them under."""
    key = sha256(json.dumps(data).encode()).hexdigest()[:16]
    return {
        "title": problem.title,
        "variant": _variant(problem.title),
        "key": f"symcnn-practice-{key}",
        "names": [*map(figures.name, figures.all), *(extra.name for extra in figures.extras)],
        "known": len(figures.all),
        "letters": [*([] for _ in figures.all), *(extra.letters for extra in figures.extras)],
        "routings": figures.routings,
        "open": figures.open,
        "earning": figures.earning,
        "points": figures.points,
        "digits": figures.style.digits,
        "comma": figures.style.decimal,
    }


def _variant(title: str) -> int | None:
    """Return the number of a worksheet's variant, with which its title ends."""
    found = re.search(r", variant (\d{1,6})$", title)
    return int(found[1]) if found else None


def _formulas(
    figures: Figures, program: PracticeProgram, boxes: Sequence[FormulaBox]
) -> dict[str, Any]:
    named = [*_letters(figures, program)] if boxes else []
    return {
        "formulaBoxes": [[box.figure, int(box.closed)] for box in boxes],
        "symbols": [(figures.text(symbol), n) for symbol, n, _ in named],
        "moving": [n for _, n, role in named if role in ("input", "parameter")],
        "signals": [n for _, n, role in named if role == "adjoint"],
    }


def _letters(figures: Figures, program: PracticeProgram) -> Iterator[tuple[Symbol, int, str]]:
    learned = {t.name for t in figures.problem.network.parameters}
    adjoints = figures.problem.derivation.adjoints
    slopes = {adjoints[name] for name in learned if name in adjoints}
    for symbol, number in program.entries.items():
        found = figures.problem.derivation.entries.where(symbol)
        if found is not None and found[0] not in slopes:
            yield symbol, number, found[0].role


def _style() -> str:
    return Path(__file__).with_name("practice.css").read_text(encoding="utf-8")


ARITHMETIC = ("fraction", "decimal", "interval", "elementary", "functions", "steps")
"""What formulas are computed with."""

ENGINE = (
    *("written", "rounding", "precision", "program", "carried", "naming", "concealing", "judging"),
    *("sheet", "points"),
    *("symbols", "notation", "shown", "worth", "nearby", "formulas"),
)
"""What marks figures; a file stands behind those that it extends or begins with."""

PAGE = (
    *("data", "elements", "store", "verdicts", "asking", "panel", "hints", "preview", "allowed"),
    *("boxes", "findings", "helper", "begin"),
)
"""What the page does with it."""

_RUNTIME = Path(__file__).with_name("runtime")


@cache
def engine() -> str:
    """Return what marks figures: functions that know of no page."""
    return "\n".join([typed_numbers(), scripts(*ARITHMETIC), *map(_text, ENGINE)])


@cache
def script() -> str:
    """Return the script of the page, whose names are its own."""
    parts = "\n".join(map(_text, PAGE))
    return f'(() => {{\n"use strict";\n{engine()}\n{parts}}})();\n'


def _text(name: str) -> str:
    return (_RUNTIME / f"{name}.js").read_text(encoding="utf-8")
