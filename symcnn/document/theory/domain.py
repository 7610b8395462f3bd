"""Which numbers entries may be: 0 < y < 1 where logarithms of y and of 1 - y are taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sympy import Dummy, Expr, Function, Gt, Indexed, IndexedBase, Ne, Poly, Pow, S, cos, log, tan
from sympy import Sum as SymbolicSum
from sympy.core.relational import Relational
from sympy.core.traversal import preorder_traversal

from symcnn.document.theory.statement import Statement
from symcnn.equations.functions import ELEMENTARY, DefinedFunction
from symcnn.equations.sizes import is_at_least, is_made_of_sizes, is_size, size


@dataclass(eq=False)
class Domain:
    """What an entry may be.

    Attributes:
        entry: The entry.
        above: What it is not less than.
        below: What it does not exceed.
        other_than: What it is not.
        never: Those of the bounds that it does not have as its value.
    """

    entry: Indexed
    above: Expr = S.NegativeInfinity
    below: Expr = S.Infinity
    other_than: Expr | None = None
    never: set[Expr] = field(default_factory=set)


def domains(made: Statement) -> list[Domain | Relational]:
    """Return for which entries the formulas are defined and have derivatives, if not for all.

    Of an argument that is linear in one entry, the bound of that is returned; of any other, that it
    is positive, or not 0.
    """
    found, entries = dict[Domain | Relational, None](), dict[Indexed, Domain]()
    for one in _needed(made):
        entry, slope, start = _line(one.argument)
        if entry is None:
            found[(Gt if one.positive else Ne)(one.argument, 0)] = None
            continue
        own, zero = entries.setdefault(entry, Domain(entry)), -start / slope
        found[own] = None
        if not one.positive:
            own.other_than = zero
            continue
        if not one.may_be_0:
            own.never.add(zero)
        if slope.is_positive:
            own.above = max(own.above, zero)
        else:
            own.below = min(own.below, zero)
    return [*found]


class _Needed(NamedTuple):
    """What has to be positive, or not 0; a given factor of its own logarithm may be 0."""

    argument: Expr
    positive: bool = True
    may_be_0: bool = False


def _needed(made: Statement) -> Iterator[_Needed]:
    """Run over what is needed by the forward formulas, if it is not certain.

    Where their functions have derivatives, the backward formulas are defined as well.
    """
    computed = [formula.tensor for formula in made.forward]
    signs: dict[IndexedBase, Expr] = {t.base: S.One for t in computed if t.positive}
    for formula in made.forward:
        value = formula.general.checked
        for part in sorted(value.atoms(Pow, Function), key=str):
            for one in _of(part):
                is_sure = _signed(one.argument, signs).is_positive
                if one.argument.has(Indexed) and not is_sure:
                    yield one._replace(may_be_0=may_be_0(part, value, made))
        signs.setdefault(formula.tensor.base, _signed(formula.general.right, signs))


def _of(part: Expr) -> Iterator[_Needed]:
    """Run over what a power or a function of one variable needs to have a derivative."""
    if isinstance(part, Pow):
        if not (part.exp.is_integer and part.exp.is_nonnegative):
            yield _Needed(part.base, positive=not part.exp.is_integer)
    elif isinstance(part, tan):
        yield _Needed(cos(part.args[0]), positive=False)
    elif (known := ELEMENTARY.get(part.func.__name__)) and known.domain:
        low, high = known.domain
        yield from (_Needed(part.args[0] - low) for _ in [low] if low is not None)
        yield from (_Needed(high - part.args[0]) for _ in [high] if high is not None)


def may_be_0(part: Expr, formula: Expr, made: Statement) -> bool:
    """Tell whether a part is a logarithm that is multiplied by its argument: t log t.

    An entry that is differentiated is a divisor of the derivative.
    """
    varied = {one.tensor.base for one in made.backward}
    if not isinstance(part, log) or varied & part.atoms(IndexedBase):
        return False
    around = [whole for whole in preorder_traversal(formula) if part in whole.args]
    return bool(around) and all(w.is_Mul and part.args[0] in w.args for w in around)


def _signed(formula: Expr, signs: Mapping[IndexedBase, Expr]) -> Expr:
    """Return a formula with numbers in it that have the signs of its entries and sums."""
    if isinstance(formula, Indexed):
        return _number(signs.get(formula.base, formula))
    if isinstance(formula, SymbolicSum):
        is_full = all(_never_negative(high - low) for _, low, high in formula.limits)
        return _number(_signed(formula.function, signs), may_be_0=not is_full)
    if isinstance(formula, DefinedFunction):
        return _signed(formula.definition(*formula.args), signs)
    if not formula.args:
        return formula
    return formula.func(*(_signed(part, signs) for part in formula.args))


def _never_negative(length: Expr) -> bool:
    """Tell whether a length of sizes and indices is 0 at least: min(i, W - 1)."""
    indices = {s: size(s.name, least=0) for s in length.free_symbols if not is_size(s)}
    made = length.xreplace(indices)
    return is_made_of_sizes(made) and is_at_least(made, 0)


def _number(value: Expr, *, may_be_0: bool = False) -> Dummy:
    """Return any number of the sign of a value."""
    if value.is_positive and not may_be_0:
        return Dummy(positive=True)
    return Dummy(nonnegative=True) if value.is_nonnegative else Dummy(real=True)


def _line(argument: Expr) -> tuple[Indexed | None, Expr, Expr]:
    """Return the entry and the numbers m and n of an argument m x + n; None for any other."""
    reads = [*argument.atoms(Indexed)]
    x = Dummy(real=True)
    rest = argument.xreplace(dict.fromkeys(reads, x))
    if len(reads) == 1 and rest.is_polynomial(x) and (line := Poly(rest, x)).degree() == 1:
        slope, start = line.all_coeffs()
        if slope.is_number and start.is_number:
            return reads[0], slope, start
    return None, S.One, S.Zero
