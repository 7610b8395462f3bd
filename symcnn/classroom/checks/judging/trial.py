"""One call of a function: sizes, settings and numbers, what is due, and what distinguishes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from math import prod
from typing import Any

import numpy as np
from sympy import Expr

from symcnn.classroom.checks.code.callee import Call
from symcnn.classroom.checks.judging.evaluation import Evaluation
from symcnn.classroom.checks.judging.numbers import drawn, has_kinks
from symcnn.classroom.checks.judging.rounded import Array, Rounded
from symcnn.classroom.checks.judging.subject import Subject
from symcnn.errors import SymcnnError
from symcnn.network.layers.window import Window

_TRIED, _APART = 4, 100
"""So many seeds are tried until no entry lies on a kink, and so far apart."""

TARGET = "target"
SEVERAL_AXES = "the input has several axes"
OF_SAMPLES = frozenset({"there are several samples", "there is one sample"})
OF_SIZES = OF_SAMPLES | {"there are several channels", "height and width differ"}
"""What is not of the settings of a layer, but of the sizes at which it is tried."""


@dataclass(frozen=True, eq=False)
class Trial:
    """A call of a function with numbers of one seed.

    Attributes:
        subject: What is checked, at some sizes.
        seed: Which numbers.
        tied: Whether the input is such that maxima are tied.
        fine: Whether the numbers have so many digits that single precision rounds.
        short: Whether weights and error signals have few different numbers, to be followed by hand.
        varied: The settings that differ from those of other trials, by name.
        is_smallest: Whether the sizes are the smallest, at which few mistakes show.
        labels: Whether the function is passed the number of each sample's class for its target.
        constant: The tensor of which all samples, filters or rows are equal, or the role of those
            of which all entries are; those of an error signal are, too.
        memory: The arrays that the function is given in memory that is not contiguous, and how.
        reading: In which way their memory is misread, where they hold what is then found in it.
    """

    subject: Subject
    seed: int
    tied: bool = False
    fine: bool = False
    short: bool = False
    varied: Mapping[str, Any] = field(default_factory=dict)
    is_smallest: bool = False
    labels: bool = False
    constant: str = ""
    memory: Mapping[str, str] = field(default_factory=dict)
    reading: str = ""

    @property
    def numbers(self) -> dict[str, Array]:
        """What the network is given, by the names of tensors."""
        return self._made[0]

    @property
    def evaluation(self) -> Evaluation:
        """What is due."""
        return self._made[1]

    @cached_property
    def _made(self) -> tuple[dict[str, Array], Evaluation]:
        chosen = (self.tied, self.fine, self.short, self.labels, self.constant)
        return _made(self.subject, self.seed, *chosen)

    @cached_property
    def inputs(self) -> dict[str, Array]:
        """What the function is given, by what the arrays are called."""
        return self.subject.inputs(self.evaluation)

    @property
    def call(self) -> Call:
        """The call."""
        inputs = {name: array.copy() for name, array in self.inputs.items()}
        if self.labels:
            inputs[TARGET] = np.argmax(inputs[TARGET], axis=-1)
        wanted = {name: self.subject.tensor(name).shape for name in self.subject.due}
        shapes = {n: tuple(map(int, shape)) for n, shape in wanted.items() if n not in inputs}
        settings = settings_of(self.subject)
        return Call(inputs, settings, "float64", shapes, self.memory, self.reading)

    def due(self, name: str) -> Rounded:
        """Return the array that is due."""
        return self.evaluation.due(self.subject.tensor(name))

    @property
    def entries(self) -> int:
        """How many numbers are given and due."""
        due = (prod(int(n) for n in self.subject.tensor(w).shape) for w in self.subject.wanted)
        return sum(array.size for array in self.inputs.values()) + sum(due)

    @property
    def sizes(self) -> dict[str, Any]:
        """The settings and sizes, as a case holds them."""
        chosen = self.subject.layer.settings() if self.subject.kind != "gradients" else {}
        plain = {name: _plain(value) for name, value in chosen.items() if value is not None}
        return {**plain, "input_shape": self.subject.network.input_shape, "batch": self.batch}

    @property
    def batch(self) -> int:
        """The number of samples."""
        return self.subject.batch

    def __str__(self) -> str:
        """Return the settings that vary, and the sizes."""
        sizes = f"{self._inputs}, batch of {self.batch}"
        varied = [f"{name} = {value}" for name, value in self.varied.items()]
        return ", ".join([*varied, sizes, *(["ties"] if self.tied else [])])

    @property
    def _inputs(self) -> str:
        """The shapes of one sample of what is read."""
        read = self.subject.network.stages[-1].inputs if self.subject.kind != "gradients" else ()
        if len(read) < 2:
            return f"input {tuple(self.subject.network.input_shape)}"
        shapes = (tuple(map(int, tensor.of_one_sample().shape)) for tensor in read)
        return f"inputs {' and '.join(map(str, shapes))}"

    @cached_property
    def traits(self) -> dict[str, bool]:
        """What may decide whether a mistake shows: phrases, and whether they hold."""
        windows, given = self.windows, self.subject.layer.settings()
        shape = self.subject.network.input_shape
        image = shape[:-1] if len(shape) > 1 else ()
        return {
            "the stride is greater than 1": any(w.stride > 1 for w in windows),
            "there is padding": any(w.before or w.after for w in windows),
            "the dilation is greater than 1": any(w.dilation > 1 for w in windows),
            "there are several groups": given.get("groups", 1) not in (1, None),
            "windows overlap": any(w.overlaps for w in windows),
            "the windows leave entries at the end over": any(map(_is_left_over, windows)),
            "there are several samples": self.batch > 1,
            "there is one sample": self.batch == 1,
            SEVERAL_AXES: len(shape) > 1,
            "there are several channels": len(shape) > 1 and shape[-1] > 1,
            "height and width differ": len(set(image)) > 1,
            "the kernel is longer along one axis": len({w.kernel for w in windows}) > 1,
            "maxima are tied": self.tied,
            "the stride is 1": bool(windows) and all(w.stride == 1 for w in windows),
            "there is no padding": bool(windows) and not any(w.before or w.after for w in windows),
        }

    @cached_property
    def windows(self) -> Sequence[Window]:
        """The windows along each axis, if a layer alone is checked and has any."""
        if self.subject.kind == "gradients":
            return ()
        try:
            return self.subject.network.stages[-1].windows
        except SymcnnError:
            return ()


@lru_cache(maxsize=512)
def _made(
    subject: Subject, seed: int, tied: bool, fine: bool, short: bool, labels: bool, constant: str
) -> tuple[dict[str, Array], Evaluation]:
    """Return numbers and what is due: the next function that is checked is given the same."""

    def evaluated(seed: int, *, positive: bool) -> tuple[dict[str, Array], Evaluation]:
        chosen = {"tied": tied, "fine": fine, "short": short, "positive": positive}
        chosen["labels"] = labels
        numbers = drawn(subject.network, seed, **chosen)
        for tensor in subject.network.given if constant else ():
            if constant in (tensor.name, tensor.role):
                is_single = constant in ("gradient", tensor.role)
                numbers[tensor.name] = _repeated(numbers[tensor.name], single=is_single)
        return numbers, Evaluation(subject.stages, numbers)

    found = evaluated(seed, positive=False)
    is_total = np.isfinite(found[1].loss).all()  # positive numbers are for a logarithm, for example
    for more in range(_TRIED):
        if more or not is_total:
            found = evaluated(seed + _APART * more, positive=not is_total)
        if not has_kinks(subject.network, found[0]):
            break
    return found


def _repeated(array: Array, *, single: bool) -> Array:
    """Return an array whose first entry along its first axis is repeated, or along every axis."""
    first = array.ravel()[0] if single else array[:1]
    return np.broadcast_to(first, array.shape).copy()


def _is_left_over(window: Window) -> bool:
    return (window.padded - window.extent) % window.stride != 0


def settings_of(subject: Subject) -> dict[str, Any]:
    """Return the settings of a layer as a function is given them: as plain numbers."""
    if subject.kind == "gradients":
        return {}
    found = {name: _plain(value) for name, value in subject.layer.settings().items()}
    if found.get("stride", 0) is None:
        found["stride"] = found.get("pool_size")
    return found


def _plain(value: Any) -> Any:
    """Return a number as one of Python: an integer or a float."""
    if isinstance(value, bool | int | str) or value is None:
        return value
    if isinstance(value, tuple | list):
        return tuple(_plain(part) for part in value)
    if isinstance(value, Expr) and value.is_Integer:
        return int(value)
    return float(value)
