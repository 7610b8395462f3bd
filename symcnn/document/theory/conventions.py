"""What the formulas of several statements take for granted, said once before them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby

from sympy import Eq, Expr, Ne, Symbol, ceiling, floor, oo
from sympy import Sum as SymbolicSum

from symcnn.document.blocks import Inline, Text
from symcnn.document.story.brackets import BRACKET, is_about_divisors
from symcnn.document.story.symbols import logarithms
from symcnn.document.theory.domain import Domain, domains
from symcnn.document.theory.statement import Printed, is_made, shape_told
from symcnn.document.words.table import filled
from symcnn.document.words.words import listed
from symcnn.equations import accesses, is_position, units
from symcnn.equations.functions import Iverson
from symcnn.equations.sizes import Length, is_at_least, is_made_of_sizes
from symcnn.writing.printing.names import named

_LOSS = (
    "$L$ is a real number that depends on the inputs and the parameters through the output alone."
)
_ROUNDED = {
    floor: r"$\lfloor q \rfloor$ is the greatest integer not exceeding $q$",
    ceiling: r"$\lceil q \rceil$ is the least integer not less than $q$",
}
"""What is said of a rounding."""

_ZERO = (
    "A product with a factor 0, or a quotient with the dividend 0, is 0, even where another factor "
    "or the divisor is not defined."
)


def _holds(statements: Sequence[Printed]) -> str:
    """Say for which sizes statements hold: those for which lengths that follow are positive."""
    tensors = [tensor for p in statements for tensor in p.made.tensors]
    follows = any(isinstance(n, Length) for tensor in tensors for n in tensor.shape)
    where = " for which the lengths of all axes are at least 1" if follows else ""
    return f"A statement holds for all sizes{where}."


def _may_vanish(p: Printed) -> bool:
    """Tell whether an entry may be 0 whose logarithm it is multiplied by."""
    ranges = (one for one in domains(p.made) if isinstance(one, Domain))
    return any({one.above, one.below} - one.never - {-oo, oo} for one in ranges)


def _leaves_out(p: Printed) -> bool:
    """Tell whether a tensor has an axis of length 1, whose index is not written."""
    shapes = map(shape_told, p.made.tensors)
    return any(1 in shape and len(shape) > 1 for shape in shapes)


def _range(signs: AbstractSet[bool | None]) -> str:
    """Say which numbers a letter stands for, which several statements may have."""
    return "any positive real number" if signs == {True} else "any real number"


def sometimes_positive(statements: Sequence[Printed]) -> set[str]:
    """Return the letters that stand for positive numbers in some of several statements alone."""
    letters = {s for p in statements for s in p.made.network.real_letters}
    positive, others = (
        {str(s) for s in letters if bool(s.is_positive) == is_so} for is_so in (True, False)
    )
    return positive & others


def _reals(letters: Collection[Symbol]) -> Iterator[Text]:
    """Say which real numbers letters stand for, of those for which it is the same at once."""
    found = dict[str, list[Inline]]()
    for name, same in groupby(sorted(letters, key=str), key=str):
        found.setdefault(_range({s.is_positive for s in same}), []).append(Inline(named(name)))
    for numbers, names in found.items():
        yield ("; ", *listed(names), f" stand{'s' * (len(names) == 1)} for {numbers}")


def conventions(
    statements: Sequence[Printed], base: int, *, by_example: bool = False
) -> Iterator[Text]:
    """Say once what the formulas of several statements take for granted.

    Args:
        statements: The statements.
        base: What the first index is.
        by_example: Whether error signals are explained by one of them, whose letter an author may
            replace, and not by their letter.
    """
    sizes = {s for p in statements for s in p.made.network.sizes}
    generals = [f.general for p in statements for f in p.made.formulas]
    formulas = [general.right for general in generals]
    real = {s for p in statements for s in p.made.network.real_letters}
    may_be_0 = sorted((s for s in sizes if not s.is_positive), key=str)
    names = [Inline(named(s.name)) for s in may_be_0]
    zero: Text = ("; ", *listed(names), " may also be 0") if names else ()
    letters = (part for said in (zero, *_reals(real)) for part in said)
    yield (
        "Unless a statement says otherwise, capital letters stand for sizes, which are positive "
        "integers",
        *letters,
        ".",
    )
    if any(p.made.output.role != "loss" for p in statements):
        yield filled(_LOSS, statements[0].letters)
    yield (_holds(statements),)
    ranged = any(is_made(general.left.indices) for general in generals)
    unless = " unless their ranges are given" if ranged else ""
    also = " and in assumptions" if any(domains(p.made) or kinks(p) for p in statements) else ""
    free = f"those on the left-hand side{also} run over whole axes{unless}"
    yield (f"Indices count from {base}; {free}.",)
    if any(map(_leaves_out, statements)):
        yield ("The index of an axis whose length is the number 1 is omitted.",)
    signals = (p.signal(f) for p in statements for f in p.made.backward)
    if (example := next(filter(None, signals), None)) and by_example:
        yield (
            "The error signals of intermediate results are their derivatives, such as ",
            example,
            ".",
        )
    elif example:
        yield filled(
            r"$\delta$ with the letter of a tensor as a superscript is the derivative of $L$ with "
            "respect to that tensor, its error signal.",
            statements[0].letters,
        )
    if any(map(_may_be_empty, (total for f in formulas for total in f.atoms(SymbolicSum)))):
        yield ("A sum whose lower limit exceeds its upper limit is 0.",)
    has_brackets = any(general.written.has(Iverson) for general in generals)
    if has_brackets:
        yield filled(BRACKET)
    if has_brackets or any(map(_may_vanish, statements)):
        yield (_ZERO,)
    if any(is_about_divisors(b) for f in formulas for b in f.atoms(Iverson)):
        yield filled(r"$m \mid n$ means that $m$ divides $n$.")
    lengths = [n for p in statements for n in p.made.network.relations if isinstance(n, Length)]
    rounded = (*formulas, *(length.definition for length in lengths))
    roundings = [said for kind, said in _ROUNDED.items() if any(f.has(kind) for f in rounded)]
    if roundings:
        yield filled(f"{', and '.join(roundings)}.")
    yield logarithms(e for p in statements for e in p.made.network.equations)


def _may_be_empty(total: SymbolicSum) -> bool:
    """Tell whether a sum may have no terms: one from 0 to C - 1 has."""
    ends = [(low, high) for _, low, high in total.limits]
    return not all(is_made_of_sizes(b - a) and is_at_least(b - a, 0) for a, b in ends)


def has_kink(bracket: Expr) -> bool:
    """Tell whether a bracket compares entries, and not positions or a label with a position."""
    places = [*map(is_position, accesses(bracket))]
    return not all(places) and not (any(places) and bracket.has(Eq, Ne))


def kinks(p: Printed) -> list[Inline]:
    """Say where no two cases meet of a function that is differentiated: at x != 0 of a ReLU."""
    found = set[Expr]()
    for step in p.made.derivation.steps:
        for bracket in filter(has_kink, step.local.atoms(Iverson)):
            if step.access.base in {read.base for read in accesses(bracket)}:
                apart = (Ne(one.lhs, one.rhs) for one in bracket.args)
                found |= {one.xreplace(units(step.source.loops)) for one in apart}
    return [p.formula(one) for one in sorted(found, key=str)]
