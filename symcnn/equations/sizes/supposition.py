"""What is supposed of the letters for sizes, P <= H - 1, while formulas are made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sympy import Symbol
from sympy.core.relational import Relational

_Ranges = tuple[tuple[Symbol, Any], ...]
SUPPOSED: ContextVar[_Ranges] = ContextVar("supposed", default=())
"""What is supposed, as ranges, which have one value at least."""


@contextmanager
def supposing(conditions: Iterable[Relational]) -> Iterator[None]:
    """Let proofs use conditions a <= b on letters for sizes: those for which a layer exists."""
    pairs = tuple((Symbol(f"supposed {c}"), (c.gts - c.lts).expand() + 1) for c in conditions)
    token = SUPPOSED.set(SUPPOSED.get() + pairs)
    try:
        yield
    finally:
        SUPPOSED.reset(token)
