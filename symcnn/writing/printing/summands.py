"""In which order a person writes summands: what is positive first, then as entries are numbered."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import TypeAlias

from sympy import Add, Expr, Function, Indexed, Mul, Pow, Symbol, exp
from sympy import Sum as SymbolicSum

from symcnn import limits
from symcnn.writing.printing.leading import Lead, of_another_step

_Natural: TypeAlias = tuple[tuple[int, str], ...]

_MANY = 1_000
"""More factors than a product of entries has: a sum over an index stands before them."""

_NUMBER = re.compile(r"(\d+)")
_SUM = re.compile(r"(?<![\w(])\(")
"""The parenthesis of a sum; that of a function follows its name."""


_Leads = Callable[[Expr], Lead]
"""What tells which term leads, in a rule for all entries."""

_ALIKE: Lead = (0, (), 0)


def summands(expression: Expr, leads: _Leads | None = None) -> list[Expr]:
    """Order summands: what is positive first, then as their entries are numbered.

    A number comes last of its sign, but before exponentials: x - 1, 1 - x, 1 + e^x.
    """
    terms = [_with_sign_in_front(term) for term in Add.make_args(expression)]
    if len(terms) < 2:
        return terms
    order = partial(_order, leads=leads)
    first, *others = terms
    if first.is_number and first.is_positive and all(isinstance(term, exp) for term in others):
        return [first, *sorted(others, key=order)]
    return sorted(terms, key=order if len(terms) <= limits.WRITTEN_TERMS else order_of_many)


_Order: TypeAlias = tuple[bool, bool, Lead, int, bool, int, _Natural]


def _order(term: Expr, leads: _Leads | None = None) -> _Order:
    """Order by sign, numbers last; what is added to products, as a bias is, stands behind them.

    Where a rule says which term leads, sums over entries of other steps stand behind sums over
    those of the same, and functions of an entry before those of a sum: log(y), log(1 - y).
    """
    names = _names(term)
    if names is not None:
        return False, False, _ALIKE, -len(names), False, 0, _numbered("*".join(names))
    factors = Mul.make_args(term.as_coeff_Mul()[1])
    are_entries = all(isinstance(factor, Symbol | Indexed) for factor in factors)
    several = _MANY if term.has(SymbolicSum) else len(factors) if are_entries else 0
    first = bool(term.could_extract_minus_sign()), bool(term.is_number)
    if leads is None:
        return *first, _ALIKE, -several, False, 0, _natural(term)
    of_sums = sum(function.args[0].is_Add for function in term.atoms(Function) if function.args)
    return *first, leads(term), -several, of_another_step(term), of_sums, _natural(term)


def order_of_many(term: Expr) -> tuple[bool, bool, int, _Natural]:
    """Order the thousands of terms of one equation, which differ in nothing but their entries.

    To print each of them takes SymPy longer than all else that a document is.
    """
    coefficient, rest = term.as_coeff_Mul()
    names = _names(rest) or sorted(symbol.name for symbol in rest.free_symbols)
    return bool(coefficient.is_negative), not names, -len(names), _numbered("*".join(names))


def _with_sign_in_front(term: Expr) -> Expr:
    """Write the sum of -f as minus the sum of f."""
    if isinstance(term, SymbolicSum) and term.function.could_extract_minus_sign():
        return -SymbolicSum(-term.function, *term.limits)
    return term


def _names(term: Expr) -> list[str] | None:
    """Return the names in a product of symbols, as SymPy orders and prints them."""
    factors = term.args if type(term) is Mul else (term,)
    if all(type(factor) is Symbol for factor in factors):
        return sorted([factor.name for factor in factors])
    return None


@lru_cache(maxsize=2**14)
def _natural(term: Expr) -> _Natural:
    """Order w_2 before w_10, where numbers in a name count as numbers, and x before (1 - x)."""
    return _numbered(_of_sums(term) or _SUM.sub("~", str(term)))


def _of_sums(term: Expr) -> str | None:
    """Write a product of entries, sums and powers of sums with the entries in front.

    SymPy writes T_1 in front of a sum and T[i] behind it, but an example has its terms in the
    order of its rule.
    """
    entries, sums = list[str](), list[str]()
    for factor in Mul.make_args(term.as_coeff_Mul()[1]):
        is_entry = isinstance(factor, Symbol | Indexed)
        if not is_entry and (not isinstance(factor, Add | Pow) or factor.has(Function)):
            return None
        (entries if is_entry else sums).append(str(factor))
    return "*".join([*sorted(entries), *(f"~{total}" for total in sorted(sums))])


def _numbered(text: str) -> _Natural:
    parts = _NUMBER.split(text)
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)
