"""A tensor: a named array of entries, written in SymPy as an indexed base."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import product
from typing import Any, Literal

from sympy import Expr, Indexed, IndexedBase, Symbol, sympify

from symcnn.errors import SymcnnError
from symcnn.functions import ComputedBase
from symcnn.notation import Shape, entry_symbol, index
from symcnn.sizes import Size, is_symbolic, number_of

SAMPLE = index("n")
"""The index symbol that runs over the samples of a batch."""

_CONSTANT = ("input", "parameter", "target", "constant")
"""The roles of tensors that depend on no others."""

Role = Literal[
    "input", "parameter", "hidden", "auxiliary", "constant", "target", "loss", "adjoint", "selector"
]


@dataclass(frozen=True)
class Tensor:
    """T[i, j, ...] with 0 <= i < shape[0], 0 <= j < shape[1], ...

    Attributes:
        name: Its name for users: "x", "conv1", "conv1.weight", "target".
        shape: The length of every axis; a scalar has the shape (1,).
        role: Its role in the network.
        label: Its letter in formulas: "x", "z^(2)", "delta^z".
        axes: The names of its own index symbols, one per axis.
        batched: Whether the first axis runs over the samples of a batch.
    """

    name: str
    shape: Shape
    role: Role
    label: str
    axes: tuple[str, ...]
    batched: bool = False

    @cached_property
    def base(self) -> IndexedBase:
        """SymPy's indexed base; it knows the shape."""
        return _base(self.label, self.shape, self.role in _CONSTANT)

    @cached_property
    def indices(self) -> tuple[Symbol, ...]:
        """The tensor's own index symbols, one per axis."""
        return tuple(index(name) for name in self.axes)

    @property
    def is_given(self) -> bool:
        """Whether its numbers are given: those of the input, a parameter or the target."""
        return self.role in ("input", "parameter", "target")

    @property
    def size(self) -> Size:
        """The number of entries."""
        return number_of(self.shape)

    def with_batch(self, samples: Size | None) -> Tensor:
        """Return the tensor of a whole batch, if there is one, with the samples as first axis n."""
        if samples is None:
            return self
        shape, axes = (samples, *self.shape), (SAMPLE.name, *self.axes)
        return replace(self, shape=shape, axes=axes, batched=True)

    def of_one_sample(self) -> Tensor:
        """Return the tensor without its batch axis, if it has one."""
        if not self.batched:
            return self
        return replace(self, shape=self.shape[1:], axes=self.axes[1:], batched=False)

    def __getitem__(self, position: Any) -> Indexed:
        """Return T[position], the position given by affine index expressions."""
        indices = position if isinstance(position, tuple | list) else (position,)
        if len(indices) != len(self.shape):
            raise SymcnnError(
                f"{self.label}[{', '.join(map(str, indices))}] has {len(indices)} indices, but the "
                f"shape of {self.name} is {self.shape}: give one per axis"
            )
        return _indexed(self.base, tuple(map(sympify, indices)))

    def symbol(self, position: Sequence[int]) -> Symbol:
        """Return the symbol of one entry, e.g. w_{13}."""
        return entry_symbol(self.label, self.checked(position), self.shape)

    def checked(self, position: Sequence[int]) -> tuple[int, ...]:
        """Return the position; a position outside the tensor is an error."""
        self._check_numbers()
        inside = len(position) == len(self.shape) and all(
            0 <= p < size for p, size in zip(position, self.shape, strict=True)
        )
        if not inside:
            raise SymcnnError(
                f"{self.name} has no entry {tuple(position)}: its shape is {self.shape}, "
                "indices start at 0"
            )
        return tuple(int(p) for p in position)

    def positions(self) -> Iterator[tuple[int, ...]]:
        """Run over the positions of all entries in row-major order."""
        self._check_numbers()
        return product(*(range(size) for size in self.shape))

    def _check_numbers(self) -> None:
        """Refuse to name entries one by one where letters say how many there are."""
        if any(map(is_symbolic, self.shape)):
            raise SymcnnError(
                f"{self.name} has the shape {self.shape}, whose entries cannot be listed: put "
                "numbers in with Network.at({...})"
            )


# SymPy derives the assumptions of each access anew, and compares two of them by these. Equal
# ones are made once: networks are built again and again, in notebooks as in tests.
@lru_cache(maxsize=2**12)
def _base(label: str, shape: Shape, constant: bool) -> IndexedBase:
    made = IndexedBase if constant else ComputedBase
    return made(Symbol(label, real=True), shape=shape)


@lru_cache(maxsize=2**14)
def _indexed(base: IndexedBase, indices: tuple[Expr, ...]) -> Indexed:
    return base[indices]
