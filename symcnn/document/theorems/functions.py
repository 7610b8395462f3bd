r"""The functions and the constants that formulas call by a letter, defined where each first stands.

sigma(y) = 1 / (1 + e^{-y}), the logistic function
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sympy import Expr, Function

from symcnn.derivation import Derivation
from symcnn.derivation.jacobians import letters
from symcnn.document.blocks import Text, inline, joined
from symcnn.document.context import Context
from symcnn.document.words.mentioned import Mentioned
from symcnn.equations.functions import DefinedFunction
from symcnn.equations.notation import argument
from symcnn.writing.printing.mathematics import MathPrinter


def definitions(
    context: Context, formulas: Collection[Expr], mentioned: Mentioned, *, slopes: bool = False
) -> Text:
    """Define the functions of some formulas, and give the constants, that are not known yet."""
    functions = functions_of(context, formulas, mentioned, slopes=slopes)
    return joined([functions, constants_of(context, formulas, mentioned)])


def functions_of(
    context: Context, formulas: Collection[Expr], mentioned: Mentioned, *, slopes: bool
) -> Text:
    """Define the functions of some formulas that are not known yet."""
    derivation, printer, new = context.derivation, context.printer, mentioned.new
    return joined(definition(derivation, printer, f, slope=slopes) for f in new(called(formulas)))


def constants_of(context: Context, formulas: Collection[Expr], mentioned: Mentioned) -> Text:
    """Give the constants of some formulas that are not known yet."""
    every = dict.fromkeys(c for f in formulas for c in context.constants.called(f))
    given = (("Here ", inline(c, "=", number), ".") for c, number in mentioned.new(every))
    return joined(given)


def further(context: Context, formulas: Iterable[Expr], mentioned: Mentioned) -> Text:
    """Define the functions of derivatives that no formula of the forward pass has."""
    derivation, printer = context.derivation, context.printer
    known = {*called(e.value for e in derivation.network.equations)}
    others = called(f for f in formulas if not known & {*called([f])})
    return joined(definition(derivation, printer, function) for function in mentioned.new(others))


def called(formulas: Iterable[Expr]) -> list[type[DefinedFunction]]:
    """Return the functions that are printed as letters, in the order of their names."""
    found = {type(part) for formula in formulas for part in formula.atoms(Function)}
    named = [f for f in found if issubclass(f, DefinedFunction) and f.called]
    return sorted(named, key=lambda function: function.__name__)


def definition(
    derivation: Derivation,
    printer: MathPrinter,
    function: type[DefinedFunction],
    *,
    slope: bool = False,
) -> Text:
    """Say what a function is, and what its derivative is where that is asked for."""
    letter = argument(letters(derivation))
    value, meaning = (printer.tree(e) for e in (function(letter), function.definition(letter)))
    steep = (inline(printer.tree(function(letter).diff(letter))),) if slope else ()
    derivative: Text = (", with the derivative ", *steep) if slope else ()
    return "Here ", inline(value, "=", meaning), f" is {function.called}", *derivative, "."
