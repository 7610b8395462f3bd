"""From a problem file to a problem: tables, then the network, then its numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from symcnn.equations import Tensor
from symcnn.errors import SymcnnError, located
from symcnn.layers import Layer
from symcnn.losses import Loss
from symcnn.network import Network
from symcnn.notation import dimensions
from symcnn.problems.catalog import LAYERS, LOSSES, Kind, key_of
from symcnn.problems.problem import Problem
from symcnn.problems.published import reconciled
from symcnn.problems.reading import array, number, text, whole, wholes
from symcnn.problems.section import Section, table
from symcnn.problems.toml import parsed
from symcnn.wiring import Stage

_TABLES = ("title", "reconcile", "published", "input", "layers", "loss", "training", "letters")

Sections = list[tuple[Section, Kind]]


def load(path: str | Path) -> Problem:
    """Return the problem that a TOML file states (README, "Your own problem").

    Numbers are exact: 0.4 is 2/5, and "1/3" a third. Nothing is evaluated as code.

    Raises:
        SymcnnError: If the file does not state one; names file, place, value and remedy.
    """
    with located(path):
        return _problem(Section("", parsed(Path(path))))


def _problem(file: Section) -> Problem:
    file.only(_TABLES)
    layers, loss = _layers(file), file.subsection("loss").kind(LOSSES)
    network = _network(file, layers, loss)
    stated = Problem(network, _values(file, network, layers, loss[0]), **_heading(file))
    return reconciled(stated, file)


def _heading(file: Section) -> dict[str, Any]:
    training = file.subsection("training")
    training.only(["learning_rate"])
    rate = training.read("learning_rate", number)
    return _stated({"title": file.read("title", text), "learning_rate": rate})


def _stated(read: dict[str, Any]) -> dict[str, Any]:
    """Leave out what the file does not state, for the defaults."""
    return {name: value for name, value in read.items() if value is not None}


def _layers(file: Section) -> Sections:
    listed = file.required("layers", "give each layer a table, [[layers]]")
    if not isinstance(listed, list):
        raise SymcnnError("layers is a single value: give each layer a table, [[layers]]")
    places = (f"layers[{position}]" for position in range(len(listed)))
    sections = (table(p, v, "[[layers]]") for p, v in zip(places, listed, strict=True))
    return [section.kind(LAYERS) for section in sections]


def _network(file: Section, layers: Sections, loss: tuple[Section, Kind]) -> Network:
    """Make the network that the tables describe, without the numbers of its parameters."""
    given = file.subsection("input")
    given.only(["shape", "values", "batch"])
    given.required("shape", "give the shape of one sample, e.g. [28, 28, 1]")
    return Network(
        given.read("shape", wholes),
        [cast(Layer, _made(*layer)) for layer in layers],
        cast(Loss, _made(*loss)),
        given.read("batch", whole),
        file.subsection("letters").content,
    )


def _made(section: Section, kind: Kind) -> Layer | Loss:
    """Make the layer or loss of the settings that its table gives."""
    section.only(kind.keys)
    for name in kind.required:
        section.required(name, f"give {name} = ...")
    settings = {name: section.read(name, reader) for name, reader in kind.settings.items()}
    return kind.made(**_stated(settings))


def _values(file: Section, network: Network, layers: Sections, loss: Section) -> dict[str, Any]:
    given = file.subsection("input")
    values = {"x": _array(given, "values", network.input)}
    for stage, (section, kind) in zip(network.stages, layers, strict=True):
        values |= _learned(stage, section, kind)
    if network.target is None:
        return values
    key = network.target.name
    return {**values, key: _array(loss, key, network.target)}


def _learned(stage: Stage, section: Section, kind: Kind) -> dict[str, Any]:
    """Read the numbers of a layer's own parameters; others are an error."""
    own = {} if stage.shares else {key_of(key): t for key, t in stage.parameters.items()}
    for key, switch in kind.numbers.items():
        if key in section.content and key not in own:
            shared = f"weight_from = {stage.layer.weight_from!r}"
            reason = shared if stage.shares else f"{switch} = false"
            raise section.fault(f"{key} is given, but {reason}: remove one of the two")
    if unnamed := [key for key in own if key not in kind.numbers]:
        raise section.fault(f"its class learns {unnamed[0]!r}: name it in the class's learned")
    return {t.name: _array(section, key, t, kind.numbers[key]) for key, t in own.items()}


def _array(section: Section, key: str, tensor: Tensor, switch: str = "") -> list[Any]:
    other = f", or set {switch} = false" if switch else ""
    remedy = f"give numbers of the shape {dimensions(tensor.shape)}, nested or in one list{other}"
    return array(section.required(key, remedy), tensor, section.where(key))
