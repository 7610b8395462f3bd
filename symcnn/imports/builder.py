"""Layers of symcnn for the operators of a graph, by a table, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from symcnn import limits
from symcnn.equations.notation import Shape, dimensions
from symcnn.equations.values import Array
from symcnn.errors import SymcnnError, TooLargeError, shown
from symcnn.imports.graph import Constant, Graph, Node, Ref, needed, refs, unknown
from symcnn.imports.naming import Names, chained, exact_layer
from symcnn.imports.placed import Order, Placed, channels_last
from symcnn.imports.tied import Taken as Taken
from symcnn.imports.tied import tie_of, used_again
from symcnn.network.layers import Flatten, Input, Layer, Reshape, Transpose
from symcnn.network.layers.layer import WEIGHT, is_shared

Operation = Callable[["Builder", Node], "Placed | Sequence[Placed]"]
"""Makes layers of a node, and returns where its outputs are."""

Table = Mapping[str, Operation]


@dataclass
class Builder:
    """The layers that have been made so far.

    Attributes:
        layers: The layers.
        numbers: The numbers of parameters and given tensors, by name.
        taken: Which of them are parameters of the source.
        shapes: The shape of one sample of each layer's output, by name.
        placed: Where the tensors of the graph are.
        used_again: The parameters of the source that are read several times.
        pools: The images and windows of maximum pools, by the tensor of the places of maxima.
    """

    layers: list[Layer] = field(default_factory=list)
    numbers: dict[str, Array] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)
    shapes: dict[str, Shape] = field(default_factory=dict)
    placed: dict[str, Placed] = field(default_factory=dict)
    used_again: set[str] = field(default_factory=set)
    pools: dict[str, tuple[Placed, Mapping[str, Any]]] = field(default_factory=dict)
    _node: Node | None = None
    _learned: Mapping[str, Shape] = field(default_factory=dict)
    _names: Names = field(default_factory=Names)
    _owners: dict[tuple[Any, ...], str] = field(default_factory=dict)

    def begin(self, graph: Graph) -> None:
        """Place the input, and further inputs as layers of given numbers."""
        self._learned, self.used_again = graph.parameters, used_again(graph)
        given = Placed("x", graph.shape, channels_last(len(graph.shape)))
        self.placed[graph.input], self.shapes["x"] = given, given.own_shape
        read = {ref.name for node in graph.nodes for ref in node.reads}
        for name in (name for name in graph.others if name in read):
            array = graph.others[name]
            self._node = Node(name, "input", name, {}, (name,), (array.shape,))
            self.placed[name] = self.given(array)

    def given(self, array: Array) -> Placed:
        """Return a further input, of which every sample has its own numbers."""
        order = channels_last(array.ndim)
        own = array.transpose(order)
        values = Constant(own if len(own) > 1 else own[0])
        x = Placed("x", (), (0,))
        name = self.add(Input(own.shape[1:]), [x], {"value": values})
        return Placed(name, array.shape, order)

    def run(self, graph: Graph, table: Table) -> Placed:
        """Make the layers of a graph, and return where its output is.

        Raises:
            SymcnnError: Names the first node that cannot be imported.
        """
        self.begin(graph)
        for node in graph.nodes:
            self._run(node, table)
        if graph.output not in self.placed:
            why = f"the output {shown(graph.output)} is another one of its node than the first"
            raise SymcnnError(f"{why}: choose one that layers compute, output=...")
        return self.plain(self.placed[graph.output])

    def _run(self, node: Node, table: Table) -> None:
        if node.operator not in table:
            node.refused(*unknown(node.operator))
        self._node = node
        try:
            made = table[node.operator](self, node)
        except SymcnnError as error:
            if str(error).startswith("node "):
                raise
            why, _, remedy = str(error).partition(": ")
            node.refused(why, remedy or "change the module there")
        outputs = [made] if isinstance(made, Placed) else [*made]
        for name, shape, output in zip(node.outputs, node.shapes, outputs, strict=False):
            if name and output.stated != shape:
                node.refused(f"it makes {dimensions(output.stated)}", "please report this")
            self.placed[name] = output

    def tensor(self, node: Node, *keys: str) -> Placed:
        """Return where an argument is that depends on the input: the first of several names."""
        return self.tensor_of(node, node.get(node.called(*keys)))

    def tensor_of(self, node: Node, found: Any) -> Placed:
        """Return where one of several arguments is that depend on the input."""
        if not isinstance(found, Ref):
            node.refused("an argument does not depend on the input", "change the module there")
        if found.name not in self.placed:
            why = f"it reads {found.name}, another output than the first"
            node.refused(why, "use the first output of a node alone")
        return self.placed[found.name]

    def batch(self, node: Node, *keys: str) -> Placed:
        """Return where an argument is whose samples are not merged with others."""
        x = self.tensor(node, *keys)
        if x.merged != (0, 0):
            node.refused("samples are merged with other axes", "keep them apart there")
        return x

    def operand(self, node: Node, *keys: str) -> Placed | Constant:
        """Return an argument that depends on the input, or is an array."""
        is_constant = not isinstance(node.get(node.called(*keys)), Ref)
        return self.array(node, *keys) if is_constant else self.tensor(node, *keys)

    def constant(self, node: Node, *keys: str) -> Constant | None:
        """Return an argument that is an array, if it is given."""
        found = node.get(key := node.called(*keys))
        if found is None or isinstance(found, Constant):
            return found
        if isinstance(found, int | float | list | tuple) and not any(refs(found)):
            return Constant(np.array(found))
        return node.refused(f"{key} depends on the input", "use a parameter or a constant there")

    def array(self, node: Node, *keys: str) -> Constant:
        """Return an argument that is an array."""
        if (found := self.constant(node, *keys)) is None:
            node.refused(f"{node.called(*keys)} is missing", "give it")
        return found

    def add(
        self,
        layer: Layer,
        inputs: Sequence[Placed],
        numbers: Mapping[str, Constant | None] | None = None,
        part: str = "",
    ) -> str:
        """Add a layer, and return its name.

        Args:
            layer: The layer, without name and inputs.
            inputs: What it reads.
            numbers: What it learns or is given, by name; what is None it has not.
            part: What the layer is called beside others of the same node.
        """
        assert self._node is not None
        if len(self.layers) == limits.NETWORK_LAYERS:
            most = f"more than the {limits.NETWORK_LAYERS:,} layers that symcnn derives"
            raise TooLargeError(
                f"the network has {most}: import a part of it, or give a smaller input"
            )
        own = {key: number for key, number in (numbers or {}).items() if number is not None}
        wanted = f"{self._node.layer}.{part}" if part else self._node.layer
        name = self._names.free(wanted or layer.prefix, own)
        shapes = [self.shapes[x.layer] for x in inputs]
        shape = layer.joined_shape(shapes)
        owner = self._owner(layer, shapes, own)
        read = tuple(x.layer for x in inputs)
        learned = layer.parameters(shapes[0])
        tie = None
        if owner is None and WEIGHT in learned:
            tie = tie_of(own.get(WEIGHT), self.taken, self._learned)
        placed = replace(exact_layer(layer), name=name, inputs=read, weight_from=owner)
        if tie is not None:
            placed = replace(placed, weight_from=tie.owner, weight_axes=tie.axes)
        self.layers.append(placed)
        self.shapes[name] = shape
        for key, constant in own.items():
            if key not in learned or not is_shared(placed, key):
                self._take(f"{name}.{key}", constant)
        if own and placed.weight_from is None:
            self._owners[self._weights(layer, shapes, own)] = name
        return name

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Let layers be called after a part of the node, such as "lstm.step2.output"."""
        assert self._node is not None
        whole = self._node
        self._node = replace(whole, layer=".".join(filter(None, (whole.layer, name))))
        try:
            yield
        finally:
            self._node = whole

    def _take(self, tensor: str, constant: Constant) -> None:
        self.numbers[tensor] = np.asarray(constant.array, dtype=np.float64)
        self.taken.append(Taken(tensor, constant))

    def _owner(
        self, layer: Layer, shapes: Sequence[Shape], own: Mapping[str, Constant]
    ) -> str | None:
        """Return an earlier layer with the same parameters of the source, in the same places."""
        learned = {key: c for key, c in own.items() if key in layer.parameters(shapes[0])}
        if not learned or not all(constant.parameter for constant in learned.values()):
            return None
        owner = self._owners.get(self._weights(layer, shapes, own))
        same = owner is not None and all(
            np.array_equal(self.numbers[f"{owner}.{key}"], c.array) for key, c in learned.items()
        )
        return owner if same else None

    def _weights(
        self, layer: Layer, shapes: Sequence[Shape], own: Mapping[str, Constant]
    ) -> tuple[Any, ...]:
        """Return what two layers have in common that share their parameters."""
        learned = layer.parameters(shapes[0])
        shared = tuple((k, c.parameter, c.array.shape) for k, c in own.items() if k in learned)
        return (type(layer), *shared)

    def plain(self, x: Placed) -> Placed:
        """Return a tensor whose single axis has the order of the source."""
        if x.folded is None:
            return x
        shape, order = x.folded.shape, x.folded.order
        image = replace(x, layer=self.add(Reshape(shape), [x], part="unflatten"))
        turned = replace(x, layer=self.add(Transpose(order), [image], part="transpose"))
        return replace(x, layer=self.add(Flatten(), [turned], part="flatten"), folded=None)

    def ordered(self, x: Placed, order: Order) -> Placed:
        """Return a tensor with its axes in this order."""
        x = self.plain(x)
        if x.order == order:
            return x
        if x.order[0] != order[0]:
            raise SymcnnError("the samples are no longer the first axis: keep them there")
        axes = tuple(x.order.index(axis) - 1 for axis in order[1:])
        return replace(x, layer=self.add(Transpose(axes), [x], part="transpose"), order=order)

    def reachable(self, output: str) -> list[Layer]:
        """Return the layers that the output depends on, in order."""

        def read(layer: Layer) -> Iterator[str]:
            yield from layer.inputs or ()
            if layer.weight_from is not None:
                yield layer.weight_from

        return list(chained(needed(self.layers, [output], lambda layer: [str(layer.name)], read)))


class Operators(dict[str, Operation]):
    """The operators that are known, by name; a new one is one function with a decorator."""

    def __init__(self, prefix: str = "") -> None:
        """Begin with none."""
        super().__init__()
        self._prefix = prefix

    def of(self, *names: str) -> Callable[[Operation], Operation]:
        """Let a function make the layers of the operators of these names."""

        def registered(operation: Operation) -> Operation:
            self.update({f"{self._prefix}{name}": operation for name in names})
            return operation

        return registered


class OfBoth:
    """Operators that PyTorch and ONNX both have."""

    def __init__(self) -> None:
        """Begin with none."""
        self.torch, self.onnx = Operators("aten."), Operators()

    def of(self, torch: Sequence[str], onnx: Sequence[str]) -> Callable[[Operation], Operation]:
        """Let a function make the layers of the operators of these names."""
        return lambda operation: self.onnx.of(*onnx)(self.torch.of(*torch)(operation))
