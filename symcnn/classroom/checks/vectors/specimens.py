"""Layers by themselves, each at one choice of settings and shapes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Any

from symcnn.classroom.checks.vectors.alone import REFUSALS, Shapes, fitting, network_of
from symcnn.classroom.checks.vectors.settings import needed, varied
from symcnn.document.theory.inputs import INPUTS
from symcnn.equations import Tensor
from symcnn.equations.notation import Shape
from symcnn.errors import SymcnnError, shown
from symcnn.network.layers import Layer
from symcnn.network.meaning import PLACING
from symcnn.network.network import Network


@dataclass(frozen=True)
class Specimen:
    """A layer, alone in a network.

    Attributes:
        layer: The layer, as its user writes it.
        network: The network.
        chosen: The settings that were chosen, beyond those that the layer needs.
    """

    layer: Layer
    network: Network
    chosen: tuple[str, ...] = ()

    @cached_property
    def inputs(self) -> dict[str, Tensor]:
        """What the layer reads, by the names that its inputs have."""
        found = self.network.stages[-1].inputs
        if found == (self.network.input,):
            return {"x": found[0]}
        letters = type(self.layer).inputs_called
        called = letters if len(letters) == len(found) else "abcdef"
        return dict(zip(called, found, strict=False))

    @cached_property
    def parameters(self) -> dict[str, Tensor]:
        """What the layer learns, by its own names."""
        return dict(self.network.stages[-1].parameters)

    @cached_property
    def givens(self) -> dict[str, Tensor]:
        """What the layer is given besides."""
        return dict(self.network.stages[-1].givens)

    @property
    def output(self) -> Tensor:
        """What the layer makes."""
        return self.network.output

    @property
    def input_shapes(self) -> Shapes:
        """The shape of every input, of one sample."""
        return tuple(tensor.shape[1:] for tensor in self.inputs.values())


def specimens(subject: Layer | type[Layer], input_shape: Shape | None = None) -> list[Specimen]:
    """Return a class at several settings, or a layer with its own ones, at several shapes.

    Args:
        subject: The class or the layer.
        input_shape: The shape of the input of a layer; by default some are tried.

    Raises:
        SymcnnError: If it is no layer, or fits none of the inputs that are tried.
    """
    if isinstance(subject, Layer):
        found = [*_of_layer(subject, input_shape)]
    elif input_shape is not None:
        raise SymcnnError(
            f"input_shape = {shown(str(input_shape))} is for a layer with settings of its own: "
            "give an instance, such as Conv2D(3, 2)"
        )
    elif isinstance(subject, type) and issubclass(subject, Layer):
        found = [*_of_class(subject)]
    else:
        raise SymcnnError(
            f"test vectors are of a layer, not of {shown(str(subject))}: give a class such as "
            "Conv2D, or an instance"
        )
    if not found:
        raise SymcnnError(
            f"there are no test vectors of {shown(repr(subject))}: it takes none of the small "
            "inputs that are tried: give one, such as input_shape=(9, 8, 2), with an instance"
        )
    return found


def _of_layer(layer: Layer, input_shape: Shape | None = None) -> Iterator[Specimen]:
    """Run over inputs of a layer: one sample, and two of each shape."""
    bare = replace(layer, **dict.fromkeys(PLACING))
    tried = fitting(bare) if input_shape is None else ((input_shape,),)
    for number, shapes in enumerate(tried):
        for samples in (2,) if number else (1, 2):
            yield Specimen(bare, network_of(bare, shapes, samples))


def _of_class(made: type[Layer]) -> Iterator[Specimen]:
    """Run over the settings of a class."""
    found = _simplest(made)
    if found is None:
        return
    first, axes = found
    plain = [*_of_layer(made(**first))]
    yield from plain
    seen = {one.network.equations for one in plain}
    for others in varied(made, axes):
        for one in _at(made, {**first, **others}, tuple(others)):
            if one.network.equations not in seen:
                seen.add(one.network.equations)
                yield one


def _at(made: type[Layer], settings: dict[str, Any], chosen: tuple[str, ...]) -> Iterator[Specimen]:
    """Make samples of the first shape that the layer takes at some settings, if any.

    There are two where several settings go together, and one elsewhere, which keeps files small.
    """
    layer, samples = _layer(made, settings), 2 if len(chosen) > 1 else 1
    if layer is not None:
        for shapes in islice(fitting(layer), 1):
            yield Specimen(layer, network_of(layer, shapes, samples), chosen)


def _simplest(made: type[Layer]) -> tuple[dict[str, Any], int] | None:
    """Return the settings that a class needs, and the number of axes with positions."""
    for axes in (2, 3, 1, 0):
        for settings in needed(made, axes):
            layer = _layer(made, settings)
            if layer is None:
                continue
            for shapes in fitting(layer):
                if made in INPUTS or len(shapes[0]) == axes + 1:
                    return settings, axes
    return None


def _layer(made: type[Layer], settings: dict[str, Any]) -> Layer | None:
    try:
        return made(**settings)
    except REFUSALS:
        return None
