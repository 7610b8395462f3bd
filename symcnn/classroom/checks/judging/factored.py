"""Guesses that one product among what an array is made of was computed otherwise.

    a b      as      a + b,      a - b,      a / b,      a      or      b

What stands there is a term of the array, or all of it, and its factors are what somebody who writes
a closed form has at hand: the arrays that are given, statistics, roots and counts, and products of
these. A factor need not be known by itself: b is what a term is divided by a. Candidates are
compared at a few entries, all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from symcnn.classroom.checks.judging.evaluation import few_entries, shape_of
from symcnn.classroom.checks.judging.guesses import Guess
from symcnn.classroom.checks.judging.naming import Heard
from symcnn.classroom.checks.judging.parts import Chosen, Parts, parts_of
from symcnn.classroom.checks.judging.rounded import Array, Rounded, unit
from symcnn.classroom.checks.judging.substituted import IN_ALL_TERMS, IN_ONE_TERM
from symcnn.classroom.checks.judging.trial import Trial

_SMALL = 2
"""The most factors of what is a factor itself."""

_MOST_FOUND = 4
_MOST_OPEN = 0.5
_LOOSE = 2.0**14
"""By so many roundings a few entries may differ, before all of them are compared."""

Made = Callable[[Any, Any, Any, int], Any]
"""What stands in place of a term, by a product of its kind, or a factor, a factor, and a sign.

It takes arrays as well as numbers with bounds of their errors.
"""


@dataclass(frozen=True)
class _Kind:
    """What was done.

    Attributes:
        name: What it is called.
        wholes: Which products come first into question: all, those with small exponents, or one.
        parts: Which come second.
        made: What stands there.
    """

    name: str
    wholes: str
    parts: str
    made: Made


_SUM, _QUOTIENT, _LEFT = "sum instead of product", "divided instead of multiplied", "factor missing"

_KINDS = {
    "alone": _Kind(_LEFT, "all", "one", lambda a, b, t, sign: sign * a),
    "quotient": _Kind(_QUOTIENT, "all", "one", lambda a, b, t, sign: sign * (a * a / t)),
    "whole": _Kind(_SUM, "all", "one", lambda a, b, t, sign: sign * a + t / a),
    "inverse": _Kind(_QUOTIENT, "one", "small", lambda a, b, t, sign: sign * (t / b / b)),
    "sum": _Kind(_SUM, "all", "small", lambda a, b, t, sign: sign * a + t / b),
    "difference": _Kind(_SUM, "all", "small", lambda a, b, t, sign: sign * a + -1 * (t / b)),
    "both": _Kind(_SUM, "small", "small", lambda a, b, t, sign: t / a + sign * (t / b)),
    "below": _Kind(_SUM, "small", "small", lambda a, b, t, sign: t / (b + sign * a)),
    "another": _Kind(IN_ONE_TERM.name, "small", "small", lambda a, b, t, sign: sign * (t * a / b)),
    "fewer": _Kind(_LEFT, "small", "small", lambda a, b, t, sign: sign * (t / a / b)),
}

_OF_TWO = ("both", "below")
"""Where twice the same quantity would be a factor 2, and no mistake with two."""

_SAID = {
    _SUM: "Two quantities were added or subtracted where they must be multiplied.",
    _QUOTIENT: "One quantity was divided by another where they must be multiplied.",
    _LEFT: "A factor of a product was left out.",
    IN_ONE_TERM.name: IN_ONE_TERM.explanation,
    IN_ALL_TERMS.name: IN_ALL_TERMS.explanation,
}


@dataclass(frozen=True)
class _Formula:
    """What stands in place of a term: by its number, or of everything if it is None.

    Attributes:
        term: The number of the term.
        kind: What was done.
        whole: A product that is of the same kind as the term.
        part: A factor of the term.
        sign: The sign of the product.
    """

    term: int | None
    kind: str
    whole: Chosen
    part: Chosen
    sign: int = 1

    def value(self, parts: Parts) -> Rounded:
        """Return the array that it yields."""
        term, rest = parts.split(self.term)
        whole, part = parts.product(self.whole), parts.product(self.part)
        made: Rounded = _KINDS[self.kind].made(whole, part, term, self.sign)
        return rest + made


class _OfProducts(Guess):
    """A guess that tells nothing of entries at which it divides 0 by 0."""

    def made(self, heard: Heard, name: str) -> Rounded | None:
        """Return what it yields, with what was returned where that is open."""
        made = self.make(heard.trial, name)
        is_open = np.isnan(made.value) if made is not None else np.zeros(1)
        if made is None or (is_open.mean() > _MOST_OPEN and not heard.trial.is_smallest):
            return None
        returned = np.asarray(heard.returned, dtype=float)
        value, error = np.where(
            is_open, [returned, np.zeros_like(returned)], [made.value, made.error]
        )
        return Rounded(value, error)


def of_products(heard: Heard, name: str) -> Iterator[Guess]:
    """Run over the guesses that agree with what was returned at a few entries."""
    if heard.trial.subject.kind != "backward":
        return
    parts = parts_of(heard.trial, name)
    for formula in _agreeing(heard, parts):
        called = _KINDS[formula.kind].name
        if formula.kind == "another" and formula.term is None and len(parts.terms) > 1:
            called = IN_ALL_TERMS.name
        yield _OfProducts(called, _SAID[called], partial(_made, formula))


def _made(formula: _Formula, trial: Trial, name: str) -> Rounded | None:
    parts = parts_of(trial, name)
    try:
        with np.errstate(all="ignore"):
            return formula.value(parts).shaped(shape_of(parts.wanted))
    except (IndexError, ValueError):
        return None


def _agreeing(heard: Heard, parts: Parts) -> Iterator[_Formula]:
    wholes, factors = parts.products, [c for c in parts.products if sum(map(abs, c[0])) <= _SMALL]
    entries = few_entries(int(parts.wanted.size))
    values = parts.at(entries)
    found = heard.returned.astype(float).ravel()[entries]
    numbers = [None, *range(len(parts.terms))] if len(parts.terms) > 1 else [None]
    for number, kind, sign in product(numbers, _KINDS, (1, -1)):
        term, rest = (r.value[entries] for r in parts.split(number))
        some = {"all": wholes, "small": factors, "one": wholes[:1]}
        first, second = some[_KINDS[kind].wholes], some[_KINDS[kind].parts]
        v, d = (np.array([values[c] for c in chosen]) for chosen in (first, second))
        few = _Few(kind, sign, term, found - rest, _LOOSE * unit(heard.returned.dtype))
        for j, k in _quietly(few.agreeing, v, d):
            yield _Formula(number, kind, first[j], second[k], sign)


def _quietly(found: Callable[..., list[tuple[int, int]]], *given: Array) -> list[tuple[int, int]]:
    with np.errstate(all="ignore"):
        return found(*given)


@dataclass(frozen=True, eq=False)
class _Few:
    """A few entries at which candidates are compared with what was returned.

    Attributes:
        kind: What was done.
        sign: The sign of one of the two.
        term: The term that is due.
        left: What stands in its place.
        loose: How far they may differ.
    """

    kind: str
    sign: int
    term: Array
    left: Array
    loose: float

    def agreeing(self, wholes: Array, parts: Array) -> list[tuple[int, int]]:
        """Return the pairs that agree: at the entry that differs most, then at all."""
        off = np.abs(self.left - self.term)
        e = int(np.argmax(np.where(np.isfinite(off) & (self.term != 0), off, -1.0)))
        first = self._near(wholes[:, None, [e]], parts[None, :, [e]], slice(e, e + 1))
        pairs = np.argwhere(first)
        if self.kind in _OF_TWO:
            pairs = pairs[pairs[:, 0] != pairs[:, 1]]
        kept = self._near(wholes[pairs[:, 0]], parts[pairs[:, 1]], slice(None))
        return [(int(j), int(k)) for j, k in pairs[kept][:_MOST_FOUND]]

    def _near(self, wholes: Array, parts: Array, at: slice) -> Array:
        term, left = self.term[at], self.left[at]
        made = _KINDS[self.kind].made(wholes, parts, term, self.sign)
        scale = np.abs(made) + np.abs(left) + np.abs(term)
        near = (np.abs(made - left) <= self.loose * scale) | np.isnan(made)
        return np.asarray(near.all(axis=-1))
