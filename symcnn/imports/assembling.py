"""From a graph to a problem: a network, its numbers, and where they are from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from symcnn.equations.notation import dimensions
from symcnn.equations.values import Array
from symcnn.errors import SymcnnError, expect
from symcnn.imports.builder import Builder, Table, Taken
from symcnn.imports.choosing import Output
from symcnn.imports.graph import Graph, Kept
from symcnn.imports.placed import Placed
from symcnn.network.losses import Loss, SumOfOutputs
from symcnn.network.network import Network
from symcnn.problems import Problem
from symcnn.problems.weights.origin import Origin, Part, Stored, digest, places_of, whole


def origin_of(graph: Graph, taken: Sequence[Taken], network: Network) -> Origin:
    """Return where the arrays of a source are in a network."""
    parts: dict[str, list[Part]] = {}
    for tensor, constant in taken:
        if constant.stored in graph.stored:
            shape = graph.stored[constant.stored].shape
            is_moved = bool(constant.moves)
            places = places_of(constant.entries(shape)) if is_moved else whole(constant.array.size)
            parts.setdefault(constant.stored, []).append(Part(tensor, places))
    arrays = {name: _stored(kept, parts.get(kept.first, ())) for name, kept in graph.stored.items()}
    held = {part.tensor for several in parts.values() for part in several}
    learned = {tensor.name for tensor in network.parameters}
    computed = {t.tensor: t.constant.array for t in taken if t.tensor in learned - held}
    return Origin(arrays, {name: digest(array) for name, array in computed.items()})


def _stored(kept: Kept, parts: Sequence[Part]) -> Stored:
    made = Stored(kept.shape, kept.numbers, tuple(parts))
    is_left = made.left()
    rest = np.ravel(kept.read())[is_left].copy() if is_left.any() else np.zeros(0)
    return Stored(kept.shape, kept.numbers, tuple(parts), rest)


Progress = Callable[[int, int], Any]

STEPS = 5
"""Those of an import: a graph, a network, a program, its numbers, and those of the source."""


@dataclass(frozen=True)
class ImportOptions:
    """What a problem has besides a network from elsewhere, and who is told how near both are.

    Attributes:
        loss: The loss; by default the sum of all outputs.
        target: What the output is compared with, in the layout of the source, or the number of
            the class of every sample.
        title: The title of the problem.
        report: What is called with an ``ImportReport``.
        progress: Is told how many of how many steps are done.
        output: Which output is meant, if there are several.
        weight: The weight that the loss gives each output, if it has one.
        ends_with_loss: Whether the loss is one of the source, which is compared as well.
    """

    loss: Loss | None = None
    target: Any = None
    title: str = ""
    report: Callable[[Any], Any] | None = None
    progress: Progress = lambda done, of: None
    output: Output = None
    weight: float | None = None
    ends_with_loss: bool = False


@dataclass(frozen=True)
class Imported:
    """A network of a source in symcnn.

    Attributes:
        problem: The network with its numbers.
        graph: What was read.
        input: Where the input is, and in which order of axes.
        output: Likewise the output.
        taken: For each parameter, the array of the source that it is.
        ends_with_loss: Whether the loss is one of the source.
    """

    problem: Problem
    graph: Graph
    input: Placed
    output: Placed
    taken: Sequence[Taken]
    ends_with_loss: bool = False

    def without_samples(self, array: Array) -> Array:
        """Return an array as the network has it: a single sample without an axis of samples."""
        return array if self.problem.network.batch is not None else array[0]


def assembled(graph: Graph, table: Table, x: Array, options: ImportOptions) -> Imported:
    """Return the problem that a graph states.

    Args:
        graph: The graph.
        table: What its operators are in symcnn.
        x: The input, in the layout of the source.
        options: What else the problem has.

    Raises:
        SymcnnError: Names what cannot be imported.
    """
    options.progress(1, STEPS)
    chosen = SumOfOutputs() if options.loss is None else options.loss
    expect(chosen, Loss, "the loss", "give one of symcnn, such as SoftmaxCrossEntropy()")
    builder = Builder()
    output = builder.run(graph, table)
    layers = builder.reachable(output.layer)
    batch = None if graph.shape[0] == 1 else graph.shape[0]
    given = builder.placed[graph.input]
    if output.samples != 0 or output.stated[:1] != output.shape[:1]:
        raise SymcnnError("the first axis of the output is not that of samples: return them there")
    if not layers:
        raise SymcnnError("the output is not one of a network: let the module return a layer's")
    network = Network(given.own_shape, layers, chosen, batch)
    kept = {t.name for t in network.given}
    numbers = {name: array for name, array in builder.numbers.items() if name in kept}
    numbers["x"] = _without_samples(given.own(x), batch)
    compared = network.target
    if compared is not None:
        numbers[compared.name] = _target(options.target, output, compared.name, batch)
    elif options.target is not None:
        raise SymcnnError(f"{type(chosen).__name__} has no target: remove it, or choose a loss")
    if options.weight is not None:
        numbers["loss.weight"] = np.full(network.output.of_one_sample().shape, options.weight)
    taken = [t for t in builder.taken if t.tensor in kept]
    origin = origin_of(graph, taken, network)
    problem = Problem(network, numbers, options.title, origin=origin)
    return Imported(problem, graph, given, output, taken, options.ends_with_loss)


def _without_samples(array: Array, batch: int | None) -> Array:
    return array if batch is not None else array[0]


def _target(target: Any, output: Placed, name: str, batch: int | None) -> Array:
    """Return the target in the layout of symcnn."""
    if target is None:
        raise SymcnnError(f"the loss needs a {name}: give {name} = ..., of the module's output")
    given = np.asarray(target.tolist() if hasattr(target, "tolist") else target, dtype=float)
    if given.shape in (output.stated[:1], ()) and len(output.stated) == 2:
        given = _classes(np.broadcast_to(given, output.stated[:1]), output.stated[1])
    if given.shape == output.stated[1:] and batch is None:
        given = given[None]
    if given.shape != output.stated:
        raise SymcnnError(
            f"the {name} has the shape {dimensions(given.shape)}, but the module returns "
            f"{dimensions(output.stated)}: give a {name} of that shape"
        )
    return _without_samples(output.own(given), batch)


def _classes(number: Array, count: int) -> Array:
    """Return a distribution for each sample that is certain of its class."""
    if not ((number == np.floor(number)) & (number >= 0) & (number < count)).all():
        raise SymcnnError(
            f"the target is not the number of a class: give numbers from 0 to {count - 1}"
        )
    made: Array = np.eye(count)[number.astype(int)]
    return made
