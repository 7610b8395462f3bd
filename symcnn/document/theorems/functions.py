r"""The functions and the constants that formulas call by a letter, defined where each first stands.

sigma(y) = 1 / (1 + e^{-y}), the logistic function
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sympy import Expr, Function

from symcnn.document.blocks import Text, inline, joined
from symcnn.document.context import Context
from symcnn.document.words.mentioned import Mentioned
from symcnn.equations.functions import DefinedFunction
from symcnn.equations.notation import argument
from symcnn.writing.lettering import taken_letters


def definitions(
    context: Context, formulas: Collection[Expr], mentioned: Mentioned, *, slopes: bool = False
) -> Text:
    """Define the functions of some formulas, and give the constants, that are not known yet."""
    called = dict.fromkeys(c for f in formulas for c in context.constants.called(f))
    functions, constants = mentioned.new(_called(formulas)), mentioned.new(called)
    given = [("Here ", inline(letter, "=", number), ".") for letter, number in constants]
    return joined([*(_definition(context, own, slopes) for own in functions), *given])


def further(context: Context, formulas: Iterable[Expr], mentioned: Mentioned) -> Text:
    """Define the functions of derivatives that no formula of the forward pass has."""
    known = set(_called(e.value for e in context.derivation.network.equations))
    others = [f for f in formulas if not known & {*_called([f])}]
    return joined(_definition(context, what) for what in mentioned.new(_called(others)))


def _called(formulas: Iterable[Expr]) -> dict[type[DefinedFunction], None]:
    """Return the functions that are printed as letters, in the order of their names."""
    found = {type(part) for formula in formulas for part in formula.atoms(Function)}
    named = [f for f in found if issubclass(f, DefinedFunction) and f.called]
    return dict.fromkeys(sorted(named, key=lambda function: function.__name__))


def _definition(
    context: Context, function: type[DefinedFunction], with_derivative: bool = False
) -> Text:
    letter = argument(taken_letters(context.derivation.network))
    value = context.printed(function(letter)), context.printed(function.definition(letter))
    slope = inline(context.printed(function(letter).diff(letter)))
    derivative: Text = (", with the derivative ", slope) if with_derivative else ()
    return "Here ", inline(value[0], "=", value[1]), f" is {function.called}", *derivative, "."
