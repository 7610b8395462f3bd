"""Straight-line code for tiny networks: one statement for each entry.

It is the by-hand reading as a program. On a handful of numbers Python's own floats
are some fifty times faster than arrays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from sympy import Expr, S, Symbol

from symcnn.derivation.entries import Entries
from symcnn.equations import Equation, LogSumExp, Max, Tensor
from symcnn.errors import TooLargeError
from symcnn.functions import maximum
from symcnn.numeric.listing import RESERVED, Block, Listing, filled, note
from symcnn.numeric.names import Names
from symcnn.numeric.plan import Plan
from symcnn.numeric.printing import Place, float_code, log_of_sum
from symcnn.numeric.scalar.live import live
from symcnn.numeric.scalar.routed import Share, Window, collected, share_in
from symcnn.numeric.scalar.sharing import Assignment, sharing
from symcnn.numeric.stages import Group

MOST_TERMS = 10_000
"""A network whose equations have more terms than this is not written out."""

_PACKED = "partials"
_PLACES = "Which entry every window took, counted from 0; (a, b)[k] below is that one's."


def straight_line(plan: Plan, dtype: str = "float64") -> Listing:
    """Write every entry's formula as a statement.

    Args:
        plan: What to compute.
        dtype: The type of the arrays that are handed out.

    Raises:
        TooLargeError: If there are more than ``MOST_TERMS`` terms to write.
    """
    if plan.terms > MOST_TERMS:
        raise TooLargeError(
            f"straight-line code would hold {plan.terms:,} terms, more than the {MOST_TERMS:,} "
            'that are written out: use backend="array"'
        )
    formulas = _Formulas(plan)
    first = [formulas.of(tensor) for tensor, _ in plan.forward]
    then = [formulas.places(plan.forward), *(formulas.of(tensor) for tensor, _ in plan.backward)]
    notes = [*map(_notes, plan.forward), (_PLACES,), *map(_notes, plan.backward)]
    text, parts = _Text(plan, dtype), sharing(live([*first, *then], _wanted(plan)))
    blocks = [text.block(n, part) for n, part in zip(notes, parts, strict=True)]
    ahead = len(first)
    return text.listing(_written(blocks[:ahead]), _written(blocks[ahead:]))


def _wanted(plan: Plan) -> Iterator[Symbol]:
    """Return the symbols of all entries that are handed out."""
    for tensor in (plan.loss, *plan.outputs.values(), *plan.gradients.values()):
        yield from (tensor.symbol(position) for position in tensor.positions())


def _written(blocks: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(block for block in blocks if block.lines)


@dataclass(frozen=True)
class _LogOfSum(LogSumExp):
    """The logarithm of a sum of exponentials as one function, which does not overflow."""

    def combine(self, terms: Sequence[Expr]) -> Expr:
        return log_of_sum(*terms) if len(terms) > 1 else terms[0]


def _evaluable(equation: Equation) -> Equation:
    logarithm = isinstance(equation.reduction, LogSumExp)
    return replace(equation, reduction=_LogOfSum()) if logarithm else equation


class _Formulas:
    """Every entry's formula, with each maximum's routing as the place that it took."""

    def __init__(self, plan: Plan) -> None:
        self._entries = Entries(map(_evaluable, plan.equations), plan.tensors, plan.routings)
        self._shares: dict[Symbol, Share] = {}
        self._selectors: dict[Expr, tuple[Window, int]] = {}

    def of(self, tensor: Tensor) -> list[Assignment]:
        """Return the formula of every entry of a tensor."""
        symbols = (tensor.symbol(position) for position in tensor.positions())
        return [(symbol, self._formula(symbol)) for symbol in symbols]

    def places(self, groups: Iterable[Group]) -> list[Assignment]:
        """Return, for every window of the maxima where the first takes all, its place."""
        return [
            assignment
            for tensor, equations in groups
            for equation in equations
            if equation.reduction == Max("first")
            for position in tensor.positions()
            for assignment in self._place(tensor, equation, position, len(equations) == 1)
        ]

    def _formula(self, symbol: Symbol) -> Expr:
        formula = self._entries.formula(symbol)
        if formula is None:
            return S.Zero
        share = share_in(formula, self._selectors)
        if share is None:
            return collected(formula, self._shares)
        self._shares[symbol] = share
        return share.written()

    def _place(
        self, tensor: Tensor, equation: Equation, position: tuple[int, ...], alone: bool
    ) -> Iterator[Assignment]:
        terms = self._entries.terms(equation, tensor, position)
        if len(terms) < 2:
            return
        symbol = tensor.symbol(position)
        window = Window(Symbol(f"k^{symbol.name}", integer=True), len(terms))
        for place in range(len(terms)):
            self._selectors[equation.reduction.selector(terms, place)] = window, place
        yield window.taken, Place(symbol if alone else maximum(*terms), *terms)


class _Text:
    """Statements as Python text, every entry under one identifier."""

    def __init__(self, plan: Plan, dtype: str) -> None:
        names = Names({*RESERVED, _PACKED})
        self._dtype = dtype
        self._type = "float" if dtype == "float64" else f"np.{dtype}"
        self._plan, self._arguments = plan, {names.fresh(t.name): t for t in plan.given}
        self._names, self._written = names, dict[Symbol, Symbol]()
        self._unpack = tuple(self._unpacked(*pair) for pair in self._arguments.items())

    def block(self, notes: tuple[str, ...], part: Sequence[Assignment]) -> Block:
        """Return one statement for every assignment."""
        return Block(notes, tuple(self._statement(*assignment) for assignment in part))

    def listing(self, forward: tuple[Block, ...], backward: tuple[Block, ...]) -> Listing:
        """Return the whole program."""
        plan = self._plan
        return Listing(
            arguments={name: tensor.shape for name, tensor in self._arguments.items()},
            unpack=self._unpack,
            forward=forward,
            backward=backward,
            loss=self._name(plan.loss.symbol((0,))),
            outputs={name: self._array(tensor) for name, tensor in plan.outputs.items()},
            pack=(f"{_PACKED} = {self._flat(list(plan.gradients.values()))}",),
            gradients=self._gradients(),
        )

    def _gradients(self) -> dict[str, str]:
        """Cut every gradient out of one flat array: one array costs less than many."""
        gradients = self._plan.gradients
        places = accumulate((made.size for made in gradients.values()), initial=0)
        return {
            name: _cut(made, start)
            for (name, made), start in zip(gradients.items(), places, strict=False)
        }

    def _statement(self, symbol: Symbol, value: Expr) -> str:
        text = float_code(value.xreplace(self._written), self._dtype)
        return f"{self._name(symbol)} = {text}"

    def _unpacked(self, argument: str, tensor: Tensor) -> str:
        names = ", ".join(self._name(tensor.symbol(p)) for p in tensor.positions())
        return f"[{filled(names)}] = {argument}.ravel().tolist()"

    def _array(self, tensor: Tensor) -> str:
        return self._flat([tensor]) + _shaped(tensor)

    def _flat(self, tensors: Sequence[Tensor]) -> str:
        names = [self._name(t.symbol(p)) for t in tensors for p in t.positions()]
        return f"np.array([{', '.join(names)}], {self._type})"

    def _name(self, symbol: Symbol) -> str:
        if symbol not in self._written:
            self._written[symbol] = Symbol(self._names.fresh(symbol.name), real=True)
        return self._written[symbol].name  # type: ignore[no-any-return]


def _cut(adjoint: Tensor, start: int) -> str:
    return f"{_PACKED}[{start}:{start + adjoint.size}]" + _shaped(adjoint)


def _shaped(tensor: Tensor) -> str:
    return "" if len(tensor.shape) == 1 else f".reshape{tensor.shape}"


def _notes(group: Group) -> tuple[str, ...]:
    return tuple(note(equation) for equation in group[1])
