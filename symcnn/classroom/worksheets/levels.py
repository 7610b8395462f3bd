"""Levels: which quantities a sheet asks for, from one convolution to a step of descent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symcnn.classroom.marking.asked import UPDATED, asked, order_of, scheme
from symcnn.derivation.statement import GRADIENT
from symcnn.document.outline import Level
from symcnn.equations import Tensor
from symcnn.equations.values import known
from symcnn.errors import SymcnnError, shown
from symcnn.problems import Problem, Worth

_FORWARD = ("problem", "forward")
_SECTIONS: dict[Level, tuple[str, ...]] = {
    "convolution": _FORWARD,
    "forward": _FORWARD,
    "last-layer": (*_FORWARD, "backward", "weights"),
    "full": (*_FORWARD, "backward", "weights", "step"),
}


def asked_at(problem: Problem, level: Level) -> list[str]:
    """Return the quantities that a sheet asks for: those of its level that the problem asks for.

    Raises:
        SymcnnError: If there are none, or the problem asks for an unknown one.
    """
    wanted, found = {*scheme(problem).quantities}, known_at(problem, level)
    chosen = [name for name in found if name in wanted]
    if not chosen:
        raise SymcnnError(
            f"no quantity is asked for that is on a worksheet of the level {level!r}: name one of "
            f"{', '.join(found)}"
        )
    return chosen


def worth_at(problem: Problem, level: Level) -> Worth:
    """Return what a sheet asks for and what that earns, as its problem file states it."""
    chosen = asked_at(problem, level)
    points = {name: p for name, p in problem.worth.points.items() if name in chosen}
    return Worth(
        None if {*chosen} == {*asked(problem)} else tuple(chosen), points, problem.worth.carried
    )


def check_named(problem: Problem, level: Level, names: Iterable[str]) -> None:
    """Refuse quantities that are not on the sheets of a level.

    Raises:
        SymcnnError: Names the first of them.
    """
    found = known_at(problem, level)
    for name in names:
        if name not in found:
            raise SymcnnError(
                f"{shown(name)} is not on a worksheet of the level {level!r}: {known(name, found)}"
            )


def known_at(problem: Problem, level: Level) -> list[str]:
    """Return the quantities that a level can ask for, in the order of computation.

    convolution   the outputs up to that of the first layer with weights
    forward       every output that is more than a copy, and the loss
    last-layer    also the derivatives with respect to the weights of the last layer that has some,
                  and to the outputs from this layer on
    full          every derivative, and the updated weights if there is a learning rate
    """
    there = {*shown_at(problem, level)}
    return [name for name in sorted(asked(problem), key=order_of(problem)) if name in there]


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
