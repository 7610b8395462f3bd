"""Straight-line code for tiny networks: one statement for each entry.

It is the by-hand reading as a program. On a handful of numbers Python's own floats
are some fifty times faster than arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from sympy import Expr, S, Symbol

from symcnn import limits
from symcnn.backends.python.listing import ON_FLOATS, RESERVED, WIDTH, Block, Listing, filled, note
from symcnn.backends.python.names import Names
from symcnn.backends.python.printing import Place, float_code, log_of_sum
from symcnn.backends.scalar.live import live
from symcnn.backends.scalar.routed import Share, Window, collected, share_in
from symcnn.backends.scalar.sharing import Assignment, sharing
from symcnn.derivation.entries import Entries
from symcnn.equations import Equation, Group, LogSumExp, Max, Tensor
from symcnn.errors import TooLargeError
from symcnn.functions import maximum
from symcnn.plans.plan import Plan

_LOSS, _PACKED, _MADE = "loss", "partials", "stages"
_PLACES = (
    "Which entry every window took, counted from 0, so that (a, b, c)[k] below is that one's;",
    "of two entries, whether it took the second.",
)


def straight_line(plan: Plan, dtype: str = "float64") -> Listing:
    """Write every entry's formula as a statement.

    Args:
        plan: What to compute.
        dtype: The type of the arrays that are handed out.

    Raises:
        TooLargeError: If there are more terms than ``limits.SCALAR_TERMS``.
    """
    if plan.terms > limits.SCALAR_TERMS:
        raise TooLargeError(
            f"straight-line code would hold {plan.terms:,} terms, more than the "
            f'{limits.SCALAR_TERMS:,} that are written out: use backend="array"'
        )
    formulas = _Formulas(plan)
    first = [formulas.of(tensor) for tensor, _ in plan.forward]
    then = [formulas.places(plan.forward), *(formulas.of(tensor) for tensor, _ in plan.backward)]
    notes = [*map(_notes, plan.forward), _PLACES, *map(_notes, plan.backward)]
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
        names = Names({*RESERVED, _LOSS, _PACKED, _MADE})
        self._dtype = dtype
        self._type = "float" if dtype == "float64" else f"np.{dtype}"
        self._plan, self._arguments = plan, {names.fresh(t.name): t for t in plan.given}
        self._names, self._written = names, dict[Symbol, Symbol]()
        self._numbers = self._entries(plan.given)

    def block(self, notes: tuple[str, ...], part: Sequence[Assignment]) -> Block:
        """Return one statement for every assignment."""
        return Block(notes, tuple(self._statement(*assignment) for assignment in part))

    def listing(self, forward: tuple[Block, ...], backward: tuple[Block, ...]) -> Listing:
        """Return the whole program."""
        plan, loss = self._plan, self._name(self._plan.loss.symbol((0,)))
        gradients, outputs = plan.gradients.values(), plan.outputs.values()
        parts = (
            f"{_PACKED} = {_tuple(self._entries(gradients))}",
            f"{_MADE} = {_tuple(self._entries(outputs))}",
        )
        cuts = _cuts(plan.outputs, lambda places: f"np.array({_MADE}{places}, {self._type})")
        return Listing(
            arguments={name: tensor.shape for name, tensor in self._arguments.items()},
            unpack=(self._call(),),
            forward=forward,
            backward=backward,
            loss=_LOSS,
            outputs=cuts,
            # One array, cut into views, costs less than many.
            pack=(f"{_PACKED} = np.array({_PACKED}, {self._type})",),
            gradients=_cuts(plan.gradients, lambda places: f"{_PACKED}{places}"),
            numbers=tuple(self._numbers),
            returned=(*parts, f"return {loss}, {_PACKED}, {_MADE}"),
        )

    def _call(self) -> str:
        numbers = ", ".join(f"*{name}.ravel().tolist()" for name in self._arguments)
        return f"{_LOSS}, {_PACKED}, {_MADE} = {ON_FLOATS}(\n    {filled(numbers)}\n)"

    def _statement(self, symbol: Symbol, value: Expr) -> str:
        text = float_code(value.xreplace(self._written), self._dtype)
        return f"{self._name(symbol)} = {text}"

    def _entries(self, tensors: Iterable[Tensor]) -> list[str]:
        return [self._name(t.symbol(p)) for t in tensors for p in t.positions()]

    def _name(self, symbol: Symbol) -> str:
        if symbol not in self._written:
            self._written[symbol] = Symbol(self._names.fresh(symbol.name), real=True)
        return self._written[symbol].name  # type: ignore[no-any-return]


def _tuple(names: Sequence[str]) -> str:
    text = "".join(f"{name}, " for name in names).rstrip()
    if len(names) > 1:
        text = text.removesuffix(",")
    return f"({text})" if len(text) < WIDTH - 12 else f"(\n    {filled(text)}\n)"


def _cuts(tensors: Mapping[str, Tensor], at: Callable[[str], str]) -> dict[str, str]:
    """Return the text of every tensor, whose numbers lie one behind the other."""
    ends = accumulate(made.size for made in tensors.values())
    return {
        name: at(f"[{end - made.size}:{end}]") + _shaped(made)
        for (name, made), end in zip(tensors.items(), ends, strict=True)
    }


def _shaped(tensor: Tensor) -> str:
    return "" if len(tensor.shape) == 1 else f".reshape{tensor.shape}"


def _notes(group: Group) -> tuple[str, ...]:
    return tuple(note(equation) for equation in group[1])
