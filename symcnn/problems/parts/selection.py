"""Which layers of a network a part consists of, and where it is joined to the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symcnn.equations import Tensor
from symcnn.equations.values import known
from symcnn.errors import SymcnnError, shown
from symcnn.network.network import Network
from symcnn.network.stage import Stage


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
