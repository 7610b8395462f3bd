"""A part of a network with its own numbers, whose derivatives are those of the whole loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from symcnn.network.layers.layer import Layer
from symcnn.network.losses import Upstream
from symcnn.network.network import Network
from symcnn.network.stage import Stage
from symcnn.problems import Problem, check_problem
from symcnn.problems.evaluation.evaluate import evaluate
from symcnn.problems.parts.selection import Selection, selection


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
    return Part(problem, chosen, Problem(network, values, title, source=problem.source))


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
