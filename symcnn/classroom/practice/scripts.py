"""The scripts of the page, from the files of this folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from symcnn.document.pages.html.scripted import typed_numbers

ENGINE = (
    *("decimal", "fraction", "interval", "elementary", "functions", "written", "rounding"),
    *("program", "steps", "way", "carried", "naming", "concealing", "sheet", "letters"),
    *("symbols", "notation", "worth", "nearby", "formulas"),
)
"""What marks figures; a file stands behind those that it extends or begins with."""

PAGE = (
    *("data", "asWritten", "shown", "elements", "split", "store"),
    *("panel", "hints", "boxes", "summary", "begin"),
)
"""What the page does with it."""

_RUNTIME = Path(__file__).with_name("runtime")


@cache
def engine() -> str:
    """Return what marks figures: functions that know of no page."""
    return "\n".join([typed_numbers(), *map(_text, ENGINE)])


@cache
def script() -> str:
    """Return the script of the page, whose names are its own."""
    parts = "\n".join(map(_text, PAGE))
    return f'(() => {{\n"use strict";\n{engine()}\n{parts}}})();\n'


def _text(name: str) -> str:
    return (_RUNTIME / f"{name}.js").read_text(encoding="utf-8")
