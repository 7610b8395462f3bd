r"""How wide a formula will be, in points at 10 pt, without running LaTeX.

An estimate from the metrics of Computer Modern, rounded up: digits 5 pt, letters 6 pt,
relations and binary operators with their spaces, scripts at 3/4 of the size, a
fraction as wide as its wider part.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|[{}^_]|\s+|.")
_SCRIPT = 0.75
_WIDTHS = {
    r"\left": 2.0,
    r"\right": 2.0,
    r"\cdot": 7.5,
    r"\times": 12.5,
    r"\partial": 6.0,
    r"\sum": 15.0,
    r"\max": 23.0,
    r"\min": 21.0,
    r"\tanh": 25.0,
    r"\log": 16.0,
    r"\exp": 20.0,
    r"\sqrt": 10.0,
    r"\le": 13.5,
    r"\ge": 13.5,
    r"\leq": 13.5,
    r"\geq": 13.5,
    r"\mid": 8.5,
    r"\approx": 13.5,
    r"\quad": 10.0,
    r"\,": 2.0,
    r"\;": 3.0,
    r"\text": 0.0,
    r"\cdots": 14.0,
}
_CHARACTERS = {**dict.fromkeys("0123456789", 5.1), **dict.fromkeys("()[]|.,;:", 4.2)}
_CHARACTERS |= {"w": 7.4, "m": 8.9} | dict.fromkeys("+-", 12.5) | dict.fromkeys("=<>", 13.5)
_LETTER = 6.2


def width(latex: str) -> float:
    """Return the estimated width of a formula in points."""
    return _Reader(_TOKEN.findall(latex)).row()


class _Reader:
    """Reads tokens from left to right and adds up their widths."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = iter(tokens)

    def row(self) -> float:
        """Add up until the group's closing brace, or the end."""
        total = 0.0
        pending = 0.0  # a subscript and a superscript stand above each other
        for token in self._tokens:
            if token == "}":
                break
            if token in "^_":
                script = _SCRIPT * self._argument()
                total += max(0.0, script - pending)
                pending = max(script, pending)
            else:
                total += self._width(token)
                pending = 0.0
        return total

    def _argument(self) -> float:
        token = next(self._tokens, "")
        return self._width(token)

    def _width(self, token: str) -> float:
        if token == "{":
            return self.row()
        if token == r"\frac":
            return max(self._argument(), self._argument()) + 3.0
        if token.isspace():
            return 0.0
        return _WIDTHS.get(token, _CHARACTERS.get(token, _LETTER))
