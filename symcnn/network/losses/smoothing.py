"""Label smoothing: (1 - s) t + s / K stands for the target t, a share s of it over K classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from sympy import Expr, Le, Lt
from sympy.core.relational import Relational

from symcnn.equations import Tensor
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import Size, is_real_letter
from symcnn.equations.values import Real, setting
from symcnn.errors import SymcnnError
from symcnn.network.layers import sources
from symcnn.network.losses.loss import Loss, check_shares


@dataclass(frozen=True)
class Smoothed(Loss):
    """A loss whose target may be smoothed.

    Attributes:
        label_smoothing: The share s of every target that is spread over the K classes:
            (1 - s) t + s / K stands for t.
    """

    label_smoothing: Real = field(default=0, kw_only=True)

    type_name: ClassVar[str] = ""

    @property
    def cited(self) -> str:
        """The work that introduced label smoothing, where there is any."""
        return sources.LABEL_SMOOTHING if self.label_smoothing else self.source

    def classes(self, y: Tensor) -> Size:
        """Return over how many classes a share of the target is spread: those of the last axis."""
        return y.shape[-1]

    def compared(self, t: Expr, y: Tensor) -> Expr:
        """Return the smoothed target.

        Raises:
            SymcnnError: If s is no number from 0 to below 1.
        """
        share = setting(self.label_smoothing, "label_smoothing")
        if not is_real_letter(share) and not (share.is_nonnegative and (share < 1) == True):  # noqa: E712  # of a letter it is neither
            raise SymcnnError(f"label_smoothing is {share}: give a number from 0 to below 1")
        return (1 - share) * t + share / self.classes(y)

    def supposed(self) -> tuple[Relational, ...]:
        """Return 0 <= s < 1, where s is a letter."""
        share = self.label_smoothing
        return (Le(0, share), Lt(share, 1)) if is_real_letter(share) else ()

    def check(self, given: Sequence[Expr], shape: Shape) -> None:
        """Refuse targets that are no probabilities."""
        check_shares(given)
