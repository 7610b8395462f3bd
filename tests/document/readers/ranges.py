r"""Reads what free indices run over, where that stands behind a formula."""

from __future__ import annotations

import re

from tests.document.readers.scanner import UnreadableError

_BEHIND = re.compile(r"\s*\\quad\s*\\left\((.*)\\right\)\s*$")
_VALUES = re.compile(r"([a-z](?:, [a-z])*) = (-?\d+(?:, (?:\d+|\\dots))*)")


def parted(text: str) -> tuple[str, dict[str, range]]:
    r"""Part a formula from its ranges: behind \quad stands (i, j = 1, 2,\; k = 1, \dots, 9)."""
    found = _BEHIND.search(text)
    return (text[: found.start()], _listed(found[1])) if found else (text, {})


def _listed(text: str) -> dict[str, range]:
    return {name: run for part in re.split(r",\s*\\;\s*", text) for name, run in _values(part)}


def _values(text: str) -> list[tuple[str, range]]:
    found = _VALUES.fullmatch(text.strip())
    if found is None:
        raise UnreadableError(f"{text!r} is not the range of an index")
    written = found[2].split(", ")
    values = range(int(written[0]), int(written[-1]) + 1)
    if r"\dots" not in written and written != [*map(str, values)]:
        raise UnreadableError(f"{text!r} leaves out values")
    return [(name, values) for name in found[1].split(", ")]
