"""SymPy expressions in a language of braces, in the order in which Python's programs compute them.

A printer is one of SymPy's with ``Expressions`` in front of it, and the table of the language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar

from sympy import Eq, Expr, Indexed, Ne, NumberSymbol, Piecewise, Pow, S, Symbol
from sympy.core.relational import Relational

from symcnn.equations.functions import DefinedFunction, Iverson, bounded, bounded_exp, relu
from symcnn.errors import SymcnnError
from symcnn.programs.backends.loops.language import Language
from symcnn.programs.backends.straight.functions import Argmax, Select


class Expressions:
    """Operators and conditional expressions around the functions of a language and its helpers.

    Attributes:
        language: The table of spellings.
        called: What the language is called in errors.
        calls: The calls of functions with one of the language's own, or with a helper.
        most_exponent: The largest exponent of an exponential that is bounded.
    """

    language: Language
    called: ClassVar[str]
    calls: Mapping[Any, str]
    most_exponent: float
    printmethod: str

    def __init__(
        self, settings: Mapping[str, Any], entry: Callable[[Indexed], str] | None = None
    ) -> None:
        """Take SymPy's settings, and what prints an entry of an array."""
        super().__init__({"strict": True, **settings})  # type: ignore[call-arg]
        self._entry = entry
        self._whole: Expr | None = None

    def code(self, expression: Expr, *, alone: bool = True) -> str:
        """Return the text of an expression.

        Args:
            expression: The expression.
            alone: Whether it stands by itself, so that cases need no brackets around them.

        Raises:
            SymcnnError: If it has a function that the language has no text for.
        """
        self._whole = expression if alone else None
        return str(self.doprint(expression))  # type: ignore[attr-defined]

    def _print(self, expr: Any, **options: Any) -> str:
        text = self._own(expr)
        return super()._print(expr, **options) if text is None else text  # type: ignore[misc]

    def _own(self, expr: Any) -> str | None:
        """Return the text of what SymPy does not know, or writes differently."""
        language = self.language
        match expr:
            case Iverson():
                return self._cases(expr, [(" && ".join(self._all(expr.args)), "1"), ("", "0")])
            case Piecewise():
                cases = ((self._print(c), self._print(value)) for value, c in expr.args)
                return self._cases(expr, [*cases])
            case Select():
                return self._selected(expr)
            case Argmax():
                return self._place(expr)
            case relu():
                return language.larger.format(a=self._print(expr.args[0]), b="0")
            case bounded():
                z, bound = self._all(expr.args)
                larger = language.larger.format(a=z, b=f"-{bound}")
                return language.smaller.format(a=larger, b=bound)
            case bounded_exp():
                z = self._print(expr.args[0])
                return language.exp.format(
                    z=language.smaller.format(a=z, b=str(self.most_exponent))
                )
            case Indexed() if self._entry is not None:
                return self._entry(expr)
        if getattr(expr, "func", None) in self.calls:
            return self._called(expr.func, [*self._all(expr.args)])
        if isinstance(expr, DefinedFunction) and not hasattr(expr, self.printmethod):
            return f"({self._print(expr.definition(expr.args[0]))})"
        return None

    def _called(self, function: Any, arguments: Iterable[str]) -> str:
        """Return the call of a function of the table."""
        return f"{self.calls[function]}({', '.join(arguments)})"

    def _all(self, parts: Any) -> Iterator[str]:
        return map(self._print, parts)

    def _cases(self, expr: Expr, cases: list[tuple[str, str]]) -> str:
        """Write the first value whose condition holds; the last one needs none."""
        *conditional, (_, last) = cases
        text = "".join(f"{condition} ? {value} : " for condition, value in conditional) + last
        return text if expr is self._whole else f"({text})"

    def _selected(self, expr: Expr) -> str:
        """Write the coefficient of the place that a window took; most are 0."""
        place, *coefficients = expr.args
        taken, last = self._print(place), coefficients[-1]
        others = [n for n, c in enumerate(coefficients) if c != last]
        equal = self.language.equal
        cases = ((f"{taken} {equal} {n}", self._print(coefficients[n])) for n in others)
        return self._cases(expr, [*cases, ("", self._print(last))])

    def _place(self, expr: Expr) -> str:
        """Write the number of the first largest term: of two, whether the second is larger."""
        wanted, *terms = expr.args
        if len(terms) == 2:
            first, second = self._all(terms)
            return self._cases(expr, [(f"{first} < {second}", "1"), ("", "0")])
        largest = self._print(wanted)
        *others, _ = (f"{largest} {self.language.equal} {term}" for term in self._all(terms))
        cases = [(condition, str(n)) for n, condition in enumerate(others)]
        return self._cases(expr, [*cases, ("", str(len(others)))])

    def _print_not_supported(self, expr: Any) -> str:
        raise SymcnnError(
            f"{expr.func.__name__} cannot be written in {self.called}: derive the function from "
            f"DefinedFunction, or give it a method {self.printmethod}(printer)"
        )

    def _print_Symbol(self, expr: Symbol) -> str:
        return self.language.identifier(str(super()._print_Symbol(expr)))  # type: ignore[misc]

    def _print_Pow(self, expr: Pow) -> str:
        """Write what IEEE 754 fixes by its operations: products, quotients and square roots."""
        base, exponent = expr.args
        if exponent == 2:
            return f"square({self._print(base)})"
        if exponent == -S.Half:
            return f"1/{self.language.sqrt.format(z=self._print(base))}"
        if exponent in (-1, S.Half):
            return str(super()._print_Pow(expr))  # type: ignore[misc]
        power = {"z": self._print(base), "exponent": self._print(exponent)}
        return self.language.power.format(**power)

    def _print_NumberSymbol(self, expr: NumberSymbol) -> str:
        return repr(float(expr))

    def _print_Relational(self, expr: Relational) -> str:
        signs = {Eq: self.language.equal, Ne: self.language.unequal}
        sign = signs.get(expr.func, expr.rel_op)
        return f"{self._print(expr.lhs)} {sign} {self._print(expr.rhs)}"
