"""Clipping: entries are limited to an interval, also in the hard sigmoid and the hard swish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from sympy import Expr, Integer
from sympy.core.relational import Relational

from symcnn.equations.functions import Iverson
from symcnn.equations.notation import Shape
from symcnn.equations.values import Real, setting
from symcnn.errors import SymcnnError
from symcnn.network.layers import sources
from symcnn.network.layers.activation import AT_ITS_ENTRY, EACH_FIRST, EACH_SIGNAL, Activation
from symcnn.network.meaning import Meaning

_THREE, _SIX = Integer(3), Integer(6)


def _between(z: Expr, low: Expr, high: Expr, inside: Expr, below: Expr, above: Expr) -> Expr:
    """Return a function in three pieces; at a bound it is the outer one, as its derivative is."""
    return (
        inside * Iverson(z > low, z < high) + below * Iverson(z <= low) + above * Iverson(z >= high)
    )


@dataclass(frozen=True)
class Clip(Activation):
    """The entries, clipped to an interval: y = min(max(x, low), high), also called hard tanh.

    The derivative is 1 between the bounds, and 0 beyond them and at them.

    Attributes:
        low: The lower bound.
        high: The upper bound, which is larger.
    """

    low: Real = -1
    high: Real = 1

    meaning: ClassVar[Meaning | None] = Meaning(
        forward="What lies between {low} and {high} is kept; what lies beyond is replaced by the "
        "nearer of these bounds.",
        backward=(
            EACH_SIGNAL,
            "passes where {x} lies between the bounds, and is stopped beyond them and at them.",
        ),
    )
    prefix: ClassVar[str] = "clip"

    def function(self, z: Expr) -> Expr:
        """Return z [low < z < high] + low [z <= low] + high [z >= high]."""
        low, high = setting(self.low, "low"), setting(self.high, "high")
        if (low < high) == False:  # noqa: E712  # of letters it is neither
            raise SymcnnError(f"low = {low} is not below high = {high}: give two bounds in order")
        return _between(z, low, high, z, low, high)

    def supposed(self, shapes: Sequence[Shape]) -> tuple[Relational, ...]:
        """Return that the bounds are in order."""
        ordered = setting(self.low, "low") < setting(self.high, "high")
        return (ordered,) if isinstance(ordered, Relational) else ()


@dataclass(frozen=True)
class ReLU6(Activation):
    """The rectifier, clipped at 6: y = min(max(0, x), 6), with derivative 0 at x = 0 and x = 6.

    Source: Krizhevsky (2010).
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward="This is ReLU, capped at 6: what lies between 0 and 6 is kept, smaller numbers "
        "become 0 and larger ones 6.",
        backward=(
            EACH_SIGNAL,
            "passes where {x} lies between 0 and 6, and is stopped where it does not.",
        ),
    )
    source: ClassVar[str] = sources.RELU6
    prefix: ClassVar[str] = "relu"

    def function(self, z: Expr) -> Expr:
        """Return z [0 < z < 6] + 6 [z >= 6]."""
        return _between(z, Integer(0), _SIX, z, Integer(0), _SIX)


@dataclass(frozen=True)
class HardSigmoid(Activation):
    """y = min(max(0, x + 3), 6) / 6, with derivative 0 at x = -3 and x = 3.

    Source: Howard et al. (2019).
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward="This is a sigmoid of straight lines: 0 up to $-3$, 1 from 3 on, and in between a "
        "line of slope 1/6.",
        backward=(
            EACH_SIGNAL,
            "is divided by 6 where {x} lies between $-3$ and 3, and is stopped where it does not.",
        ),
    )
    source: ClassVar[str] = sources.HARD_SWISH
    prefix: ClassVar[str] = "hard_sigmoid"

    def function(self, z: Expr) -> Expr:
        """Return (z + 3)/6 [-3 < z < 3] + [z >= 3]."""
        return _between(z, -_THREE, _THREE, (z + _THREE) / _SIX, Integer(0), Integer(1))


@dataclass(frozen=True)
class HardSwish(Activation):
    """y = x min(max(0, x + 3), 6) / 6, with derivative 0 at x = -3 and 1 at x = 3.

    Source: Howard et al. (2019).
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=(
            EACH_FIRST,
            "is multiplied by its own hard sigmoid: it passes unchanged if it is at least 3, and "
            "becomes 0 if it is at most $-3$.",
        ),
        backward=(
            EACH_SIGNAL,
            "is multiplied by the slope",
            AT_ITS_ENTRY,
            ": 1 from 3 on, 0 up to $-3$, and in between a number that grows with {x}.",
        ),
    )
    source: ClassVar[str] = sources.HARD_SWISH
    prefix: ClassVar[str] = "hard_swish"

    def function(self, z: Expr) -> Expr:
        """Return z (z + 3)/6 [-3 < z < 3] + z [z >= 3]."""
        return _between(z, -_THREE, _THREE, z * (z + _THREE) / _SIX, Integer(0), z)
