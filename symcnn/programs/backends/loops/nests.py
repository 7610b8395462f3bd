"""Loops one inside the other, with guards as far out as they can stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from symcnn.equations import Equation, Guard, Loop, affine
from symcnn.programs.backends.loops.texts import Texts

INDENT = "  "


def nest(
    texts: Texts,
    equation: Equation,
    loops: Sequence[Loop],
    body: Iterable[str],
    outer: int = 0,
    row: Loop | None = None,
) -> Iterator[str]:
    """Write loops one inside the other around some lines.

    Args:
        texts: What is called how.
        equation: The equation whose guards leave assignments out.
        loops: All loops that are open at the lines, the outer ones first.
        body: The lines.
        outer: How many of these loops are open already, with their guards.
        row: The loop that runs over a row, if one does.
    """
    depth = len(loops) - outer
    for number in range(outer, len(loops)):
        margin, loop = INDENT * (number - outer), loops[number]
        name = texts.loop(loop.symbol)
        spelled = texts.language.row if loop == row else texts.language.loop
        yield f"{margin}{spelled.format(name=name, size=loop.size)}"
        for guard in _decided(equation.guards, loops, number):
            yield f"{margin}{INDENT}{_skipped(texts, guard, equation)}"
    yield from (INDENT * depth + line for line in body)
    yield from (INDENT * number + "}" for number in reversed(range(depth)))


def never(equation: Equation) -> bool:
    """Tell whether guards without a loop in them leave out every assignment."""
    plain = (guard for guard in equation.guards if guard.expression.is_Integer)
    return any(not 0 <= guard.expression < guard.size for guard in plain)


def _decided(guards: Iterable[Guard], loops: Sequence[Loop], number: int) -> Iterator[Guard]:
    """Run over the guards that depend on a loop and on no inner one."""
    known = [loop.symbol for loop in loops[: number + 1]]
    for guard in guards:
        own = guard.expression.free_symbols
        if own <= {*known} and loops[number].symbol in own:
            yield guard


def _skipped(texts: Texts, guard: Guard, equation: Equation) -> str:
    """Write that an assignment outside of the range of a guard is left out."""
    form = affine(guard.expression)
    low, high = form.bounds(equation.sizes) or (-1, guard.size)
    text = texts.form(form)
    tests = [f"{text} < 0"] * (low < 0) + [f"{text} >= {guard.size}"] * (high >= guard.size)
    return f"if ({' || '.join(tests)}) continue;"
