"""From a problem file to a problem: tables, then the network, then its numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast

from symcnn.equations import Tensor
from symcnn.equations.notation import dimensions
from symcnn.equations.values.evaluation import FILTERS_LAST, Layout
from symcnn.equations.values.floats import as_distributions
from symcnn.errors import Mistakes, SymcnnError, expect_path, located
from symcnn.network.layers import Layer
from symcnn.network.losses import Loss
from symcnn.network.network import Network
from symcnn.network.stage import Stage
from symcnn.problems.arrays import Arrays
from symcnn.problems.catalog import LAYERS, LOSSES, Kind, key_of, switched_off
from symcnn.problems.layouts import Kernels, kernels_of, layout_of
from symcnn.problems.optimizers import descent
from symcnn.problems.problem import Problem
from symcnn.problems.published import reconciled
from symcnn.problems.reading import array, parsed, tables, text, whole, wholes
from symcnn.problems.section import Section, table
from symcnn.problems.unstated import note_of, of_one_channel, with_loss
from symcnn.problems.weights.written import origin_read
from symcnn.problems.worth import answers

_TABLES: tuple[str, ...] = ("title", "source", "arrays", "layout", "reconcile", "published")
_TABLES += ("input", "layers", "loss", "training", "answers", "letters", "origin")

Made = tuple[Section, Kind, Layer | Loss]
"""What was made of a table."""


def load(
    path: str | Path,
    note: Callable[[str], None] | None = None,
    *,
    results: Literal["all", "outputs"] = "all",
) -> Problem:
    """Read a problem from a TOML file (docs/problem-files.md).

    Numbers are exact: 0.4 is 2/5, and "1/3" is one third. Nothing is evaluated as code.

    Args:
        path: The file.
        note: What is told how numbers were read that somebody could have meant otherwise, in one
            line: flat lists of kernels, in a file that does not state their layout.
        results: What the problem is read for. For "outputs" alone, neither a loss nor its target
            is needed: where one of them is missing, the loss is the sum of all outputs.

    Raises:
        SymcnnError: If the file is not a valid problem; every mistake is a line with the file,
            the place, the value and the remedy.
    """
    expect_path(path)
    with located(path):
        file, folder = Section("", parsed(Path(path))), Path(path).parent
        return _problem(with_loss(file, folder) if results == "outputs" else file, folder, note)


def loads(written: str, folder: Path) -> Problem:
    """Read a problem from the text of a file in a folder, as ``load`` does."""
    return _problem(Section("", tables(written)), folder, None)


class Unfilled(NamedTuple):
    """A problem file without its numbers.

    Attributes:
        network: The network.
        heading: The title and the learning rate, if the file states them.
        kept: The numbers that belong to the network: masks, statistics, weights of a loss.
    """

    network: Network
    heading: Mapping[str, Any]
    kept: Mapping[str, Any]


def load_network(path: str | Path) -> Unfilled:
    """Read a problem file whose input, parameters and target need not have numbers.

    Raises:
        SymcnnError: If the file is not valid apart from these numbers.
    """
    with located(path):
        file = Section("", parsed(Path(path)))
        heading, layers, loss = _tables(file)
        network = _network(file, [cast(Layer, made) for *_, made in layers], cast(Loss, loss[2]))
        arrays = _beside(file, Path(path).parent, network, _layout(file))
        return Unfilled(network, heading, _kept(network, layers, loss, arrays))


def _kept(network: Network, layers: list[Made], loss: Made, arrays: Arrays) -> dict[str, Any]:
    """Read what layers and loss are given besides input, parameters and target."""
    mistakes, values = Mistakes(), dict[str, Any]()
    for stage, (section, kind, _) in zip(network.stages, layers, strict=True):
        learned = [key_of(key) for key in stage.layer.learned]
        with mistakes.collected():
            values |= _named(stage.givens, section, kind, arrays, learned)
    with mistakes.collected():
        values |= _named(network.loss_stage.givens, loss[0], loss[1], arrays)
    mistakes.end()
    return values


def _problem(file: Section, folder: Path, note: Callable[[str], None] | None) -> Problem:
    """Read a file in three turns, each of which reports all mistakes that it meets.

    They are the tables, the network that these describe, and its numbers.
    """
    heading, layers, loss = _tables(file)
    network = _network(file, [cast(Layer, made) for *_, made in layers], cast(Loss, loss[2]))
    layout = _layout(file)
    arrays = _beside(file, folder, network, layout)
    values, origin = _values(file, network, layers, loss, arrays), origin_read(file, network)
    stated = Problem(network, values, **heading, origin=origin)
    made = reconciled(stated, file, layout)
    tables = (section for section, *_ in layers)
    read = note_of(zip(network.stages, tables, strict=True), arrays)
    if note is not None and read and "layout" not in file.content:
        note(read)
    return made


def _layout(file: Section) -> Layout:
    return file.read("layout", layout_of) or FILTERS_LAST


def _tables(file: Section) -> tuple[dict[str, Any], list[Made], Made]:
    """Read everything but arrays."""
    file.only(_TABLES)  # what is called wrongly is missing under its own name too
    mistakes, layers, losses = Mistakes(), list[Made](), list[Made]()
    heading: dict[str, Any] = {}
    with mistakes.collected():
        for section in _layers(file):
            with mistakes.collected():
                layers.append(made_of(*section.kind(LAYERS)))
    with mistakes.collected():
        losses.append(made_of(*file.subsection("loss").kind(LOSSES)))
    with mistakes.collected():
        _check_input(file.subsection("input"))
    with mistakes.collected():
        heading = _heading(file)
    with mistakes.collected():
        _layout(file)
    mistakes.end()
    return heading, layers, losses[0]


def _heading(file: Section) -> dict[str, Any]:
    training = file.subsection("training")
    said = {key: file.read(key, text) for key in ("title", "source")}
    return _stated({**said, **descent(training), **answers(file)})


def _stated(read: dict[str, Any]) -> dict[str, Any]:
    """Leave out what the file does not state, for the defaults."""
    return {name: value for name, value in read.items() if value is not None}


def _layers(file: Section) -> Iterator[Section]:
    listed = file.required("layers", "give each layer a table, [[layers]]")
    if not isinstance(listed, list):
        raise SymcnnError("layers is a single value: give each layer a table, [[layers]]")
    places = (f"layers[{position}]" for position in range(len(listed)))
    return (table(p, v, "[[layers]]") for p, v in zip(places, listed, strict=True))


def _check_input(given: Section) -> None:
    given.only(["shape", "values", "batch"])
    given.required("shape", "give the shape of one sample, e.g. [28, 28, 1]")


def _network(file: Section, layers: list[Layer], loss: Loss) -> Network:
    """Make the network that the tables describe, without the numbers of its parameters."""
    given, letters = file.subsection("input"), file.subsection("letters").content
    shape, batch = given.read("shape", wholes), given.read("batch", whole)
    network = of_one_channel(shape, lambda made: Network(made, layers, loss, batch, letters))
    network.check_numbers()
    return network


def _beside(file: Section, folder: Path, network: Network, layout: Layout) -> Arrays:
    """Find the arrays beside the file, if it names any, and check that they fit."""
    kernels = Kernels(frozenset(kernel.name for kernel in kernels_of(network)), layout)
    arrays = Arrays(file.read("arrays", text) or "", folder, kernels)
    arrays.check(network)
    return arrays


def made_of(section: Section, kind: Kind) -> Made:
    """Make the layer or loss of the settings that its table gives."""
    section.only(kind.keys)
    mistakes, settings = Mistakes(), dict[str, Any]()
    for name in kind.required:
        with mistakes.collected():
            section.required(name, f"give {name} = ...")
    for name, setting in kind.settings.items():
        with mistakes.collected():
            settings[name] = section.read(name, setting)
    mistakes.end()
    return section, kind, kind.made(**_stated(settings))


def _values(
    file: Section, network: Network, layers: list[Made], loss: Made, arrays: Arrays
) -> dict[str, Any]:
    mistakes, values = Mistakes(), dict[str, Any]()
    with mistakes.collected():
        values["x"] = _array(file.subsection("input"), "values", network.input, arrays)
    for stage, (section, kind, _) in zip(network.stages, layers, strict=True):
        with mistakes.collected():
            values |= _of_layer(stage, section, kind, arrays)
    if network.target is not None:
        key = network.target.name
        with mistakes.collected():
            values[key] = _target(loss[0], network, arrays)
    with mistakes.collected():
        values |= _named(network.loss_stage.givens, loss[0], loss[1], arrays)
    mistakes.end()
    return values


def _target(section: Section, network: Network, arrays: Arrays) -> Any:
    """Read what the output is compared with: numbers, or those of classes."""
    tensor = network.target
    assert tensor is not None
    written = section.content.get(tensor.name)
    if network.loss.takes_classes and written is not None:
        with located(section.where(tensor.name)):
            made = as_distributions(written, tensor)
        if made is not written:
            return made
    return _array(section, tensor.name, tensor, arrays)


def _of_layer(stage: Stage, section: Section, kind: Kind, arrays: Arrays) -> dict[str, Any]:
    """Read the numbers of a layer's own parameters, and those that it is given besides."""
    own, layer = {key_of(key): t for key, t in stage.own.items()}, stage.layer
    shared = [key_of(key) for key in layer.learned if key not in stage.own] if stage.shares else []
    for key in shared:
        if key in section.content:
            reason = f"weight_from = {layer.weight_from!r}"
            raise section.fault(f"{key} is given, but {reason}: remove one of the two")
    return _named({**own, **stage.givens}, section, kind, arrays, shared)


def _named(
    own: Mapping[str, Tensor],
    section: Section,
    kind: Kind,
    arrays: Arrays,
    others: Sequence[str] = (),
) -> dict[str, Any]:
    """Read the numbers of tensors, each under its key; numbers for others are an error.

    Args:
        own: The tensors, by key.
        section: The table.
        kind: What the table describes.
        arrays: Those beside the file.
        others: Keys that have been looked at.
    """
    compared = kind.made.given if issubclass(kind.made, Loss) else None
    for key, switch in kind.numbers.items():
        if key in section.content and key not in {*own, *others, compared}:
            off = switched_off(switch)
            raise section.fault(f"{key} is given, but {off}: remove one of the two")
    if unnamed := [key for key in own if key not in kind.numbers]:
        listed = "supplied" if own[unnamed[0]].role == "given" else "learned"
        role = "given tensor" if listed == "supplied" else "parameter"
        raise section.fault(
            f"its class has the {role} {unnamed[0]!r}: list it in the class's {listed}"
        )
    mistakes, values = Mistakes(), dict[str, Any]()
    for key, tensor in own.items():
        with mistakes.collected():
            values[tensor.name] = _array(section, key, tensor, arrays, kind.numbers[key])
    mistakes.end()
    return values


def _array(section: Section, key: str, tensor: Tensor, arrays: Arrays, switch: str = "") -> Any:
    if arrays.holds(tensor):
        if key in section.content:
            both = f"{key} is given here and, as {tensor.name}, in {arrays.name}"
            raise section.fault(f"{both}: remove one of the two")
        return arrays.numbers(tensor)
    other = f", or set {switched_off(switch)}" if switch else ""
    shape = f"of shape {dimensions(tensor.shape)}, nested or in one flat list{other}"
    remedy = f"{arrays.remedy(tensor)}give numbers {shape}"
    return array(section.required(key, remedy), tensor, section.where(key), arrays.kernels)
