"""The constants that have a letter, each given where it first stands."""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Expr

from symcnn.document.blocks import Text, inline
from symcnn.document.context import Context
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.words import joined


def given(context: Context, formulas: Iterable[Expr], mentioned: Mentioned) -> Text:
    """Say what the letters of constants in some formulas are that were not given before."""
    called = [pair for formula in formulas for pair in context.constants.called(formula)]
    new = [pair for pair in dict.fromkeys(called) if mentioned.first(pair)]
    return joined(("Here ", inline(letter, "=", number), ".") for letter, number in new)
