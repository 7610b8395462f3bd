"""Checkpoints: what a training has reached, in an .npz file from which it goes on.

    weights/conv1.weight             a parameter
    memory/conv1.weight/m            what the optimizer remembers of it
    best/...                         the same where the loss of the samples held out was least
    losses                           of the steps so far
    about                            JSON: steps, the order of the samples, and the settings, with
                                     which a training that goes on has to agree

No array holds objects, so nothing in the file is run as code.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from symcnn.equations.sizes import is_whole
from symcnn.equations.values import Array
from symcnn.equations.values.archive import Archive, archived
from symcnn.errors import SymcnnError, located, shown
from symcnn.problems.training.state import Place, State

_ABOUT, _LOSSES, _BEST = "about", "losses", "best/"
_REMEDY = "give a file that symcnn train --checkpoint or Training.save_checkpoint has written"


class Checkpoint(NamedTuple):
    """A training to go on with.

    Attributes:
        state: What it has reached.
        losses: The losses of its steps, without that at the weights that it has reached.
        settings: What it was made with, by name.
    """

    state: State
    losses: tuple[float, ...]
    settings: Mapping[str, Any]


def written(made: Checkpoint) -> bytes:
    """Return the contents of the file."""
    about: dict[str, Any] = {"settings": made.settings, "state": _about(made.state)}
    arrays = {_LOSSES: np.array(made.losses), **dict(_arrays(made.state, ""))}
    if made.state.best is not None:
        about["best"] = _about(made.state.best)
        arrays |= dict(_arrays(made.state.best, _BEST))
    arrays[_ABOUT] = np.frombuffer(json.dumps(about, sort_keys=True).encode(), np.uint8)
    return archived(arrays)


def read(path: str | Path) -> Checkpoint:
    """Read a checkpoint.

    Raises:
        SymcnnError: If the file is none.
    """
    with located(path):
        arrays = Archive(Path(path)).arrays()
        try:
            about = json.loads(arrays[_ABOUT].tobytes())
            best = _state(arrays, about["best"], _BEST) if "best" in about else None
            state = _state(arrays, about["state"], "", best)
            losses, settings = tuple(map(float, arrays[_LOSSES])), dict(about["settings"])
            if len(losses) != state.steps:
                raise ValueError
        except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError):
            raise SymcnnError(f"this is no checkpoint: {_REMEDY}") from None
        return Checkpoint(state, losses, settings)


def check_same(
    made: Checkpoint,
    settings: Mapping[str, Any],
    weights: Mapping[str, Array],
    memory: Mapping[str, set[str]],
) -> None:
    """Refuse to go on with other settings, or with another network.

    Args:
        made: What was reached.
        settings: Those of the training that goes on.
        weights: Its parameters.
        memory: The letters of what its optimizer remembers, by the names of parameters that move.

    Raises:
        SymcnnError: Names the first difference.
    """
    for name, value in settings.items():
        if (before := made.settings.get(name)) != value:
            raise SymcnnError(
                f"the checkpoint was made with {name} = {shown(before)}, not {shown(value)}: "
                "give the same settings"
            )
    kinds = _kinds(weights)
    for state in filter(None, (made.state, made.state.best)):
        if _kinds(state.weights) != kinds:
            raise SymcnnError("the checkpoint is of another network: give the problem it is of")
        due = memory if state.steps else {}
        kept = {name: {*letters} for name, letters in state.memory.items()}
        alike = all({*_kinds(m).values()} <= {kinds.get(name)} for name, m in state.memory.items())
        if kept != due or not alike:
            raise SymcnnError(f"this is no checkpoint: {_REMEDY}")


def _kinds(arrays: Mapping[str, Array]) -> dict[str, tuple[Any, ...]]:
    return {name: (array.shape, array.dtype) for name, array in arrays.items()}


def _about(state: State) -> dict[str, Any]:
    place = state.place
    return {
        "steps": state.steps,
        "place": None if place is None else [place.generator, place.batches],
        "validations": state.validations,
    }


def _arrays(state: State, prefix: str) -> Iterator[tuple[str, Array]]:
    for name, array in state.weights.items():
        yield f"{prefix}weights/{name}", array
    for name, remembered in state.memory.items():
        for letter, array in remembered.items():
            yield f"{prefix}memory/{name}/{letter}", array


def _state(
    arrays: Mapping[str, Array], about: Mapping[str, Any], prefix: str, best: State | None = None
) -> State:
    weights, start = {}, f"{prefix}weights/"
    memory: dict[str, dict[str, Array]] = {}
    for name, array in arrays.items():
        if name.startswith(start):
            weights[name.removeprefix(start)] = array
        elif name.startswith(f"{prefix}memory/"):
            of, letter = name.removeprefix(f"{prefix}memory/").rsplit("/", 1)
            memory.setdefault(of, {})[letter] = array
    place = None
    if about["place"] is not None:
        generator, batches = about["place"]
        place = Place(dict(generator), _count(batches))
    listed: Sequence[Sequence[Any]] = about["validations"]
    validations = tuple((_count(steps), float(loss)) for steps, loss in listed)
    return State(_count(about["steps"]), weights, memory, place, validations, best)


def _count(number: Any) -> int:
    if not is_whole(number, 0):
        raise ValueError
    return int(number)
