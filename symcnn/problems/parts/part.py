"""A part of a network with its own numbers, whose derivatives are those of the whole loss.

It consists of some layers, and is joined to the others where these read it or are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from symcnn.equations import Tensor
from symcnn.equations.values import known
from symcnn.errors import SymcnnError, shown
from symcnn.network.layers.layer import Layer
from symcnn.network.losses import Upstream
from symcnn.network.network import Network
from symcnn.network.stage import Stage
from symcnn.problems import Problem, check_problem
from symcnn.problems.evaluation.evaluate import evaluate


@dataclass(frozen=True)
class Part:
    """Some layers of a problem's network.

    Attributes:
        whole: The problem.
        selection: The layers, and where they are joined to the others.
        problem: The layers as a problem: they read what arrives from the others, and their loss
            is the sum of the products of their output y and g = dL/dy, L being the whole loss.
    """

    whole: Problem
    selection: Selection
    problem: Problem


def part(problem: Problem, layers: Sequence[str]) -> Part:
    """Return some layers of a network as a problem of their own.

        x' = what arrives,   L' = sum of g y,   g = dL/dy,   so that  dL'/dw = dL/dw

    for every weight w of these layers. What arrives and g are computed by one pass through the
    whole network, in floating point. There is no learning rate: L' is not the loss of the whole
    network, only its derivatives are.

    Args:
        problem: A network with its numbers.
        layers: The names of layers, or what names of several begin with: "layer1.0" for
            layer1.0.conv1, layer1.0.bn1 and so on.

    Raises:
        SymcnnError: If there is no such layer, or the layers read or make more than one tensor.
        NotFiniteError: If a number on the way has no finite value.

    >>> import symcnn as sc
    >>> head = sc.part(sc.examples.cnn_by_hand(), ["dense1", "sigmoid1"])
    >>> head.problem
    <Problem 'CNN by hand: dense1, sigmoid1': dense1, sigmoid1>
    >>> round(float(sc.evaluate(head.problem).gradients["dense1.weight"][0, 2]), 12)
    -0.006097503929
    """
    check_problem(problem)
    chosen = selection(problem.network, layers)
    network = _network(chosen)
    made = evaluate(problem)
    values = {t.name: problem.values[t.name] for t in network.given if t.name in problem.values}
    arriving = chosen.arriving.name
    values["x"] = problem.values["x"] if arriving == "x" else made.outputs[arriving]
    values["gradient"] = made.gradients[chosen.leaving.name]
    title = f"{problem.title}: {', '.join(layers)}"
    own = Problem(network, values, title, source=problem.source, answers=problem.answers)
    return Part(problem, chosen, own)


def _network(chosen: Selection) -> Network:
    whole = chosen.network
    names = {chosen.arriving.name: "x"}
    layers = [_placed(stage, names) for stage in chosen.stages]
    loss = Upstream(l2=whole.loss.l2)
    shape = chosen.arriving.of_one_sample().shape
    return Network(shape, layers, loss, whole.batch, _letters(chosen))


def _letters(chosen: Selection) -> dict[str, str]:
    """Return the author's letters of what is in the part; what arrives is called as it was."""
    own = {stage.output.name for stage in chosen.stages}
    letters = chosen.network.letters
    kept = {n: m for n, m in letters.items() if n in own or n.rpartition(".")[0] in own}
    arriving = letters.get(chosen.arriving.name)
    return kept if arriving is None else {**kept, "x": arriving}


def _placed(stage: Stage, names: dict[str, str]) -> Layer:
    """Return a layer that reads the same tensors, what arrives as the input."""
    inputs = tuple(names.get(tensor.name, tensor.name) for tensor in stage.inputs)
    return replace(stage.layer, name=stage.output.name, inputs=inputs)


@dataclass(frozen=True)
class Selection:
    """Layers of a network that read one tensor of the others, and make one that others read.

    Attributes:
        network: The whole network.
        stages: The layers, in their order.
        arriving: What they read.
        leaving: What they make of it.
    """

    network: Network
    stages: tuple[Stage, ...]
    arriving: Tensor
    leaving: Tensor


def selection(network: Network, names: Sequence[str]) -> Selection:
    """Return the layers of some names: "layer1.0" is also that of layer1.0.conv1.

    Raises:
        SymcnnError: If there is no such layer, or what they read or make is not one tensor.
    """
    stages = _named(network, names)
    own = {stage.output.name for stage in stages}
    _check_shared(network, own)
    read = {t.name: t for stage in stages for t in stage.inputs if t.name not in own}
    arriving = _one(
        read,
        "the chosen layers read {} of others, where a part reads one tensor: add the layers "
        "between, or leave out those that join paths",
    )
    made = {t.name: t for t in _left(network, own)}
    leaving = _one(
        made,
        "others read {} of the chosen layers, where a part ends in one tensor: add the "
        "layers that join them, or leave some out",
    )
    if leaving.name != stages[-1].output.name:
        raise SymcnnError(
            f"nothing reads {stages[-1].output.name}, the last of the chosen layers, and others "
            f"read {leaving.name}: leave out what nothing reads"
        )
    return Selection(network, stages, arriving, leaving)


def _named(network: Network, names: Sequence[str]) -> tuple[Stage, ...]:
    if isinstance(names, str) or not names:
        raise SymcnnError('layers must be a list of names: give layers=["conv1", ...]')
    every = [stage.output.name for stage in network.stages]
    for name in names:
        if not any(_is_of(own, name) for own in every):
            raise SymcnnError(f"there is no layer {shown(name)}: {known(str(name), every)}")
    return tuple(s for s in network.stages if any(_is_of(s.output.name, name) for name in names))


def _is_of(own: str, name: str) -> bool:
    return own == name or own.startswith(f"{name}.")


def _left(network: Network, own: set[str]) -> list[Tensor]:
    """Return what other layers, or the loss, read."""
    outside = (stage for stage in network.stages if stage.output.name not in own)
    read = {tensor.name for stage in outside for tensor in stage.inputs} | {network.output.name}
    return [s.output for s in network.stages if s.output.name in own & read]


def _one(found: dict[str, Tensor], line: str) -> Tensor:
    if len(found) != 1:
        raise SymcnnError(line.format(", ".join(found) or "nothing"))
    return next(iter(found.values()))


def _check_shared(network: Network, own: set[str]) -> None:
    """Refuse parameters that are shared across the border: their derivatives have two parts."""
    for stage in network.stages:
        name, other = stage.output.name, stage.layer.weight_from
        if other is not None and (name in own) != (other in own):
            raise SymcnnError(
                f"{name} shares the parameters of {other}, and only one of them is in the part: "
                "take both, or neither"
            )
