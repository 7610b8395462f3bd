"""What a check asks of somebody's function, and what it hears: calls and their outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np

Arrays = Mapping[str, np.ndarray[Any, Any]]
"""Arrays by the names of what they are: ``x``, ``weight``, ``bias``, ``dout``, ``y``."""

Kind = Literal["backward", "forward", "gradients"]
"""Whether a function returns gradients of a layer, its output, or gradients of a network."""


@dataclass(frozen=True)
class Call:
    """One call of a function, with arrays in symcnn's layout: batch first, channels last.

    Attributes:
        inputs: The arrays by name; ``dout`` is the error signal, the derivative of the loss with
            respect to the output, where the function is a backward pass.
        settings: The settings of the layer by name: ``{"stride": 2}``.
        dtype: ``float64`` or ``float32``, the type of the arrays that the function is given.
        shapes: The shapes of what is due, by name, where no input has them: of ``y``. Only
            functions in C need them, which write into arrays that they are given.
    """

    inputs: Arrays
    settings: Mapping[str, Any]
    dtype: str = "float64"
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What a call returned, or why there is nothing.

    Attributes:
        arrays: The arrays in symcnn's layout, by the names of what they are: of a backward pass,
            ``x`` is the derivative with respect to the input. Their type is that of the function.
        failure: Why there are no arrays, in one sentence; "" if there are.
        remarks: What else is noteworthy, a sentence each: that an input was changed, for example.
        unlaid: The names of the arrays whose number of axes is another than is due: they stand in
            ``arrays`` as they were returned.
        is_skipped: Whether the function was not called, since an earlier call never ended or
            several ended its process: ``failure`` tells of that call.
    """

    arrays: Arrays
    failure: str = ""
    remarks: tuple[str, ...] = ()
    unlaid: tuple[str, ...] = ()
    is_skipped: bool = False


class Callee(Protocol):
    """A function that can be called on arrays in symcnn's layout.

    Attributes:
        notes: What was guessed from the signature, and where the function runs, a sentence each;
            complete when it has run.
        takes: The settings of the layer that the function is given. It can be checked at other
            values of these alone.
    """

    notes: tuple[str, ...]
    takes: tuple[str, ...]

    def run(self, calls: Sequence[Call]) -> Sequence[Outcome]:
        """Return an outcome for each call, in their order."""
        ...
