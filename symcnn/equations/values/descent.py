"""The learning rate of gradient descent."""

from __future__ import annotations

from typing import Any

from sympy import Expr

from symcnn.equations.values.exact import exact
from symcnn.errors import SymcnnError


def positive_rate(rate: Any) -> Expr:
    """Return a learning rate exactly; anything but a positive number is an error."""
    number = exact(rate, "the learning rate")
    if number <= 0:
        raise SymcnnError(f"the learning rate is {number}: a positive number is needed")
    return number
