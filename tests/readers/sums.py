r"""Reads sums and maxima: over limits that stand at the sign, or over ranges stated elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from tests.readers.intervals import extremal, plus
from tests.readers.scanner import UnreadableError
from tests.readers.scope import Env, Formula, Run, Terms, assignments, at_commas, constant

if TYPE_CHECKING:
    from tests.readers.formulas import Reader


def arguments(reader: Reader) -> Iterator[Formula]:
    """Read the arguments of a maximum, and keep those that are entries."""
    while True:
        reader.found = None
        formula = reader.sum()
        reader.chosen.append((formula, reader.found))
        yield formula
        if not reader.take(",|;"):
            return


def over_window(reader: Reader, text: str) -> Formula:
    loops = [re.split(r"\s*\\le\s+", part) for part in at_commas(text)]
    names = [loop[1] if len(loop) == 3 else loop[0] for loop in loops]
    if all(len(loop) == 3 for loop in loops):
        limits = [(n, reader.inner(low), reader.inner(high)) for low, n, high in loops]
        run = partial(assignments, limits)
    else:
        run = stated(reader, names, reader.scope.ranges)
    terms = bound(reader, names)
    reader.window = names, run, terms
    return lambda env: extremal(max, [v for inside in run(env) for v in terms(inside)])


def summation(reader: Reader, _: str) -> Formula:
    name, limited, low = reader.group().partition("=")
    if limited:
        reader.expect(r"\^")
        names = [name.strip()]
        limits = [(*names, reader.inner(low), reader.inner(reader.group()))]
        run = partial(assignments, limits)
    else:
        names = at_commas(name)
        run = stated(reader, names, reader.scope.ranges)
    terms = bound(reader, names)
    return lambda env: plus(*(v for inside in run(env) for v in terms(inside)))


def stated(reader: Reader, names: Sequence[str], ranges: Mapping[str, Sequence[int]]) -> Run:
    """Let indices run over their stated ranges."""

    def run(env: Env) -> Iterator[Env]:
        if unranged := [name for name in names if name not in ranges]:
            raise UnreadableError(f"{unranged[0]} has no range in {reader.text!r}")
        loops = [(n, constant(ranges[n][0]), constant(ranges[n][-1])) for n in names]
        return assignments(loops, env)

    return run


def bound(reader: Reader, names: Sequence[str]) -> Terms:
    """Read what indices are bound in: after it they are no longer known."""
    free, indices = set(reader.free), dict(reader.indices)
    terms = reader.kept(reader.product())
    reader.free = free | (reader.free - {*names})
    for name in names:
        reader.indices.pop(name, None)
        reader.indices |= {name: indices[name]} if name in indices else {}
    return terms
