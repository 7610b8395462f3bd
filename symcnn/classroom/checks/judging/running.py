"""A function made ready to be run on trials."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from symcnn.classroom.checks.code.arguments import Names, listed
from symcnn.classroom.checks.code.callee import Callee
from symcnn.classroom.checks.code.functions import callee
from symcnn.classroom.checks.code.statistics_returned import returned
from symcnn.classroom.checks.code.vocabulary import gradient_called
from symcnn.classroom.checks.judging.cases import Tried
from symcnn.classroom.checks.judging.layouts import Layouts
from symcnn.classroom.checks.judging.subject import Subject


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
    arguments: Names
    returns: Names
    seconds: float


def wanted(function: Any, tried: Tried, asked: Asked) -> tuple[str, ...]:
    """Return the arrays that are due: those that the function is stated to return, or all.

    Of the statistics of a normalisation, these are those that it returns.
    """
    subject = tried.trials[0].subject
    every = subject.wanted
    if subject.offered and not isinstance(asked.returns, Mapping):
        forward = function[0] if isinstance(function, tuple | list) else function
        return (*every, *returned(forward, listed(asked.returns)).statistics)
    if asked.returns is None:
        return every
    words = asked.returns.split(",") if isinstance(asked.returns, str) else asked.returns
    stated = {gradient_called(str(word).strip(), every) for word in words}
    return tuple(name for name in every if name in stated) or every


def called(function: Any, tried: Tried, asked: Asked) -> Callee:
    """Return a function that can be run on trials."""
    subject = tried.trials[0].subject
    return callee(
        function,
        kind=subject.kind,
        wanted=wanted(function, tried, asked),
        names=_names(function, subject),
        layout=asked.layout,
        kernel_layout=asked.kernel_layout,
        arguments=asked.arguments,
        returns=asked.returns,
        seconds=asked.seconds,
        image_axes=max(len(trial.subject.network.input_shape) for trial in tried.trials) - 1,
        settings_names=tried.settings,
        flattened=Layouts(asked.layout, asked.kernel_layout).flattened(subject),
    )


def _names(function: Any, subject: Subject) -> tuple[str, ...]:
    """Return the arrays that can be passed; those of ``*arrays`` are what the layer is given."""
    if subject.kind == "backward" and _takes_any_number(function):
        return tuple(name for name in subject.given if name != "y")
    return subject.given


def _takes_any_number(function: Any) -> bool:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return False
    return any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters)
