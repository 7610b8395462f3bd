"""What quotients and divisors mean in a formula of the backward pass: a window, a group, a parity.

Where windows do not overlap, a rounded quotient is the window of an entry; where a stride leaves
entries out, a bracket says which numbers must be divisible.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from sympy import Eq, Expr, Integer, Mod, Symbol, floor
from sympy import Sum as SymbolicSum

from symcnn.document.blocks import Inline, Text
from symcnn.document.context import Context
from symcnn.document.facts.derivative import Contribution, Derivative
from symcnn.document.words.table import filled
from symcnn.document.words.words import listed
from symcnn.equations import accesses
from symcnn.equations.functions import Iverson
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import joined, parenthesized, row
from symcnn.writing.printing.names import named
from symcnn.writing.printing.subscripts import position

_FLOORED = (
    "The windows do not overlap, so the sum over windows has {one} term: that of the window at "
    "{position}."
)
_FLOORED_ALONG = (
    "Along {letter} the windows do not overlap: of those positions, only {position} contributes."
)
_GROUPED = "{what} {letter} belongs to {group} {quotient} alone."
_DIVISIBLE = {
    False: r"In the bracket {bracket}, $m \mid n$ says that $m$ divides $n$. Where the bracket is "
    "0, {nothing} the entry in this way, and the term is omitted.",
    True: "Where the bracket {bracket} is 0, {nothing} the entry in this way, and the term is "
    "omitted.",
}
"""What is said of divisors, by whether it was said before what the sign means."""
_PARITY = (
    "The bracket{brackets} 1 for {when} alone. {elsewhere} {nothing} the entry, and its error "
    "signal is 0."
)


def divisible(
    context: Context,
    derivative: Derivative,
    formula: Expr,
    brackets: Sequence[Expr],
    nothing: str,
    *,
    is_known: bool,
) -> Text:
    """Say what brackets about divisors mean: of letters and 2, by even and odd.

    Args:
        context: The derivation.
        derivative: The derivative.
        formula: Its general form.
        brackets: Those in it that are about divisors.
        nothing: What does not read an entry, or reach it.
        is_known: Whether the sign of divisors was explained.
    """
    base = context.style.index_base
    printed = [Inline(context.printed(bracket)) for bracket in brackets]
    parities = [_parity(bracket, base) for bracket in brackets]
    bound = {limit.args[0] for total in formula.atoms(SymbolicSum) for limit in total.limits}
    found = [pair for pair in parities if pair is not None and pair[0] not in bound]
    is_whole = len(derivative.steps) == 1 and not formula.is_Add
    if len(found) < len(brackets) or not is_whole or len(dict(found)) < len(found):
        return filled(_DIVISIBLE[is_known], bracket=printed[0], nothing=nothing)
    when = list[str | Inline]()
    for symbol, even in found:
        when += [" and " if when else "", f"{even} ", Inline(named(symbol.name))]
    (letter, parity), *others = found
    other = {"even": "odd", "odd": "even"}[parity]
    several = " are both" if len(others) == 1 else " are all"
    return filled(
        _PARITY,
        brackets=("s ", *listed(printed), several) if others else (" ", *printed, " is"),
        when=tuple(when),
        elsewhere="Elsewhere" if others else (f"For {other} ", Inline(named(letter.name))),
        nothing=nothing,
    )


def _parity(bracket: Expr, base: int) -> tuple[Symbol, str] | None:
    """Return for which of even and odd values of a single letter a bracket is 1."""
    (condition, *more) = bracket.args
    letters = condition.free_symbols
    if more or len(letters) != 1 or not isinstance(condition, Eq) or condition.rhs != 0:
        return None
    remainder = condition.lhs
    if not isinstance(remainder, Mod) or remainder.args[1] != 2:
        return None
    (letter,) = letters
    even, odd = (remainder.args[0].xreplace({letter: Integer(base + n)}) % 2 for n in (0, 1))
    return None if even == odd else (letter, "even" if even == 0 else "odd")


def floored(
    context: Context, derivative: Derivative, formula: Expr
) -> Iterator[tuple[Hashable, Text]]:
    """Say what is meant by quotients that are rounded down: which window, group or head."""
    own, base = derivative.letters, context.style.index_base
    read = [index for read in accesses(formula) for index in read.indices]
    every = sorted({quotient for index in read for quotient in index.atoms(floor)}, key=str)
    free = context.derivation.indices(derivative.tensor.name)
    for one in derivative.contributions:
        pairs = [*zip(free, one.step.equation.target.indices, strict=True)]
        windows = [letter for letter, index in pairs if own.is_window(index)]
        of = {letter: q for letter in free for q in every if letter in q.free_symbols}
        whole = [position(of[letter], base) for letter in windows if letter in of]
        if whole and len(whole) == len(windows):
            at = parenthesized(joined(whole, ",")) if len(whole) > 1 else whole[0]
            one_term = "at most one" if formula.atoms(Iverson) else "a single"
            yield "floored", filled(_FLOORED, one=one_term, position=Inline(row(at)))
        elif whole:
            letter = next(letter for letter in windows if letter in of)
            gaps = {"letter": Inline(named(letter.name)), "position": Inline(whole[0])}
            yield "floored along", filled(_FLOORED_ALONG, **gaps)
        channel, index = pairs[-1]
        if channel in of and own.is_row_major(index):
            yield from _grouped(one, channel, position(of[channel], base))


def _grouped(
    one: Contribution, channel: Symbol, quotient: Formula
) -> Iterator[tuple[Hashable, Text]]:
    """Say to which group of channels, or to which head, one belongs."""
    what, group = ("Feature", "head") if one.heads > 1 else ("Channel", "group")
    gaps = {"letter": Inline(named(channel.name)), "quotient": Inline(quotient)}
    yield ("grouped", group), filled(_GROUPED, what=what, group=group, **gaps)
