"""Levels: which quantities a sheet asks for, from one convolution to a step of descent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symcnn.classroom.marking.asked import UPDATED, asked, order_of
from symcnn.derivation.statement import GRADIENT
from symcnn.document.outline import Level
from symcnn.equations import Tensor
from symcnn.problems import Problem

_FORWARD = ("problem", "forward")
_SECTIONS: dict[Level, tuple[str, ...]] = {
    "convolution": _FORWARD,
    "forward": _FORWARD,
    "last-layer": (*_FORWARD, "backward", "weights"),
    "full": (*_FORWARD, "backward", "weights", "step"),
}


def asked_at(problem: Problem, level: Level) -> list[str]:
    """Return the quantities that a level asks for, in the order of computation.

    convolution   the outputs up to that of the first layer with weights
    forward       every output that is more than a copy, and the loss
    last-layer    also the derivatives with respect to the weights of the last layer that has some,
                  and to the outputs from this layer on
    full          every derivative, and the updated weights if there is a learning rate
    """
    shown = {*shown_at(problem, level)}
    return [name for name in sorted(asked(problem), key=order_of(problem)) if name in shown]


def shown_at(problem: Problem, level: Level) -> list[str]:
    """Return what the document of a level is about: what is asked for, and what that needs."""
    network, derivation = problem.network, problem.derivation
    learning = [stage for stage in network.stages if stage.parameters] or [network.stages[0]]
    tensors = [*network.tensors.values()]
    if level == "convolution":
        return _names(_until(tensors, learning[0].output))
    if level == "forward":
        return _names(tensors)
    if level == "last-layer":
        own = {tensor.name for tensor in learning[-1].parameters.values()}
        behind = {*_names(tensors)} - {*_names(_until(tensors, learning[-1].output))}
        slopes, updated = {*own, *behind, learning[-1].output.name}, list[str]()
    else:
        slopes = {tensor.name for tensor in tensors if tensor.role != "input"}
        updated = _names(network.parameters) if problem.learning_rate is not None else []
    found = (f"{GRADIENT}{name}" for name in derivation.adjoints if name in slopes)
    return [*_names(tensors), *found, *(f"{UPDATED}{name}" for name in updated)]


def sections_at(level: Level) -> tuple[str, ...]:
    """Return the sections of the document of a level."""
    return _SECTIONS[level]


def _names(tensors: Iterable[Tensor]) -> list[str]:
    return [tensor.name for tensor in tensors]


def _until(tensors: Sequence[Tensor], last: Tensor) -> Sequence[Tensor]:
    return tensors[: tensors.index(last) + 1]
