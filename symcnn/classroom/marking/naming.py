"""Which mistake yields a wrong figure: each of the catalogue is tried at the figures before it.

A mistake can be made in the quantity itself, or in a stage before it that was not written down,
unless other figures show that this was right.

Figures can conceal a mistake that changes nothing at them, though it would at the right figures: a
mask of another channel is the right one as long as all channels have their maxima in one place. If
they have them there only because of an earlier mistake, the figures cannot tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sympy import Expr, Symbol

from symcnn.classroom.marking.catalogue import Catalogue, Way
from symcnn.classroom.marking.follow import AsWritten, Carried, agrees, tells
from symcnn.classroom.marking.intervals.written import Written
from symcnn.classroom.marking.mistakes import Mistake
from symcnn.classroom.marking.precision import Precision
from symcnn.equations import Tensor
from symcnn.equations.formulas import is_copy

_STAGES = 8
"""The stages before a quantity in which a mistake is looked for: the nearest ones."""

Figures = Sequence[tuple[Symbol, Written]]
"""Figures of one quantity, with the symbols of their entries."""


@dataclass(frozen=True)
class Cause:
    """What yields a wrong figure.

    Attributes:
        mistake: The mistake.
        symbol: The entry in which it was made: that of the figure, or of a stage before it.
        formula: The formula that it follows for that entry.
    """

    mistake: Mistake
    symbol: Symbol
    formula: Expr


class Naming:
    """The mistakes that yield the figures of one sheet."""

    def __init__(
        self, catalogue: Catalogue, carried: Carried, as_written: AsWritten, precision: Precision
    ) -> None:
        """Take the catalogue, what follows from the figures, and how near these have to be."""
        self._catalogue, self._carried, self._as_written = catalogue, carried, as_written
        self._formulas, self._precision = catalogue.formulas, precision
        self._depending: dict[Tensor, list[Symbol]] = {}

    def causes(self, wrong: Figures, right: Figures = ()) -> list[tuple[Cause, ...]]:
        """Return for each wrong figure of a quantity what yields it.

        Who makes a mistake mostly makes it throughout: if some mistakes yield all figures of the
        quantity, only these are returned, or else those that yield all wrong ones, and of these
        the ones that are made in single entries, if there are any.
        """
        ways = [*self._ways(wrong)]
        likely = [way for way in ways if all(self._causes(way, wrong[:1]))]  # most fail at once
        whole = [one for one in self._found(likely, wrong) if all(one.causes)]
        throughout = [one for one in whole if self._yields(one.way, right)] if right else whole
        single = [one for one in whole if one.way.mistake.is_single]
        kept = throughout or single or whole or self._found(ways, wrong)
        return [_chosen([one.causes[n] for one in kept]) for n in range(len(wrong))]

    def _found(self, ways: Iterable[Way], wrong: Figures) -> list[_Found]:
        found = (_Found(way, self._causes(way, wrong)) for way in ways)
        named = (one for one in found if any(one.causes) and self._tells(one, wrong))
        return [one for one in named if not self._is_refuted(one.way, wrong)]

    def _is_refuted(self, way: Way, wrong: Figures) -> bool:
        """Tell whether a stage that was not written down was right, as other figures show.

        They follow if it is computed rightly, and would not if the mistake was made throughout.
        """
        if self._is_own(way, wrong) or way.mistake.is_single:
            return False
        other = self._at(way, wrong)
        for symbol in self._read_from(way.tensor):
            written, formula = self._carried.figures[symbol], self._formulas.formula(symbol)
            rightly = formula is not None and agrees(self._carried.due(formula), written)
            if rightly and not agrees(other.due(formula), written):
                return True
        return False

    def _read_from(self, tensor: Tensor) -> Sequence[Symbol]:
        """Return the entries with figures that depend on a stage that was not written down."""
        if not self._depending:
            for symbol in self._carried.figures:
                for stage in self._stages([(symbol, self._carried.figures[symbol])])[1:]:
                    self._depending.setdefault(stage, []).append(symbol)
        return self._depending.get(tensor, ())

    def _tells(self, found: _Found, wrong: Figures) -> bool:
        """Tell whether the agreement with some figure says something; that a 0 is 0 does not."""
        carried, own = self._at(found.way, wrong), self._is_own(found.way, wrong)
        agreeing = (pair for pair, cause in zip(wrong, found.causes, strict=True) if cause)
        followed = found.way.formula if own else self._formulas.formula
        pairs = ((followed(symbol), written) for symbol, written in agreeing)
        return any(
            tells(carried.due(formula), written)
            for formula, written in pairs
            if formula is not None and formula != 0
        )

    def _ways(self, wrong: Figures) -> Iterator[Way]:
        own, *before = self._stages(wrong)
        yield from self._catalogue.ways(own)
        for tensor in before:
            if not all(map(is_copy, self._formulas.equations(tensor))):  # nobody computes a copy
                yield from self._catalogue.ways(tensor)

    def _stages(self, wrong: Figures) -> list[Tensor]:
        """Return the quantity itself, and the stages before it that were not written down."""
        level, found = {symbol: None for symbol, _ in wrong}, dict[Tensor, None]()
        while level and len(found) < _STAGES:
            found |= dict.fromkeys(map(self._formulas.tensor, level))
            level = {read: None for symbol in level for read in self._unseen(symbol)}
        return [*found][:_STAGES]

    def _unseen(self, symbol: Symbol) -> Iterator[Symbol]:
        """Run over what a formula reads that is computed and was not written down."""
        formula = self._formulas.formula(symbol)
        for read in sorted(formula.free_symbols, key=str) if formula is not None else ():
            if read not in self._carried.figures and self._formulas.formula(read) is not None:
                yield read

    def _causes(self, way: Way, wrong: Figures) -> list[Cause | None]:
        carried = self._at(way, wrong)
        return [self._cause(way, carried, *figure) for figure in wrong]

    def _at(self, way: Way, figures: Figures) -> Carried:
        return self._made(self._carried, way, own=self._is_own(way, figures))

    def _made(self, carried: Carried, way: Way, *, own: bool) -> Carried:
        """Return what follows if a mistake was made; in the quantity itself nothing else does."""
        return carried if own else carried.otherwise(way.tensor, way.formula)

    def _is_yielded(self, way: Way, carried: Carried, formula: Expr, written: Written) -> bool:
        """Tell whether what follows agrees with a figure, at the digits that are asked for."""
        if not agrees(carried.due(formula), written):
            return False
        if self._precision.digits is None or not self._precision.is_short(written):
            return True
        exact = self._made(self._as_written, way, own=carried is self._carried)
        return self._precision.agrees(exact.due(formula), written)

    def _is_own(self, way: Way, figures: Figures) -> bool:
        return self._formulas.tensor(figures[0][0]) == way.tensor

    def _cause(self, way: Way, carried: Carried, symbol: Symbol, written: Written) -> Cause | None:
        own = self._formulas.tensor(symbol) == way.tensor
        formula = way.formula(symbol) if own else self._formulas.formula(symbol)
        if formula is None or (own and formula == self._formulas.formula(symbol)):
            return None
        if not self._is_yielded(way, carried, formula, written):
            return None
        if own:
            return Cause(way.mistake, symbol, self._formulas.shown(formula))
        return self._made_before(way, symbol)

    def _made_before(self, way: Way, symbol: Symbol) -> Cause | None:
        """Return the first entry of an earlier stage that the mistake changes."""
        level = [symbol]
        for _ in range(_STAGES):
            level = [read for one in level for read in self._unseen(one)]
            for read in level:
                if self._formulas.tensor(read) == way.tensor:
                    other = way.formula(read)
                    if other is not None and other != self._formulas.formula(read):
                        return Cause(way.mistake, read, self._formulas.shown(other))
        return None

    def _yields(self, way: Way, figures: Figures) -> bool:
        """Tell whether a mistake yields all of these figures, as it need not change each."""
        carried, own = self._at(way, figures), self._is_own(way, figures)
        for symbol, written in figures:
            formula = way.formula(symbol) if own else self._formulas.formula(symbol)
            if formula is None or not agrees(carried.due(formula), written):
                return False
        return True


@dataclass(frozen=True)
class _Found:
    way: Way
    causes: list[Cause | None]


def _chosen(causes: Sequence[Cause | None]) -> tuple[Cause, ...]:
    """Return one cause for each mistake; what is a last resort only if there is nothing else."""
    by_name = dict[str, Cause]()
    for cause in causes:
        if cause is not None:
            by_name.setdefault(cause.mistake.name, cause)
    found = tuple(by_name.values())
    return tuple(cause for cause in found if not cause.mistake.is_last_resort) or found


@dataclass(frozen=True)
class Concealed:
    """A mistake that may have been made in a quantity."""

    quantity: str
    mistake: Mistake


class Concealing:
    """What the figures of one sheet conceal."""

    def __init__(self, catalogue: Catalogue, carried: Carried) -> None:
        """Take the catalogue, and what follows from the figures."""
        self._catalogue, self._carried = catalogue, carried
        self._right = catalogue.right

    def mistakes(self, entries: Iterable[Symbol]) -> Iterator[Mistake]:
        """Run over the mistakes that the figures before some entries of a quantity conceal."""
        symbols, found = [*entries], set[str]()
        for way in self._catalogue.ways(self._catalogue.formulas.tensor(symbols[0])):
            mistake = way.mistake
            if mistake.is_last_resort or mistake.name in found:
                continue
            if self._is_concealed(way, symbols):
                found.add(mistake.name)
                yield mistake

    def _is_concealed(self, way: Way, symbols: Iterable[Symbol]) -> bool:
        """Tell whether a mistake changes nothing at the figures, but would at the right ones."""
        matters = False
        for symbol in symbols:
            right, other = self._catalogue.formulas.formula(symbol), way.formula(symbol)
            if right is None or other is None:
                return False
            if other != right:
                if not _alike(self._carried, right, other):
                    return False
                matters = matters or not _alike(self._right, right, other)
        return matters


def _alike(carried: Carried, one: Expr, other: Expr) -> bool:
    first, second = carried.due(one), carried.due(other)
    if first is None or second is None:
        return first is second
    return bool(first.a == second.a and first.b == second.b)
