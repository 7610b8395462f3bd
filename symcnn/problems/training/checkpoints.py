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
            losses, settings = arrays[_LOSSES].tolist(), dict(about["settings"])
        except (KeyError, TypeError, ValueError, AttributeError):
            raise SymcnnError(f"this is no checkpoint: {_REMEDY}") from None
        if len(losses) != state.steps:
            raise SymcnnError(f"this is no checkpoint: {_REMEDY}")
        return Checkpoint(state, tuple(losses), settings)


def check_same(made: Checkpoint, settings: Mapping[str, Any], weights: Mapping[str, Array]) -> None:
    """Refuse to go on with other settings, or with another network.

    Raises:
        SymcnnError: Names the first difference.
    """
    for name, value in settings.items():
        if (before := made.settings.get(name)) != value:
            raise SymcnnError(
                f"the checkpoint was made with {name} = {shown(before)}, not {shown(value)}: "
                "give the same settings"
            )
    reached = {name: array.shape for name, array in made.state.weights.items()}
    if reached != {name: array.shape for name, array in weights.items()}:
        raise SymcnnError("the checkpoint is of another network: give the problem that it is of")


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
    place = None if about["place"] is None else Place(*about["place"])
    listed: Sequence[Sequence[Any]] = about["validations"]
    validations = tuple((int(steps), float(loss)) for steps, loss in listed)
    return State(int(about["steps"]), weights, memory, place, validations, best)
