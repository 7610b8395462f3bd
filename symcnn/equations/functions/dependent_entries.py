"""Entries that depend on others: they are not differentiated as if they were constants.

z[i, k] depends on w through its equation, which the expression z[i, k] does not hold. SymPy would
give 0 for its derivative with respect to w; it is refused, with the call that gives it.
"""

from __future__ import annotations

from typing import Any

from sympy import Dummy, Expr, Indexed, IndexedBase

from symcnn.errors import SymcnnError


class ComputedBase(IndexedBase):  # type: ignore[misc]
    """The base of a tensor that has equations."""

    @classmethod
    def class_key(cls) -> tuple[int, int, str]:
        """Be printed where other bases are."""
        key: tuple[int, int, str] = IndexedBase.class_key()
        return key

    def __getitem__(self, indices: Any, **options: Any) -> Indexed:
        """Return an entry that knows that it depends on others."""
        made = super().__getitem__(indices, **options)
        return ComputedEntry(self, *made.indices)


class ComputedEntry(Indexed):  # type: ignore[misc]
    """An entry of a tensor that has equations."""

    @classmethod
    def class_key(cls) -> tuple[int, int, str]:
        """Be printed where other entries are: t - z, not -z + t."""
        key: tuple[int, int, str] = Indexed.class_key()
        return key

    def _eval_derivative(self, other: Expr) -> Expr:
        """Differentiate with respect to an entry of the same tensor, or a placeholder alone."""
        if isinstance(other, Dummy) or (isinstance(other, Indexed) and other.base == self.base):
            return super()._eval_derivative(other)
        raise SymcnnError(
            f"{self} depends on {other} by its equation: take Derivation.hessian(name, other) for "
            "second derivatives, or the closed form of an entry, Derivation.partial(name, index)"
        )
