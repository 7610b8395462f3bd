"""Layers for operators that their users name: ``register``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Any, TypeVar, overload

from symcnn.equations.notation import Shape, dimensions
from symcnn.errors import SymcnnError, expect, shown
from symcnn.imports.builder import Builder
from symcnn.imports.graph import Constant, Node, refs
from symcnn.imports.operations.entrywise import applied
from symcnn.imports.placed import Order, Placed, channels_last
from symcnn.network.layers import Activation, Layer
from symcnn.network.meaning import PLACING

Made = Callable[..., Layer]
"""Returns a layer for the settings of an operator, which it takes by name: a class of layers."""

_Made = TypeVar("_Made", bound=Made)

_OF_MODELS = {"opset"}
"""What a node of ONNX has besides its own settings."""


@overload
def register(
    operator: str,
    layer: Made,
    *,
    channels_last: bool = ...,
    computes: Callable[..., Any] | None = ...,
) -> None: ...


@overload
def register(
    operator: str, *, channels_last: bool = ..., computes: Callable[..., Any] | None = ...
) -> Callable[[_Made], _Made]: ...


def register(
    operator: str,
    layer: Made | None = None,
    *,
    channels_last: bool = True,
    computes: Callable[..., Any] | None = None,
) -> Any:
    """Let imports make a layer of an operator, your own or one that is not known.

        symcnn.imports.register("mylib::leaky", MyLeaky)

        @symcnn.imports.register("mylib::scaled_shift")
        def scaled_shift(factor):
            return ScaledShift(factor)

    What the operator is given besides tensors goes to ``layer`` by name, as far as it takes that.
    Tensors that depend on the input of the network are the layer's inputs, in order. Constants and
    parameters become the layer's parameters and given tensors of the same names, and where no
    name is the same, in order; a kernel (filters, channels, height, width) is turned to (height,
    width, channels, filters) where the layer has that shape. Imports compare such layers with the
    source like all others. What is registered again replaces what was registered before.

    Args:
        operator: The operator of PyTorch, "mylib::leaky" or "aten.celu.default", or the type of
            ONNX, "Celu", with its domain if it has one, "com.example::Leaky".
        layer: A class of layers, or a function that returns a layer; without it, ``register``
            decorates one.
        channels_last: Whether the layer has the channels as its last axis; otherwise its axes are
            in the order of the source. Layers of one axis, and subclasses of ``Activation``, are
            the same either way.
        computes: For an operator of ONNX that ``onnx.reference`` does not know, the function of
            arrays, and of attributes by name, that it is compared with.

    Raises:
        SymcnnError: If the operator has no name, or the layer cannot be called.
    """
    expect(operator, str, "the operator", 'give its name, such as "mylib::leaky"')
    if layer is None:
        return lambda function: _decorated(operator, function, channels_last, computes)
    _add(operator, layer, channels_last, computes)
    return None


def _decorated(operator: str, layer: _Made, last: bool, computes: Any) -> _Made:
    _add(operator, layer, last, computes)
    return layer


def _add(operator: str, layer: Made, last: bool, computes: Any) -> None:
    for what, given in (("the layer", layer), ("computes", computes)):
        if not callable(given) and given is not None:
            raise SymcnnError(f"{what} is {shown(given)}: give a class or a function")
    made = Registered(layer, last, computes)
    REGISTERED.update(dict.fromkeys(_names(operator), made))


def _names(operator: str) -> set[str]:
    """Return what the graphs of PyTorch and of ONNX call an operator."""
    domain, _, name = operator.rpartition("::")
    if not name:
        raise SymcnnError('the operator has no name: give one such as "mylib::leaky"')
    if not domain:
        return {operator}
    return {operator, f"{domain}.{name}" if "." in name else f"{domain}.{name}.default"}


@dataclass(frozen=True)
class Registered:
    """How a layer is made of a node.

    Attributes:
        layer: Returns the layer for the operator's settings.
        channels_last: Whether the layer has the channels as its last axis.
        computes: What an operator of ONNX is compared with.
    """

    layer: Made
    channels_last: bool
    computes: Callable[..., Any] | None

    def __call__(self, b: Builder, n: Node) -> Placed:
        """Make the layer of a node."""
        xs = [b.tensor_of(n, ref) for ref in refs(n.arguments.values())]
        arrays = {k: v for k, v in n.arguments.items() if isinstance(v, Constant)}
        layer = self._layer(n, arrays)
        if isinstance(layer, Activation) and len(xs) == 1:
            return applied(b, xs[0], layer, _numbers(layer, xs[0].own_shape, arrays))
        placed = [b.ordered(x, self._order(len(x.stated))) for x in map(_whole, xs)]
        name = b.add(layer, placed, _numbers(layer, placed[0].own_shape, arrays))
        own = (placed[0].shape[0], *b.shapes[name])
        order = self._order(len(own))
        shape = tuple(own[order.index(axis)] for axis in range(len(own)))
        return Placed(name, shape, order)

    def _order(self, rank: int) -> Order:
        return channels_last(rank) if self.channels_last else tuple(range(rank))

    def _layer(self, n: Node, arrays: Mapping[str, Constant]) -> Layer:
        given = {k: v for k, v in n.arguments.items() if not any(refs([v])) and k not in _OF_MODELS}
        given |= {key: constant.array for key, constant in arrays.items()}
        taken = _taken(self.layer, given)
        try:
            layer = self.layer(**taken)
        except TypeError as error:
            raise SymcnnError(
                f"the registered layer cannot be made ({error}): see register"
            ) from None
        expect(layer, Layer, "what the registered function returns", "return a layer of symcnn")
        return layer


def _taken(layer: Made, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that a function takes by name."""
    parameters = signature(layer).parameters
    if any(p.kind is Parameter.VAR_KEYWORD for p in parameters.values()):
        return {**given}
    return {k: v for k, v in given.items() if k in parameters and k not in PLACING}


def _whole(x: Placed) -> Placed:
    if x.merged != (0, 0):
        raise SymcnnError("samples are merged with other axes: keep them apart there")
    return x


def _numbers(
    layer: Layer, shape: Shape, arrays: Mapping[str, Constant]
) -> dict[str, Constant | None]:
    """Return the arrays that a layer learns or is given, by its own names."""
    shapes = {key: part.shape for key, part in layer.parameters(shape).items()}
    shapes |= {key: part.shape for key, part in layer.givens(shape).items()}
    by_name = {key: arrays[key] for key in shapes if key in arrays}
    rest: Sequence[str] = [key for key in shapes if key not in by_name]
    left = [c for key, c in arrays.items() if key not in by_name and c.array.ndim]
    if len(left) < len(rest):
        raise SymcnnError(f"the operator has no array for {rest[len(left)]}: see register")
    found = {**by_name, **dict(zip(rest, left, strict=False))}
    return {key: _fitted(key, c, shapes[key]) for key, c in found.items()}


def _fitted(key: str, constant: Constant, shape: Shape) -> Constant:
    """Return an array in the shape that a layer has, if need be a kernel with its filters last."""
    array = constant.array
    if array.shape == shape:
        return constant
    axes = (*range(2, array.ndim), 1, 0)
    if array.ndim > 2 and array.transpose(axes).shape == shape:
        return constant.moved(lambda array: array.transpose(axes))
    raise SymcnnError(
        f"{key} has the shape {dimensions(array.shape)}, but the layer's has "
        f"{dimensions(shape)}: register a layer of that shape"
    )


REGISTERED: dict[str, Registered] = {}
"""What was registered, by the names that graphs use."""


def registered_in(operators: Iterable[str]) -> list[str]:
    """Return those of some operators that were registered, each once."""
    return sorted({*operators} & REGISTERED.keys())


def known(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table of operators with those that were registered."""
    return {**table, **REGISTERED}
