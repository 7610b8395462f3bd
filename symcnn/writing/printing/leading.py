"""Which of several summands an author writes first, in a rule for all entries.

    delta^h_t  =  delta^y_t  +  sum over j of delta^a_{t+1, j} u_j
    y_r  =  a_r [r < C]  +  b_{r-C} [r >= C]

What arrives from a later tensor stands before what arrives from an earlier one, so that the
direct term is the first and that of the next step the last. Terms with brackets stand in the
order of the values that these are about: [m = 0], [m = 1], and [r < C], [r >= C].
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sympy import Add, Eq, Expr, Function, Ge, Gt, Indexed, Le, Lt, Mul
from sympy import Sum as SymbolicSum
from sympy.core.relational import Relational

from symcnn.equations.functions import Iverson
from symcnn.equations.sizes import is_constant
from symcnn.writing.printing.order import is_divisor

Lead = tuple[int, tuple[int, ...], int]


def lead(term: Expr, stages: Mapping[str, int], signal: str) -> Lead:
    """Return where a term stands: by its brackets, then by the error signal that it has.

    Args:
        term: The term.
        stages: The number of the stage at which a tensor is met, by its label.
        signal: The letter of error signals.
    """
    conditions = [c for f in Mul.make_args(term) if isinstance(f, Iverson) for c in f.args]
    return _side(conditions), _values(conditions), -_stage_of_signal(term, stages, signal)


def of_another_step(term: Expr) -> bool:
    """Tell whether a sum reads entries of another step: h[t - 1, j]."""
    return isinstance(term, SymbolicSum) and any(
        index.is_Add and len(index.args) == 2 and index.args[0].is_Integer
        for read in term.atoms(Indexed)
        for index in read.indices
    )


def _values(conditions: list[Relational]) -> tuple[int, ...]:
    """Return the numbers that indices are equal to."""
    equal = ((c.lhs - c.rhs).as_coeff_Add() for c in conditions if isinstance(c, Eq))
    return tuple(-int(n * rest.as_coeff_Mul()[0]) for n, rest in equal if _is_whole(n, rest))


def _is_whole(number: Expr, rest: Expr) -> bool:
    """Tell whether an equation says which number an index is."""
    return bool(number.is_Integer and (rest.is_Symbol or (-rest).is_Symbol))


def _side(conditions: list[Relational]) -> int:
    """Return 1 below a bound or at a number, 2 between two, 3 above one; 0 if there is none.

    Between two bounds of which the lower one is a number, entries are the first of several; at a
    size, as in [r = H - 1], they are the last.
    """
    if any(isinstance(c, Eq) for c in conditions):
        return 1 if _values(conditions) else 3
    bounds = [c for c in conditions if isinstance(c, Ge | Gt | Le | Lt)]
    above = [bound for bound in bounds if _is_above(bound)]
    if not bounds or not above:
        return 1 if bounds else 0
    if len(above) == len(bounds):
        return 3
    return 1 if all(_is_from_a_number(bound) for bound in above) else 2


def _compared(bound: Relational) -> tuple[Expr, Expr]:
    """Return the difference that a bound says to be positive: of indices and entries, and else."""
    terms = Add.make_args(bound.gts - bound.lts)
    rest = Add(*(term for term in terms if not is_constant(term)))
    return rest, Add(*terms) - rest


def _is_above(bound: Relational) -> bool:
    """Tell whether what is compared with sizes and numbers is the greater."""
    return not _compared(bound)[0].could_extract_minus_sign()


def _is_from_a_number(bound: Relational) -> bool:
    return bool(_compared(bound)[1].is_number)


def with_shared_factors_in_front(rule: Expr, signal: str) -> Expr:
    """Return delta (h - v) for delta h - delta v: what all terms with error signals share.

    Sums over an index stay apart, each behind its own factors.
    """
    terms = Add.make_args(rule)
    plain = any(term.has(SymbolicSum) or not [*_signals(term, signal)] for term in terms)
    if len(terms) < 2 or plain:
        return rule
    products = [Mul.make_args(term.as_coeff_Mul()[1]) for term in terms]
    shared = [f for f in products[0] if all(f in factors for factors in products)]
    shared = [f for f in shared if not is_divisor(f)]
    left = (
        Mul(term.as_coeff_Mul()[0], *(factor for factor in factors if factor not in shared))
        for term, factors in zip(terms, products, strict=True)
    )
    return Mul(*shared, Add(*left)) if shared else rule


def brackets_once(rule: Expr) -> Expr:
    """Return (x/3 + 1/2) [c] for x/6 [c] + (x + 3)/6 [c], of terms without functions."""
    groups = dict[Expr, list[Expr]]()
    for term in Add.make_args(rule):
        bracket = Mul(*(f for f in Mul.make_args(term) if isinstance(f, Iverson)))
        groups.setdefault(bracket, []).append(term)
    return Add(*(_once(bracket, terms) for bracket, terms in groups.items()))


def _once(bracket: Expr, terms: list[Expr]) -> Expr:
    values = [term / bracket for term in terms]
    is_plain = all(v.has(Indexed) and not v.has(Function, SymbolicSum) for v in values)
    alike = len({frozenset(v.atoms(Indexed)) for v in values}) == 1
    is_due = bracket != 1 and len(terms) > 1 and is_plain and alike
    return bracket * Add(*values).expand() if is_due else Add(*terms)


def _stage_of_signal(term: Expr, stages: Mapping[str, int], signal: str) -> int:
    """Return the stage of the tensor that an error signal in a term belongs to: the last."""
    return max((stages.get(label, 0) for label in _signals(term, signal)), default=0)


def _signals(term: Expr, signal: str) -> Iterator[str]:
    """Run over the labels of the tensors whose error signals a term has."""
    labels = (str(read.base.label) for read in term.atoms(Indexed))
    before = f"{signal}^"
    return (label.removeprefix(before) for label in labels if label.startswith(before))
