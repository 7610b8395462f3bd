"""A function made ready to be run on trials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from symcnn.classroom.checks.code.callee import Callee
from symcnn.classroom.checks.judging.cases import Tried
from symcnn.classroom.checks.judging.standing_in import Here


@dataclass(frozen=True)
class Asked:
    """How a function is called.

    Attributes:
        layout: The layout of its images.
        kernel_layout: That of its kernels.
        arguments: What it takes.
        returns: What it returns.
        seconds: The time after which it is stopped.
    """

    layout: str
    kernel_layout: str | None
    arguments: Sequence[str] | Mapping[str, str] | None
    returns: Sequence[str] | Mapping[str, str] | None
    seconds: float


def called(function: Any, tried: Tried, asked: Asked) -> Callee:
    """Return a function that can be run on trials."""
    subject = tried.trials[0].subject
    return Here(function, [n for n in subject.given if n != "y"], subject.wanted)
