"""A tensor: a named array of entries, written in SymPy as an indexed base.

The positions of an axis are one too, iota[v] = v for 0 <= v < n: an index selects an entry and is
no number in a formula; iota turns it into one that is compared with an entry: [ids[n] = iota[v]].
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from itertools import product
from typing import Any, Literal

from sympy import Expr, Indexed, IndexedBase, Symbol, sympify

from symcnn.equations.functions import ComputedBase
from symcnn.equations.notation import Shape, entry_symbol, index
from symcnn.equations.sizes import Size, is_symbolic, number_of
from symcnn.errors import SymcnnError

SAMPLE = index("n")
"""The index symbol that runs over the samples of a batch."""

OWN_SAMPLE = index("own sample")
"""The number of the sample that an equation of one sample is about: s[OWN_SAMPLE]."""

OTHER_SAMPLE = index("other sample")
"""An index that runs over all samples of the batch: t.of_sample(OTHER_SAMPLE, k)."""

_CONSTANT = ("input", "parameter", "given", "target", "constant")
"""The roles of tensors that depend on no others."""

Role = Literal[
    "input",
    "parameter",
    "given",
    "hidden",
    "auxiliary",
    "constant",
    "position",
    "target",
    "loss",
    "adjoint",
    "selector",
]


class PositionBase(IndexedBase):  # type: ignore[misc]
    """The base of iota[v] = v, the numbers of positions (see ``positions``)."""

    @classmethod
    def class_key(cls) -> tuple[int, int, str]:
        """Be printed where other bases are."""
        key: tuple[int, int, str] = IndexedBase.class_key()
        return key


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
        of_batch: The number of samples, where it is about one sample of a batch.
        noun: What it is called in a sentence, if not by the last part of its name.
        positive: Whether its entries are positive, whatever it is computed from.
    """

    name: str
    shape: Shape
    role: Role
    label: str
    axes: tuple[str, ...]
    batched: bool = False
    of_batch: Size | None = field(default=None, compare=False)
    noun: str = field(default="", compare=False, repr=False)
    positive: bool = field(default=False, compare=False, repr=False)

    @cached_property
    def base(self) -> IndexedBase:
        """SymPy's indexed base; it knows the shape."""
        if self.role == "position":
            return PositionBase(Symbol(self.label, real=True), shape=self.shape)
        return _base(self.label, self.shape, self.role in _CONSTANT)

    @cached_property
    def indices(self) -> tuple[Symbol, ...]:
        """The tensor's own index symbols, one per axis."""
        return tuple(index(name) for name in self.axes)

    @property
    def is_given(self) -> bool:
        """Whether its numbers are given, and not computed."""
        return self.role in ("input", "parameter", "given", "target")

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
        samples, *shape = self.shape
        return replace(
            self, shape=tuple(shape), axes=self.axes[1:], batched=False, of_batch=samples
        )

    @property
    def samples(self) -> Size:
        """The number of samples that there are, of which it is about one."""
        return 1 if self.of_batch is None else self.of_batch

    def of_sample(self, sample: Expr, *position: Any) -> Indexed:
        """Return an entry for another sample, T[m, position], where T is about one sample.

        Equations of layers and losses are about one sample, which every sample repeats. This reads
        what other samples have: the index m runs over ``samples`` of them.
        """
        if self.of_batch is None:
            return self[position]
        return self.of_all_samples[(sample, *position)]

    @property
    def of_all_samples(self) -> Tensor:
        """The tensor with its batch axis, if it is about one sample of a batch."""
        return self.with_batch(self.of_batch)

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
                f"{self.name} has the shape {self.shape}, whose entries cannot be listed: "
                "substitute numbers with Network.at({...})"
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


@cache
def positions(size: Size) -> Tensor:
    """Return iota for an axis of some length."""
    return Tensor(f"positions below {size}", (size,), "position", f"iota^({size})", ("v",))


def is_position(read: Indexed) -> bool:
    """Tell whether an access is the number of a position."""
    return is_counted(read.base)


def is_counted(base: IndexedBase) -> bool:
    """Tell whether a base is that of an iota."""
    return isinstance(base, PositionBase)
