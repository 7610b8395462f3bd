"""Common subexpressions: a function value that occurs twice is named; what is unused left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from sympy import Expr, Function, Piecewise, Symbol

from symcnn.programs.backends.straight.functions import Argmax, Select

Assignment = tuple[Symbol, Expr]
"""symbol = expression."""


def with_shared_subexpressions(parts: Sequence[Sequence[Assignment]]) -> list[list[Assignment]]:
    """Name every function value that occurs more than once, before its first use."""
    every = (f for part in parts for _, value in part for f in _functions(value))
    repeated = {function for function, count in Counter(every).items() if count > 1}
    known: dict[Expr, Expr] = {}
    return [list(_with_named(part, repeated, known)) for part in parts]


def _with_named(
    part: Iterable[Assignment], repeated: set[Expr], known: dict[Expr, Expr]
) -> Iterator[Assignment]:
    """Return assignments with those of repeated function values before their first use."""
    for symbol, value in part:
        for function in _functions(value):
            if function in repeated and function not in known and function != value:
                name = Symbol(f"{function.func.__name__}_{len(known) + 1}", real=True)
                yield name, function.xreplace(known)
                known[function] = name
        yield symbol, value.xreplace(known)
        if value in repeated:
            known.setdefault(value, symbol)


def _functions(value: Expr) -> Iterator[Expr]:
    """Return the function values inside an expression, inner ones first.

    Those inside cases remain there, because they may be undefined where the case does not apply.
    """
    for part in () if isinstance(value, Piecewise) else value.args:
        yield from _functions(part)
    if isinstance(value, Function) and not isinstance(value, Piecewise | Select | Argmax):
        yield value


def live(parts: Sequence[Sequence[Assignment]], wanted: Iterable[Symbol]) -> list[list[Assignment]]:
    """Return the assignments without which no wanted entry can be computed."""
    needed, kept = set(wanted), list[list[Assignment]]()
    for part in reversed(parts):
        kept.append([])
        for symbol, value in reversed(part):
            if symbol in needed:
                kept[-1].append((symbol, value))
                needed |= value.free_symbols
        kept[-1].reverse()
    return kept[::-1]
