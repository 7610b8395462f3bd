"""Variants: problems with friendly numbers, which differ in numbers and not in difficulty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import NamedTuple

from symcnn import limits
from symcnn.classroom.marking.asked import UPDATED
from symcnn.classroom.marking.formulas import Formulas
from symcnn.classroom.worksheets.demands import MEANT, Demands
from symcnn.classroom.worksheets.filling import Drawn, Filling, filling
from symcnn.classroom.worksheets.folder import Callback
from symcnn.classroom.worksheets.levels import check_named, known_at, worth_at
from symcnn.classroom.worksheets.search import Found, Search
from symcnn.classroom.worksheets.state import Layout
from symcnn.classroom.worksheets.wrong import Named, Pair, Wrong, tensor_of
from symcnn.derivation.statement import GRADIENT
from symcnn.document.outline import Level
from symcnn.equations import Tensor
from symcnn.errors import SymcnnError, TooLargeError
from symcnn.network.network import Network
from symcnn.problems import Problem
from symcnn.problems.load import Unfilled

_PLACES = (1, 2)
"""The decimal places of given numbers: two where there are no numbers with one."""

_PROBES = 12
"""How many draws show which mistakes can be distinguished at all."""


@dataclass(frozen=True)
class Filled:
    """A network, filled with numbers several times.

    Attributes:
        problems: The problems, in order.
        alike: The mistakes that give the same figures in one of them: a quantity and two names,
            of which an empty one stands for the right way.
    """

    problems: tuple[Problem, ...]
    alike: frozenset[Named]


class Request(NamedTuple):
    """What is wanted.

    Attributes:
        level: What the sheets ask for.
        variants: The number of variants.
        seed: What the numbers follow from.
        digits: The significant digits to which students round.
        named: Quantities that have to be on the sheets.
    """

    level: Level
    variants: int
    seed: int
    digits: int
    named: tuple[str, ...] = ()


def filled(unfilled: Unfilled, request: Request, callback: Callback | None = None) -> Filled:
    """Fill a network with friendly numbers.

    Raises:
        TooLargeError: If more figures are asked for than fit on a sheet.
        SymcnnError: If no such numbers are found.
    """
    missed: dict[str, int] = {}
    for places in _PLACES:
        numbers = filling(unfilled.network, unfilled.kept, places)
        blank = Problem(unfilled.network, numbers.draw(Random(0)), **unfilled.heading)
        check_named(blank, request.level, request.named)
        quantities = known_at(blank, request.level)
        blank = replace(blank, worth=worth_at(blank, request.level))
        _check_figures(blank, quantities)
        layout = Layout(Formulas(blank))
        search = _Variants(blank, layout, numbers, quantities, request.digits)
        found = list[Found]()
        for one in search.run(request.variants, request.seed):
            found.append(one)
            if callback is not None:
                callback(len(found), request.variants)
        if not found[-1].cost:
            problems = tuple(_problem(blank, f.drawn, n) for n, f in enumerate(found, start=1))
            return Filled(problems, search.alike)
        missed = found[-1].missed
    raise SymcnnError(_not_found(missed))


def _not_found(missed: dict[str, int]) -> str:
    worst = next(name for name in MEANT if missed.get(name))
    return (
        f"no numbers were found that give {MEANT[worst]}: use another seed, a network with more "
        "filters or classes, or a lower level"
    )


def _problem(blank: Problem, drawn: Drawn, number: int) -> Problem:
    """Return a variant, whose network is not derived again."""
    titled = replace(blank, title=f"{blank.title}, variant {number}")
    titled.__dict__["derivation"] = blank.derivation  # a cached property, of the same network
    return titled.with_values(dict(drawn))


@dataclass
class _Variants:
    """The search for variants among numbers with some decimal places."""

    blank: Problem
    layout: Layout
    filling: Filling
    quantities: Sequence[str]
    digits: int
    excused: frozenset[Named] = frozenset()
    alike: frozenset[Named] = frozenset()
    wrong: Wrong = field(init=False)

    def __post_init__(self) -> None:
        """Lay the mistakes out."""
        self.wrong = Wrong(self.layout, self.quantities)

    def run(self, number: int, seed: int) -> Iterator[Found]:
        """Run over the numbers of the variants; after those that miss something there is none."""
        demands = self._demands(Random(f"{seed}"))
        self.excused = self._never_distinguished(demands, Random(f"{seed}, probes"))
        for count in range(number):
            search = Search(self.layout, self.filling, demands, self.wrong, self.excused)
            random = Random(f"{seed}, variant {count}")
            found = search(random)
            short = search.shortened(found, random)
            yield short
            if found.cost:
                return
            named = self.wrong.named(search.judged(short).alike)
            self.alike |= named
            if not count:
                demands = replace(demands, pattern=demands.pattern_of(found.state))
                self.excused |= named

    def _never_distinguished(self, demands: Demands, random: Random) -> frozenset[Named]:
        """Return the mistakes that agree at every one of some numbers, friendly or not."""
        found: frozenset[Pair] | None = None
        for _ in range(_PROBES):
            given = self.filling.nearby(self.filling.floats(self.filling.draw(random)))
            state = self.layout.at(given)
            alike = self.wrong.alike(state, demands.tolerance)
            found = alike if found is None else found & alike
        return frozenset(self.wrong.named(found or ()))

    def _demands(self, random: Random) -> Demands:
        formulas, parameters = self.layout.formulas, self.blank.network.parameters
        plain = [name for name in self.quantities if not name.startswith(UPDATED)]
        tensors = [tensor_of(formulas, name) for name in plain]
        learned = {f"{GRADIENT}{tensor.name}" for tensor in parameters}
        weights = [tensor_of(formulas, name) for name in plain if name in learned]
        drawn = replace(self.blank, values=dict(self.filling.draw(random)))
        exact = [tensor for tensor in tensors if _is_rational(drawn, tensor)]
        return Demands(tensors, weights, exact, 2 * 10.0 ** (1 - self.digits))


def _is_rational(problem: Problem, tensor: Tensor) -> bool:
    """Tell whether the entries of a tensor are fractions, where all given numbers are."""
    symbols = map(tensor.symbol, tensor.positions())
    return all(problem.point.value(symbol).is_Rational for symbol in symbols)


def check_size(network: Network) -> None:
    """Refuse a network that is too large to be worked by hand, before anything is computed."""
    terms = sum(int(equation.terms) for equation in network.equations)
    if terms > limits.WORKSHEET_TERMS:
        raise TooLargeError(_too_large(terms, "terms", limits.WORKSHEET_TERMS))
    for tensor in network.given:
        if tensor.size > limits.GIVEN_ENTRIES:
            what = f"numbers in {tensor.name}"
            raise TooLargeError(_too_large(int(tensor.size), what, limits.GIVEN_ENTRIES))


def _check_figures(problem: Problem, quantities: Sequence[str]) -> None:
    figures = sum(int(problem.quantities.shape(name).size) for name in quantities)
    if figures > limits.WORKSHEET_FIGURES:
        raise TooLargeError(_too_large(figures, "figures to compute", limits.WORKSHEET_FIGURES))


def _too_large(number: int, what: str, most: int) -> str:
    return (
        f"the network has {number:,} {what}, more than the {most:,} of a worksheet: use a smaller "
        "image, batch or network"
    )
