"""What is added up over a window, if that has a name, and where it has kinks."""

from __future__ import annotations

from typing import Literal

from sympy import Abs

from symcnn.document.facts.derivative import Contribution
from symcnn.equations import accesses
from symcnn.equations.functions import Iverson

Summands = Literal["", "absolute values", "squares"]
Kinks = Literal["", "at 0", "elsewhere"]


def summands(one: Contribution) -> Summands:
    """Return what the terms of a sum are called."""
    value, entry = one.step.source.value, one.step.access
    return "absolute values" if value == Abs(entry) else "squares" if value == entry**2 else ""


def kinks(one: Contribution) -> Kinks:
    """Return where terms have no derivative: there what comes back changes in a jump."""
    if not any(accesses(bracket) for bracket in one.step.local.atoms(Iverson)):
        return ""
    return "at 0" if summands(one) == "absolute values" else "elsewhere"
