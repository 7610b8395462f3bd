"""How many multiplications a pass takes, and about how many bytes its code.

A product counts where it is computed: a loop as often as its guards let it, an entry once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from sympy import Symbol

from symcnn.equations import Equation, Guard, affine

_PLACES = re.compile(r"\[[^\[\]]*\]")
_CONSTANTS = re.compile(r"-?[\d.]+(?:e[+-]?\d+)?F?/[\d.]+(?:e[+-]?\d+)?F?")
_PRODUCTS = re.compile(r"\*|/|\bsquare\(")
_CALLS = re.compile(r"\b(?!square|larger|smaller|fill)([a-z]\w*)\(")
_OPERATORS = re.compile(r" [-+<>] | [-+<>=!]= |[*/?]")

IN_LOOPS = {"float64": 15.5, "float32": 12.0}
BY_ENTRY = {"float64": 17.0, "float32": 7.0}
"""Bytes of machine code for each operator of C, as gcc writes it for a Cortex-M4 with -Os.
In 64 bits each is a call there. In loops the places in arrays are computed, too."""

_LISTED = 10**6
"""The values of loops at which guards are tried; of more all are counted."""


@dataclass(frozen=True)
class Count:
    """Multiplications with divisions, and calls of functions such as exp."""

    products: int = 0
    calls: int = 0

    def __add__(self, other: Count) -> Count:
        """Return both together."""
        return Count(self.products + other.products, self.calls + other.calls)

    def times(self, number: int) -> Count:
        """Return the count of so many repetitions."""
        return Count(self.products * number, self.calls * number)


def of_text(text: str) -> Count:
    """Count in an expression; places in arrays and quotients of constants are no work.

    >>> of_text("square(x[2*i + 1]) + 1.0/3.0*exp(-z)*y")
    Count(products=3, calls=1)
    """
    bare = _CONSTANTS.sub("c", _PLACES.sub("", text))
    return Count(len(_PRODUCTS.findall(bare)), len(_CALLS.findall(bare)))


def rounds(equation: Equation) -> int:
    """Return how often the body of an equation's loops is run, which guards leave out."""
    left, found = dict(equation.sizes), 1
    for symbols, guards in _parts(equation.guards):
        sizes = {symbol: left.pop(symbol) for symbol in symbols}
        found *= _allowed(sizes, guards)
    return int(found * prod(left.values()))


def _parts(guards: Iterable[Guard]) -> list[tuple[set[Symbol], list[Guard]]]:
    """Return guards in groups that share no loop."""
    parts: list[tuple[set[Symbol], list[Guard]]] = []
    for guard in guards:
        symbols, together = set(guard.expression.free_symbols), [guard]
        apart = []
        for known, others in parts:
            if known & symbols:
                symbols |= known
                together = [*others, *together]
            else:
                apart.append((known, others))
        parts = [*apart, (symbols, together)]
    return parts


def _allowed(sizes: dict[Symbol, int], guards: Sequence[Guard]) -> int:
    """Return at how many values of some loops all guards hold."""
    if prod(sizes.values()) > _LISTED:
        return prod(sizes.values())
    grids = np.meshgrid(*(np.arange(n) for n in sizes.values()), indexing="ij", sparse=True)
    numbers = dict(zip(sizes, grids, strict=True))
    kept = np.ones([*sizes.values()], bool)
    for guard in guards:
        at = affine(guard.expression).at(numbers)
        kept &= (at >= 0) & (at < int(guard.size))
    return int(kept.sum())


def code_bytes(lines: Iterable[str], of_operator: float) -> int:
    """Return about how many bytes the code of some statements has."""
    bare = (_PLACES.sub("", line) for line in lines if not line.startswith("/*"))
    return round(of_operator * sum(len(_OPERATORS.findall(line)) for line in bare))
