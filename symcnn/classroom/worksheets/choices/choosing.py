"""Wrong options: what mistakes make of an entry, and which are taken.

Of the catalogue one mistake is made, all stages before it right. An option is wrong where its
formula gives another number than the right one at the numbers of the sheet; two formulas that
differ there are not equal, however they are written. Numbers that are near to each other are the
same to a student who rounds, and are left out.

Mistakes that multiply the right result by a number, such as a wrong sign, are made of any other
option, too: of four options, the right one, two mistakes and both together, none has more in common
with the others than the rest have.

Those are taken among which the right one does not stand out by its form. Options differ in what can
be seen without computing anything: how large a number is, how long a formula is, and how much each
has in common with the others. Somebody who knows nothing could always choose the number in the
middle, the shortest formula, or the option most like all others. What each such habit would have
earned on the questions before, beyond what chance gives, is kept, and the options are chosen that
leave the habits together nearest to chance.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from random import Random

from sympy import Add, Expr, Rational, Symbol

from symcnn.classroom.marking.catalogue import Catalogue, as_product
from symcnn.classroom.marking.mistakes import Mistake
from symcnn.classroom.marking.pages.worked import Numbers
from symcnn.classroom.worksheets.choices.question import Kind
from symcnn.equations import Tensor
from symcnn.errors import SymcnnError
from symcnn.reference.enclosures import to_decimal

_NEAR = 0.02
"""Numbers whose difference is a smaller share of the larger one are not told apart."""

_FAR = 30
"""A number that is so many times larger or smaller than the right one is excluded at sight."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """What may become an option.

    Attributes:
        formula: A formula in entries of the stages before.
        value: Its value at the numbers of the sheet, exact or to 30 digits.
        is_exact: Whether the value is exact.
        mistakes: The mistakes that it follows; none for the right one.
        is_plain: Whether its mistakes are of no quantity in particular: a sign, a factor, or one
            quantity taken for another.
    """

    formula: Expr
    value: Fraction
    is_exact: bool
    mistakes: tuple[Mistake, ...] = ()
    is_plain: bool = False

    @cached_property
    def size(self) -> float:
        """Its value, to be compared with others."""
        return float(self.value)


class Candidates:
    """The right and the wrong ways to compute the entries of a problem."""

    def __init__(self, catalogue: Catalogue, numbers: Numbers) -> None:
        """Take the catalogue, and the numbers of the sheet."""
        self._catalogue, self._numbers = catalogue, numbers

    def right(self, symbol: Symbol) -> Candidate | None:
        """Return the right way; None for what is given."""
        formula = self._catalogue.formulas.formula(symbol)
        return None if formula is None else self._candidate(as_product(formula))

    def wrong(self, tensor: Tensor, symbol: Symbol, right: Candidate) -> list[Candidate]:
        """Return the wrong ways, one for each mistake and no two alike; then pairs of mistakes."""
        found = dict[str, Candidate]()
        for way in self._catalogue.ways(tensor):
            formula = way.formula(symbol)
            if formula is None or way.mistake.name in found:
                continue
            is_plain = way.mistake.is_last_resort or _factor(formula, right) is not None
            one = self._candidate(formula, (way.mistake,), is_plain)
            if one is not None and are_distinct(right, one) and one.formula != right.formula:
                found[way.mistake.name] = one
        return [*found.values()]

    def both(self, one: Candidate, other: Candidate, right: Candidate) -> Candidate | None:
        """Return what follows if two mistakes are made, one of which is a factor."""
        for scaled, factor in (
            (one, _factor(other.formula, right)),
            (other, _factor(one.formula, right)),
        ):
            if factor is not None and {*one.mistakes}.isdisjoint(other.mistakes):
                made = Add(*(factor * term for term in Add.make_args(scaled.formula)))
                return Candidate(
                    made,
                    Fraction(int(factor.p), int(factor.q)) * scaled.value,
                    scaled.is_exact,
                    (*one.mistakes, *other.mistakes),
                    is_plain=True,
                )
        return None

    def _candidate(
        self, formula: Expr, mistakes: tuple[Mistake, ...] = (), is_plain: bool = False
    ) -> Candidate | None:
        try:
            value = self._numbers.after(formula)
            exact = bool(value.is_Rational)
            number = Fraction(int(value.p), int(value.q)) if exact else Fraction(to_decimal(value))
        except (SymcnnError, ArithmeticError, ValueError):
            return None
        return Candidate(formula, number, exact, mistakes, is_plain)


def are_distinct(one: Candidate, other: Candidate) -> bool:
    """Tell whether a student who rounds on the way tells two numbers apart."""
    return abs(one.size - other.size) > _NEAR * max(abs(one.size), abs(other.size))


def is_likely(right: Candidate, other: Candidate) -> bool:
    """Tell whether a number is of the order of the right one; it is not 0 where that is not."""
    return abs(right.size) < _FAR * abs(other.size) and abs(other.size) < _FAR * abs(right.size)


def _factor(formula: Expr, right: Candidate) -> Rational | None:
    """Return the number by which a mistake multiplies the right formula; None if it does not."""
    one, other = formula.as_coefficients_dict(), right.formula.as_coefficients_dict()
    if not other or one.keys() != other.keys():
        return None
    ratios = {one[term] / other[term] for term in other}
    ratio = ratios.pop()
    return ratio if not ratios and isinstance(ratio, Rational) else None


def distinct(options: Sequence[Candidate]) -> bool:
    """Tell whether no two of some options can be taken for each other."""
    return all(are_distinct(a, b) and a.formula != b.formula for a, b in combinations(options, 2))


WRONG = 3
"""The wrong options of a question, where there are so many."""

FEWEST = 2
"""The fewest wrong options of a question."""

_MOST = 12
"""The mistakes of which options are chosen: those that are of the quantity itself come first."""

_PLAIN = 0.12
"""What an option costs that says little of the quantity: a sign, a factor, two mistakes at once."""

Printed = Callable[[Candidate], str]
"""How an option is written, on one line."""


class Choosing:
    """Chooses the options of one question after the other."""

    def __init__(self, candidates: Candidates, random: Random) -> None:
        """Take what makes options, and what draws where several sets are as good."""
        self._candidates, self._random = candidates, random
        self._earned = defaultdict[tuple[Kind, str], float](float)

    def __call__(
        self, right: Candidate, wrong: Sequence[Candidate], kind: Kind, printed: Printed
    ) -> list[Candidate] | None:
        """Return the wrong options of a question; None where there are too few."""
        listed = sorted(wrong, key=lambda one: one.is_plain)[:_MOST]
        seen = _Seen(kind, printed)
        for number in range(WRONG, FEWEST - 1, -1):
            sets = [*_sets(self._candidates, right, listed, number)]
            sets = [options for options in sets if _are_apart(right, options, kind)]
            if sets:
                self._random.shuffle(sets)
                costs = [self._cost(seen.habits([right, *s]), s, kind) for s in sets]
                return list(sets[costs.index(min(costs))])
        return None

    def keep(
        self, right: Candidate, options: Sequence[Candidate], kind: Kind, printed: Printed
    ) -> None:
        """Keep what each habit earns with a question that is asked."""
        for habit, gain in _Seen(kind, printed).habits([right, *options]).items():
            self._earned[kind, habit] += gain

    def _cost(self, gains: Mapping[str, float], options: Sequence[Candidate], kind: Kind) -> float:
        earned = sum((self._earned[kind, habit] + gain) ** 2 for habit, gain in gains.items())
        return earned + _PLAIN * sum(one.is_plain for one in options)


def _sets(
    candidates: Candidates, right: Candidate, wrong: Sequence[Candidate], number: int
) -> Iterator[tuple[Candidate, ...]]:
    """Run over sets of options: single mistakes, or two and both together."""
    yield from combinations(wrong, number)
    if number == WRONG:
        for one, other in combinations(wrong, 2):
            both = candidates.both(one, other, right)
            if both is not None:
                yield one, other, both


def _are_apart(right: Candidate, options: Sequence[Candidate], kind: Kind) -> bool:
    """Tell whether options are apart from the right one, and as what they are from each other."""
    if kind == "figure":
        return all(is_likely(right, one) for one in options) and distinct([right, *options])
    formulas = {one.formula for one in options}
    return len(formulas) == len(options) and all(distinct([right, one]) for one in options)


class _Seen:
    """What is seen of options at a glance."""

    def __init__(self, kind: Kind, printed: Printed) -> None:
        self._kind, self._printed = kind, printed
        self._letters = dict[Candidate, Counter[str]]()
        self._shared = dict[tuple[Candidate, Candidate], float]()

    def habits(self, options: Sequence[Candidate]) -> dict[str, float]:
        """Return what each habit earns, beyond chance, where the first option is right."""
        alike = [sum(self._alike(one, other) for other in options) for one in options]
        found = {"most alike": _gain(alike, -1), "least alike": _gain(alike, 0)}
        sizes = [self._size(one) for one in options]
        found |= {f"size {n}": _gain(sizes, n) for n in range(len(options))}
        if self._kind == "figure":
            amounts = [abs(size) for size in sizes]
            found |= {f"amount {n}": _gain(amounts, n) for n in (0, -1)}
        else:
            begins = [self._printed(one).startswith(("-", "(")) for one in options]
            found["plain beginning"] = _gain([*map(float, begins)], 0)
        return found

    def _size(self, one: Candidate) -> float:
        return one.size if self._kind == "figure" else self._of(one).total()

    def _of(self, one: Candidate) -> Counter[str]:
        if one not in self._letters:
            self._letters[one] = Counter(self._printed(one))
        return self._letters[one]

    def _alike(self, one: Candidate, other: Candidate) -> float:
        if (one, other) not in self._shared:
            shared = likeness(self._of(one), self._of(other))
            self._shared[one, other] = self._shared[other, one] = shared
        return self._shared[one, other]


def _gain(values: Sequence[float], place: int) -> float:
    """Return what choosing the value at a place in order earns: the first is right."""
    taken = sorted(values)[place]
    share = 1 / values.count(taken) if values[0] == taken else 0.0
    return share - 1 / len(values)


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """Return the share of their letters that two texts have in common."""
    return (one & other).total() / max((one | other).total(), 1)
