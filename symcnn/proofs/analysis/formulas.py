"""SymPy's formulas of real numbers as terms of Rocq: what is smooth in all of its entries.

    (x[i,c] - mu[i]) / sqrt(V[i] + eps)   ->   (x i c tau - mu i tau) / sqrt (V i tau + eps)

An entry whose indices are letters of loops is a function of these; axes of length 1 have none. A
tensor that depends on the curve's parameter has it as its last argument.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sympy import (
    Add,
    E,
    Eq,
    Expr,
    Float,
    Indexed,
    Integer,
    Mul,
    Ne,
    Piecewise,
    Pow,
    Rational,
    S,
    Symbol,
    exp,
    pi,
)
from sympy import Sum as SymbolicSum
from sympy.core.relational import GreaterThan, LessThan, StrictGreaterThan, StrictLessThan

from symcnn.equations.functions.brackets import Iverson, maximum
from symcnn.equations.sizes import is_made_of_sizes
from symcnn.errors import SymcnnError

PARAMETER = "tau"
"""The parameter of curves, which no letter of a layer is."""

_ATOM, _APPLIED, _POWER, _MINUS, _PRODUCT, _SUM, _LOOSE = 0, 10, 30, 35, 40, 50, 200

_FUNCTIONS: Mapping[str, str] = {
    "exp": "exp",
    "log": "ln",
    "sin": "sin",
    "cos": "cos",
    "atan": "atan",
    "sinh": "sinh",
    "cosh": "cosh",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
    "softplus": "softplus",
    "normal_cdf": "normal_cdf",
    "relu": "relu",
    "Abs": "Rabs",
    "sign": "sign",
}
"""What the functions of layers are called in the library of proofs."""

_TAKEN = {
    "R",
    "INR",
    "exp",
    "ln",
    "sin",
    "cos",
    "sqrt",
    "sign",
    "above",
    "density",
    "at_least",
    "if_less",
}
_TAKEN |= {"forall", "fun", "let", "in", "if", "then", "else", "as", "by", "return", "end"}


class NotWrittenError(SymcnnError):
    """A formula holds what proofs of analysis have no word for yet."""


def identifier(name: str) -> str:
    """Return a name of Rocq for a letter: delta^x is delta_x."""
    plain = re.sub(r"\W+", "_", name.replace("\\", "")).strip("_")
    return f"{plain}_" if plain in _TAKEN else plain


@dataclass(frozen=True)
class Terms:
    """Writes formulas.

    Attributes:
        curves: The letters of tensors that depend on the parameter.
        at: What stands for the parameter: its letter, or 0.
    """

    curves: Collection[str]
    at: str = PARAMETER

    def __call__(self, formula: Expr) -> str:
        """Write a formula that stands by itself.

        Raises:
            NotWrittenError: If it holds what cannot be written yet.
        """
        return self._within(formula, _LOOSE)

    def argument(self, formula: Expr) -> str:
        """Write a formula as an argument of a function."""
        return self._within(formula, _ATOM)

    def factor(self, formula: Expr) -> str:
        """Write a formula as a factor."""
        return self._within(formula, _PRODUCT - 1)

    def term(self, formula: Expr) -> str:
        """Write a formula as what is summed."""
        return self._within(formula, _PRODUCT)

    def entry(self, read: Indexed, mark: str = "") -> str:
        """Write an entry, or with a mark what is called by the tensor's letter and the mark."""
        name = str(read.base.label)
        indices = [str(i) for i in map(bare, read.indices) if i is not None]
        at = [self.at] if not mark and name in self.curves else []
        return " ".join([identifier(name) + mark, *indices, *at])

    def total(self, over: Iterable[tuple[Symbol, Expr]], body: str) -> str:
        """Write a sum over loops, the outermost first; the body is a product or binds closer."""
        return "".join(f"\\sum_({s} < {size_text(n)}) " for s, n in over) + body

    def _within(self, formula: Expr, level: int) -> str:
        text, own = self._written(formula)
        return text if own <= level else f"({text})"

    def _written(self, f: Expr) -> tuple[str, int]:
        if isinstance(f, Indexed):
            text = self.entry(f)
            return text, _APPLIED if " " in text else _ATOM
        if isinstance(f, Integer):
            return (str(f), _ATOM) if f >= 0 else (f"- {-f}", _MINUS)
        if isinstance(f, Rational):
            return (f"{f.p} / {f.q}", _PRODUCT) if f >= 0 else (f"- ({-f.p} / {f.q})", _MINUS)
        if f == pi:
            return "PI", _ATOM
        if f == E:
            return "exp 1", _APPLIED
        if isinstance(f, Symbol):
            return self._symbol(f)
        if isinstance(f, Add):
            return self._sum(f)
        if isinstance(f, Mul):
            return self._product(f)
        if isinstance(f, exp):
            return f"exp {self.argument(f.args[0])}", _APPLIED
        if isinstance(f, Pow):
            return self._power(f.base, f.exp)
        if isinstance(f, SymbolicSum):
            return self._total(f)
        if isinstance(f, Iverson):
            brackets = [_bracket(self, c) for c in f.args]
            return " * ".join(brackets), _APPLIED if len(brackets) == 1 else _PRODUCT
        if isinstance(f, maximum):
            return self._maximum(f)
        if isinstance(f, Piecewise):
            return self._cases(f)
        return self._function(f)

    def _symbol(self, f: Symbol) -> tuple[str, int]:
        if is_made_of_sizes(f):
            return f"INR {size_text(f)}", _APPLIED
        return identifier(f.name), _ATOM

    def _sum(self, f: Add) -> tuple[str, int]:
        terms = sorted(f.as_ordered_terms(), key=_is_negative)  # x - mu, not -mu + x
        first, *others = terms
        text = self._within(first, _PRODUCT + 1)
        for term in others:
            if term.could_extract_minus_sign():
                text += f" - {self._within(-term, _PRODUCT)}"
            else:
                text += f" + {self._within(term, _PRODUCT + 1)}"
        return text, _SUM

    def _product(self, f: Mul) -> tuple[str, int]:
        if f.could_extract_minus_sign():
            return f"- {self._within(-f, _MINUS - 1)}", _MINUS
        above, below = list[Expr](), list[Expr]()
        for factor in f.as_ordered_factors():
            if isinstance(factor, Rational) and factor.q != 1:
                above += [Integer(factor.p)] if factor.p != 1 else []
                below.append(Integer(factor.q))
            elif isinstance(factor, Pow) and _is_below(factor):
                below.append(1 / factor)
            else:
                above.append(factor)
        text = " * ".join(map(self.factor, above)) or "1"
        if not below:
            return text, _PRODUCT
        divisor = " * ".join(map(self.factor, below))
        return f"{text} / {divisor if len(below) == 1 else f'({divisor})'}", _PRODUCT

    def _power(self, base: Expr, power: Expr) -> tuple[str, int]:
        if power.could_extract_minus_sign():
            return f"/ {self._within(Pow(base, -power), _POWER)}", _MINUS
        if power.is_Integer:
            return f"{self._within(base, _APPLIED)} ^ {power}", _POWER
        if power == S.Half:
            return f"sqrt {self.argument(base)}", _APPLIED
        if (2 * power).is_Integer:
            return f"(sqrt {self.argument(base)}) ^ {2 * power}", _POWER
        return f"Rpower {self.argument(base)} {self.argument(power)}", _APPLIED

    def _total(self, f: SymbolicSum) -> tuple[str, int]:
        loops = [(s, high + 1) for s, low, high in reversed(f.limits) if low == 0]
        if len(loops) != len(f.limits) or not all(is_made_of_sizes(n) for _, n in loops):
            raise NotWrittenError(f"the limits of {f} depend on indices")
        return self.total(loops, self.term(f.function)), _PRODUCT + 1

    def _cases(self, f: Piecewise) -> tuple[str, int]:
        (first, when), *others = f.args
        if not others:
            return self._written(first)
        parts = (*_ordered(when), first, Piecewise(*others))
        return " ".join(["if_less", *map(self.argument, parts)]), _APPLIED

    def _maximum(self, f: maximum) -> tuple[str, int]:
        if len(f.args) != 2:
            raise NotWrittenError(f"{f} is the largest of {len(f.args)} numbers")
        return " ".join(["Rmax", *map(self.argument, f.args)]), _APPLIED

    def _function(self, f: Expr) -> tuple[str, int]:
        name = _FUNCTIONS.get(type(f).__name__)
        if isinstance(f, Float) or name is None or len(f.args) != 1:
            raise NotWrittenError(f"{f} has no word in the library of proofs")
        return f"{name} {self.argument(f.args[0])}", _APPLIED


def bare(position: Expr) -> Symbol | None:
    """Return the letter of an index; none where the axis has length 1."""
    if position == 0:
        return None
    if not isinstance(position, Symbol):
        raise NotWrittenError(f"the index {position} is no letter")
    return position


def size_text(size: Expr) -> str:
    """Write the number of indices of an axis."""
    if isinstance(size, Symbol):
        return identifier(size.name)
    raise NotWrittenError(f"the size {size} is no letter")


def _is_below(factor: Pow) -> bool:
    return bool(factor.exp.could_extract_minus_sign()) and not isinstance(factor, exp)


def _is_negative(term: Expr) -> bool:
    return bool(term.could_extract_minus_sign())


def _ordered(condition: Expr) -> tuple[Expr, Expr]:
    """Return the smaller and the larger side of a strict comparison."""
    if isinstance(condition, StrictGreaterThan):
        return condition.rhs, condition.lhs
    if isinstance(condition, StrictLessThan):
        return condition.lhs, condition.rhs
    raise NotWrittenError(f"the condition {condition} is not strict")


def _bracket(terms: Terms, condition: Expr) -> str:
    if isinstance(condition, Eq | Ne):
        raise NotWrittenError(f"the bracket [{condition}] compares indices")
    if isinstance(condition, GreaterThan | LessThan):
        return f"at_least {terms.argument(condition.gts)} {terms.argument(condition.lts)}"
    small, large = _ordered(condition)
    return f"above {terms.argument(large)} {terms.argument(small)}"
