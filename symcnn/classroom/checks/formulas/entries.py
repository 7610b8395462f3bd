"""What letters stand for at one case: entries, whole arrays, sizes and indices."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from symcnn.classroom.checks.formulas.axes import POSITIONS, Tags
from symcnn.classroom.checks.formulas.cases import Case
from symcnn.classroom.checks.formulas.meaning import (
    Quantity,
    Reading,
    key_of,
    letter_of,
    samples_above,
    samples_in,
)
from symcnn.classroom.checks.formulas.tree import WHOLE, Node, Ref, names_in, size_name
from symcnn.equations.values import Array
from symcnn.limits import formulas as limits


class NoValueError(Exception):
    """A formula has no value as it is read, with the reason."""


_EACH = Ref("each sample")
"""The index of a sample that a formula for every sample leaves out."""

Scope = tuple[tuple[str, Array], ...]
"""The indices in scope, with the numbers that they run over."""


class Entries:
    """The letters of a formula at one case, as it is read."""

    value: Callable[[Node, Scope], Array]  # of evaluations of whole formulas

    def __init__(self, case: Case, reading: Reading, formula: Node) -> None:
        """Take the case, how the formula is read, and the formula."""
        self.case, self.reading, self.formula = case, reading, formula
        self.samples = samples_in(formula, reading.left)
        self.outside = 0.0  # what is read there
        self.each = reading.each and "n" in case.tags[reading.target.name]

    @cached_property
    def due(self) -> tuple[Array, Scope, int]:
        """What is due, the free indices with their ranges, and the number of further axes."""
        left = self.reading.left or Ref("")
        if self.reading.own:
            return self._own_due(left)
        array, tags = self.quantity(self.reading.target)
        if left.subs is None and not samples_above(left, self.samples) and not self.each:
            whole = self._whole(array, tags)
            return whole, (), whole.ndim
        indices, order, rest = self.placed(left, tags)
        moved = self._moved(array, tags, order, rest)
        scope = list[tuple[str, Array]]()
        for node, tag, size in zip(indices, order, moved.shape, strict=False):
            if not isinstance(node, Ref):
                raise NoValueError("an index left of the equals sign is no letter")
            scope.append((node.base, np.arange(size) + self.first(tag, tags, size)))
        return moved, tuple(scope), moved.ndim - len(order)

    def _own_due(self, left: Ref) -> tuple[Array, Scope, int]:
        """Return what is due in the network's own notation, whose left side may hold sums."""
        array = self._own_array(self.reading.target)
        subs = left.subs or (WHOLE,) * array.ndim
        said = {own.index: own for own in self.reading.ranges}
        scope: Scope = ()
        for sub, size in zip(subs, array.shape, strict=False):
            for name in sorted(names_in(sub) - {WHOLE.base, *dict(scope)}):
                if name in said:
                    limits_of = (said[name].lower or WHOLE, said[name].upper or WHOLE)
                    first, last = (int(np.ravel(self.value(n, ()))[0]) for n in limits_of)
                    scope = (*scope, (name, np.arange(first, last + 1)))
                elif sub == Ref(name):
                    scope = (*scope, (name, np.arange(size) + self.reading.base))
                else:
                    raise NoValueError(f"it is not said what {name} runs over")
        numbers = np.arange(1, array.size + 1).reshape(array.shape)
        if not np.array_equal(
            np.unique(self._own_entries(numbers, subs, scope)), np.ravel(numbers)
        ):
            raise NoValueError("the left side does not name every entry once")
        due = self._own_entries(array, subs, scope)
        return due, scope, due.ndim - len(scope)

    def _own_array(self, quantity: Quantity) -> Array:
        """Return the numbers of a tensor without the axes that have length 1 in the network."""
        array, _ = self.quantity(quantity)
        shape = self.case.base.tensors[quantity.name].shape
        kept = tuple(n for n, size in zip(array.shape, shape, strict=True) if size != 1)
        if int(np.prod(kept)) != array.size:
            raise NoValueError("an index is missing")
        return array.reshape(kept)

    def _own_entries(self, array: Array, subs: tuple[Node, ...], scope: Scope) -> Array:
        """Return entries, or whole vectors and matrices along the axes that have no index."""
        if len(subs) != array.ndim:
            raise NoValueError(f"there are {len(subs)} indices, and {array.ndim} axes")
        whole = [axis for axis, sub in enumerate(subs) if sub == WHOLE]
        named = [axis for axis, sub in enumerate(subs) if sub != WHOLE]
        moved, indices = np.transpose(array, named + whole), tuple(subs[axis] for axis in named)
        found = self._gathered(moved, indices, ("",) * len(named), (), scope)
        return found[..., None] if len(whole) == 1 else found

    def quantity(self, quantity: Quantity) -> tuple[Array, Tags]:
        """Return the numbers of what a letter stands for, and what its axes are."""
        name, kind = quantity
        tags = self.case.tags.get(name)
        if tags is None:
            raise NoValueError(f"there is no {name} here")
        if kind == "value":
            return self.case.values[name], tags
        if kind in ("root", "deviation"):
            epsilon = self.case.sizes.get("the epsilon", 0.0) if kind == "root" else 0.0
            return np.sqrt(self.case.values[name] + epsilon), tags
        factor = self.case.sizes["the number of samples"] if kind == "sample" else 1.0
        return self.case.gradient(name) * factor, tags

    def placed(self, ref: Ref, tags: Tags) -> tuple[tuple[Node, ...], Tags, Tags]:
        """Return the indices of a letter, the axes that they stand for, and the others."""
        above = samples_above(ref, self.samples)
        if above and "n" not in tags:
            raise NoValueError("there is only one sample")
        order = self.reading.orders.get(key_of(ref, tags, self.samples))
        if order is None and ref.below:
            raise NoValueError(f"{ref.base} has {len(ref.below)} indices, and not as many axes")
        placed = (*("n" for _ in above), *(order or ()))
        if self.each and "n" in tags and "n" not in placed:
            above, placed = (*above, _EACH), ("n", *placed)
        return (*above, *ref.below), placed, tuple(t for t in tags if t not in placed)

    def _moved(self, array: Array, tags: Tags, order: Tags, rest: Tags) -> Array:
        """Return an array with the axes of the indices in front; others of length 1 go.

        What is left without an index is a whole array, if it has positions or entries.
        """
        lengths = dict(zip(tags, array.shape, strict=True))
        is_entry = bool(order) and all(lengths[tag] == 1 for tag in rest)
        is_whole = rest in (("i",), ("c",)) or any(tag in (*POSITIONS, "q") for tag in rest)
        keep = rest if is_whole and not is_entry else ()
        for tag in rest if not keep else ():
            if lengths[tag] != 1:
                raise NoValueError(_MISSING.get(tag, "an index is missing"))
        axes = [tags.index(tag) for tag in (*order, *keep)]
        others = [axis for axis in range(array.ndim) if axis not in axes]
        moved = np.transpose(array, (*axes, *others))
        return self._whole_of(moved.reshape(moved.shape[: len(axes)]), len(order), keep)

    def _whole_of(self, moved: Array, count: int, keep: Tags) -> Array:
        """Return the part behind the indices as a matrix, or an image."""
        own = moved.shape[count:]
        if any(tag in POSITIONS for tag in keep):
            named = zip(own, keep, strict=True)
            own = tuple(n for n, tag in named if tag in (*POSITIONS, "f") or n > 1)
        elif len(keep) == 1:
            own = (1, *own) if self.reading.rows else (*own, 1)
        return moved.reshape((*moved.shape[:count], *own))

    def _whole(self, array: Array, tags: Tags) -> Array:
        """Return a whole tensor: a matrix of weights, a vector, or images."""
        kept = tuple(tag for tag in tags if tag != "-")
        array = array.reshape(tuple(n for n, t in zip(array.shape, tags, strict=True) if t != "-"))
        if kept == ("o", "i"):
            flipped = self.reading.orders.get((kept, 2, False)) == ("i", "o")
            return array.T if flipped else array
        if kept == ("n", "q"):
            return array if self.reading.rows else array.T
        return self._whole_of(array, 0, kept)

    def first(self, tag: str, tags: Tags, size: int) -> int:
        """Return the number of the first entry along an axis."""
        if self.reading.centred and tag in POSITIONS and "o" in tags:
            return -((size - 1) // 2)
        return self.reading.base if tag in POSITIONS else self.reading.first

    def ref(self, ref: Ref, scope: Scope) -> Array:
        """Return an entry for every place, a whole array, a size or an index."""
        names = [name for name, _ in scope]
        if ref.base in names and ref == Ref(ref.base):
            at = names.index(ref.base)
            return along(scope[at][1].astype(float), at, scope)
        quantity = self.reading.letters.get(letter_of(ref, self.samples))
        if quantity is None:
            return self._size(ref, scope)
        if quantity.kind == "identity":
            first, second = (self.value(s, scope) for s in ref.below)
            return np.asarray(first == second, dtype=float)
        if self.reading.own:
            array = self._own_array(quantity)
            return self._own_entries(array, ref.subs or (WHOLE,) * array.ndim, scope)
        array, tags = self.quantity(quantity)
        is_each = self.each and "n" in tags
        if ref.subs is None and not samples_above(ref, self.samples) and not is_each:
            whole = self._whole(array, tags)
            return whole.reshape((1,) * len(scope) + whole.shape)
        indices, order, rest = self.placed(ref, tags)
        moved = self._moved(array, tags, order, rest)
        return self._gathered(moved, indices, order, tags, scope)

    def _size(self, ref: Ref, scope: Scope) -> Array:
        name = size_name(ref)
        if name in CONSTANTS:
            return number_for(CONSTANTS[name], scope)
        if name not in self.reading.sizes:
            raise NoValueError(f"{name} stands for nothing that is known")
        word = self.reading.sizes[name]
        if word not in self.case.sizes:
            raise NoValueError(f"there is no number for {word}")
        return number_for(self.case.sizes[word], scope)

    def _gathered(
        self, moved: Array, indices: tuple[Node, ...], order: Tags, tags: Tags, scope: Scope
    ) -> Array:
        """Return the entries at some indices; what lies outside is 0."""
        inside: Any = True
        places = list[Array]()
        for node, tag, size in zip(indices, order, moved.shape, strict=False):
            at = self.value(node, scope)
            if at.ndim != len(scope):
                raise NoValueError("an index is an array")
            at = at - self.first(tag, tags, size)
            at = np.nan_to_num(at, nan=-1e9, posinf=-1e9, neginf=-1e9)
            near = np.rint(at)
            inside = inside & (np.abs(at - near) < 1e-6) & (near >= 0) & (near < size)
            places.append(np.clip(near, 0, size - 1).astype(int))
        check_entries(*np.broadcast_shapes(*(p.shape for p in places)), *moved.shape[len(order) :])
        found = moved[tuple(places)] if places else moved.reshape((1,) * len(scope) + moved.shape)
        mask = np.asarray(inside)
        return np.where(
            mask.reshape(mask.shape + (1,) * (found.ndim - mask.ndim)), found, self.outside
        )


def check_entries(*shape: int) -> None:
    """Refuse an array with too many entries."""
    if int(np.prod(shape, dtype=float)) > limits.ENTRIES:
        raise NoValueError("the formula has too many indices to be tried out")


_MISSING = {
    "n": "there is no index for the sample",
    "c": "there is no index for the channel",
    "i": "there is no index for the input channel",
    "o": "there is no index for the filter",
}
CONSTANTS = {"e": np.e, "pi": np.pi}
"""Letters for numbers, where they are nothing else."""


def along(numbers: Array, axis: int, scope: Scope) -> Array:
    """Return numbers along the axis of one index."""
    return numbers.reshape([numbers.size if a == axis else 1 for a in range(len(scope))])


def number_for(value: float, scope: Scope) -> Array:
    """Return one number for all indices."""
    return np.full((1,) * len(scope), value)
