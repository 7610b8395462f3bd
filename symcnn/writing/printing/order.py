"""How a person writes products: in which order, and with the common factors of sums in front.

SymPy multiplies factors out: x/8 + y/8 is written 1/8 (x + y).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sympy import Add, Expr, Function, Indexed, Mul, Pow, Rational, S, Symbol
from sympy import Sum as SymbolicSum

from symcnn.equations import Equation, accesses
from symcnn.equations.functions import Iverson
from symcnn.equations.notation import letter_of
from symcnn.equations.sizes import is_constant, is_real_letter, is_size
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import decimal, row
from symcnn.writing.printing.size_order import Rank, rank

Key = Callable[[Expr], Any]
"""What a person orders factors by."""

Place = tuple[int, int, int, Rank]

Product = tuple[Expr, list[Expr]]
"""A number and the factors behind it."""


def place(
    factor: Expr, weights: Collection[str], stages: Mapping[str, int], signal: str = "delta"
) -> Place:
    """Order factors: what is constant, adjoints, entries, sums, functions, brackets.

    Entries and their sums stand as the chain rule meets them on its way from the loss back,
    (a - t) a (1 - a) w x, and those of one stage as weights, other entries, sums.

    Args:
        factor: A factor of a product.
        weights: The letters of weights.
        stages: The number of the stage at which a tensor is met, by its label.
        signal: The letter of error signals.
    """
    alike = rank(S.One)
    if is_constant(factor) and not factor.has(SymbolicSum):
        kind = 0 if factor.is_number else 2 if is_size(factor) else 3 if factor.is_Add else 1
        return -1, kind, 0, rank(factor)
    if isinstance(factor, Symbol | Indexed):
        letter = _letter(factor)
        kind = 1 if letter in weights else 2
        stage = (0, 0, 0) if letter == signal else (1, -_stage(factor, stages), kind)
        return *stage, alike
    if isinstance(factor, Add) and not factor.has(Function):
        return 1, -_stage(factor, stages), 4, alike
    kinds = (Iverson, Add, Function, Pow)
    kind = next((n for n, kind in enumerate(kinds) if isinstance(factor, kind)), -1)
    return 8 - kind, 0, 0, alike


def stages_of(equations: Iterable[Equation]) -> dict[str, int]:
    """Number tensors by the equations that compute them, or that read them first, if none does.

    A weight stands at the stage that it is a weight of, and a target at the loss.
    """
    stages = dict[str, int]()
    for number, equation in enumerate(equations):
        stages[_label(equation.target)] = number
        for read in accesses(equation.value):
            stages.setdefault(_label(read), number)
    return stages


def is_divisor(factor: Expr) -> bool:
    """Tell whether a factor is a power that belongs below a fraction bar."""
    return isinstance(factor, Pow) and bool(factor.exp.could_extract_minus_sign())


def has_bar(coefficient: Rational, rest: Expr, decimals: Collection[Expr] = ()) -> bool:
    """Tell whether a product is written as a fraction of more than numbers: alpha/2 is one.

    Args:
        coefficient: The number in it.
        rest: The other factors.
        decimals: Numbers that are written as decimals.
    """
    factors = Mul.make_args(rest)
    if all(map(is_real_letter, factors)):
        is_part = coefficient.is_Rational and coefficient.q != 1
        return is_part and abs(coefficient) not in decimals
    return any(map(is_divisor, factors)) or _root_below(coefficient, factors) is not None


def above_and_below(coefficient: Rational, rest: Expr) -> tuple[Expr, Expr]:
    """Return what stands above and below the bar, as written: nothing is multiplied out.

    SymPy's sqrt(2) x / (2 sqrt(pi)) is x / sqrt(2 pi).
    """
    factors = list(Mul.make_args(rest))
    below = [1 / f for f in factors if is_divisor(f)]
    if root := _root_below(coefficient, factors):
        factors.remove(root)
        coefficient *= root.base
        inside = [root.base, *(d.base for d in below if _is_root_of_a_number(d))]
        below = [d for d in below if not _is_root_of_a_number(d)]
        below.append(Pow(Mul(*inside, evaluate=False), S.Half, evaluate=False))
    above = Mul(coefficient.p, *(f for f in factors if not is_divisor(f)))
    return above, Mul(coefficient.q, *_powers_together(below))


def _powers_together(factors: Iterable[Expr]) -> Iterator[Expr]:
    """Return a^{b + 1} for a a^b, which SymPy leaves apart."""
    alike = dict[Expr, list[Expr]]()
    for factor in factors:
        alike.setdefault(factor.as_base_exp()[0], []).append(factor)
    for base, powers in alike.items():
        exponents = (power.as_base_exp()[1] for power in powers)
        yield powers[0] if len(powers) == 1 else Pow(base, Add(*exponents), evaluate=False)


def apart_from_sums(product: Expr) -> tuple[Expr, list[Expr]]:
    """Return a product without its sums over indices, and these with the brackets before them.

    A bar stands below what is no sum: 1/K times the sum, not the sum over K.
    """
    factors = Mul.make_args(product)
    if not any(isinstance(factor, SymbolicSum) for factor in factors):
        return product, []
    behind = [factor for factor in factors if isinstance(factor, SymbolicSum | Iverson)]
    return Mul(*(factor for factor in factors if factor not in behind)), behind


def _root_below(coefficient: Rational, factors: Iterable[Expr]) -> Pow | None:
    """Return the root of a number that the denominator of a coefficient is a multiple of."""
    roots = (f for f in factors if _is_root_of_a_number(f) and f.base.is_Integer)
    return next((root for root in roots if coefficient.q % root.base == 0), None)


def _is_root_of_a_number(factor: Expr) -> bool:
    return isinstance(factor, Pow) and factor.exp == S.Half and bool(factor.base.is_number)


def common_factor(terms: Sequence[Expr]) -> Expr:
    """Return the number and the divisors that all terms share, up to their signs; or 1.

    It is negative if all terms are and it is not 1.
    """
    if len(terms) < 2:
        return S.One
    numbers, others = zip(*(term.as_coeff_Mul() for term in terms), strict=True)
    size = abs(numbers[0]) if len(set(map(abs, numbers))) == 1 else S.One
    divisors = set.intersection(*(set(filter(is_divisor, Mul.make_args(o))) for o in others))
    factor = Mul(size, *divisors)
    return -factor if factor != 1 and all(number.is_negative for number in numbers) else factor


def divided(terms: Sequence[Expr], factor: Expr) -> list[Expr]:
    """Return what is left of terms that share a factor."""
    return [term / factor for term in terms]


def with_factors_in_front(product: Expr) -> tuple[Expr, Expr]:
    """Return the number in front of a product, and its factors without what their terms share."""
    if not any(isinstance(factor, Add) for factor in Mul.make_args(product)):
        return _number_and_rest(product)
    factors = list[Expr]()
    for factor in Mul.make_args(product):
        shared = common_factor(factor.args) if isinstance(factor, Add) else S.One
        factors += [factor] if shared == 1 else [shared, Add(*divided(factor.args, shared))]
    number, rest = _number_and_rest(Mul(*(factor for factor in factors if not factor.is_Add)))
    return number, Mul(rest, *(factor for factor in factors if factor.is_Add))


def around_a_sum(product: Expr, key: Key) -> tuple[Product, Expr, list[Expr]] | None:
    """Return the longest sum in a product, with what a person writes before and behind it."""
    if not isinstance(product, Mul):
        return None
    number, rest = with_factors_in_front(product)
    factors = sorted(Mul.make_args(rest), key=key)
    sums = [factor for factor in factors if isinstance(factor, Add)]
    if not sums or any(map(is_divisor, factors)):
        return None
    longest = max(reversed(sums), key=lambda total: len(total.args))
    place = factors.index(longest)
    return (number, factors[:place]), longest, factors[place + 1 :]


def with_constants_in_front(total: SymbolicSum) -> Expr:
    """Return a sum times the factors of its terms that no index of the sum changes."""
    bound = {symbol for symbol, *_ in total.limits}
    whole = Mul(*map(_constants_in_front, Mul.make_args(total.function)))
    number, rest = with_factors_in_front(whole)
    factors = Mul.make_args(rest)
    inside = [f for f in factors if f.free_symbols & bound or isinstance(f, Iverson)]
    front = Mul(number, *(factor for factor in factors if factor not in inside))
    if not inside:  # how many terms there are is not counted here
        return total
    return front * SymbolicSum(Mul(*inside), *total.limits)


def _constants_in_front(factor: Expr) -> Expr:
    return with_constants_in_front(factor) if isinstance(factor, SymbolicSum) else factor


def _number_and_rest(product: Expr) -> tuple[Expr, Expr]:
    number, rest = product.as_coeff_Mul()
    return number, rest


def over(quotient: Expr) -> Formula | None:
    """Print a fraction in one line, 3/2, for an exponent; nothing else."""
    if not quotient.is_Rational or quotient.is_Integer:
        return None
    return row(*decimal(str(quotient.p)).parts, "/", str(quotient.q))


def _stage(factor: Expr, stages: Mapping[str, int]) -> int:
    """Return the last stage of the entries in a factor: it is the first met on the way back."""
    names = {str(symbol) for symbol in factor.free_symbols}  # of T[i] that of T is one
    labels = names | {name.rpartition("_")[0] for name in names}
    return max((stages[label] for label in labels if label in stages), default=-1)


def _label(entry: Indexed) -> str:
    return str(entry.base.label)


def _letter(entry: Expr) -> str:
    """Return the letter that an entry's name begins with: w of w^(2)_13."""
    return letter_of(str(entry.base.label if isinstance(entry, Indexed) else entry))
