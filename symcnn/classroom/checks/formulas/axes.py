"""What the axes of a tensor are: samples, positions, channels, inputs and outputs.

n samples; 1, 2, 3 positions; c channels, and f the features of rows that attention reads; q the
entries of a vector; i, o the inputs and outputs that a weight joins; - an axis of length 1 that no
formula has an index for.
"""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.equations import Tensor
from symcnn.network.layers import Attention
from symcnn.network.network import Network
from symcnn.network.stage import Stage

Tags = tuple[str, ...]

POSITIONS = ("1", "2", "3")


def tags_of(network: Network) -> dict[str, Tags]:
    """Return what the axes of every tensor of a network are."""
    found = {"x": _of_sample(network.input)}
    for stage in network.stages:
        found[stage.output.name] = _of_sample(stage.output)
        found |= {t.name: _of_parameter(stage, key, t) for key, t in stage.parameters.items()}
        for own in (stage.auxiliaries, stage.givens):
            found |= {t.name: _of_other(t, found[stage.output.name]) for t in own.values()}
        pairs = stage.auxiliaries.values() if isinstance(stage.layer, Attention) else ()
        found |= {t.name: _of_pairs(t) for t in pairs}
    end, output = network.loss_stage, found[network.output.name]
    for tensor in (end.given, *end.givens.values(), *end.auxiliaries.values()):
        if tensor is not None:
            found[tensor.name] = _of_other(tensor, output)
    attends = any(isinstance(layer, Attention) for layer in network.layers)
    return {name: _as_rows(tags) if attends else tags for name, tags in found.items()}


def _as_rows(tags: Tags) -> Tags:
    """Return the axes of a sequence whose entries are rows of features, not an image's pixels."""
    is_sequence = [tag for tag in tags if tag in POSITIONS] == ["1"] and "c" in tags
    return tuple("f" if tag == "c" and is_sequence else tag for tag in tags)


def _of_sample(tensor: Tensor) -> Tags:
    """Return the axes of an output: samples, positions and channels, or the entries."""
    axes = len(tensor.of_one_sample().shape)
    own = ("q",) if axes == 1 else (*POSITIONS[: axes - 1], "c")
    return ("n", *own) if tensor.batched else own


def _of_parameter(stage: Stage, key: str, tensor: Tensor) -> Tags:
    axes = len(tensor.shape)
    if key in stage.layer.kernels:
        return (*POSITIONS[: axes - 2], "i", "o")
    if axes == 2 and key == "weight" and len(stage.output.of_one_sample().shape) == 1:
        return ("o", "i")
    return _of_other(tensor, _of_sample(stage.output))


def _of_other(tensor: Tensor, output: Tags) -> Tags:
    """Return the axes of what has those of an output, or some of them."""
    axes = len(tensor.shape)
    own = output if tensor.batched else tuple(tag for tag in output if tag != "n")
    if axes == len(own):
        made = own
    elif axes < len(own):
        made = own[:1] * (axes > 1) + own[len(own) - max(axes - 1, 1) :]
    else:
        made = (*own, *("-" * (axes - len(own))))
    return tuple(
        "-" if size == 1 and tag != "n" and tag in "q" and tensor.role == "auxiliary" else tag
        for size, tag in zip(tensor.shape, made, strict=True)
    )


def _of_pairs(tensor: Tensor) -> Tags:
    """Return the axes of what attention computes for each query and each key, or each query."""
    heads, *own = tensor.of_one_sample().shape
    made = ("c" if heads > 1 else "-", *POSITIONS[: len(own)])
    return ("n", *made) if tensor.batched else made


def orders(tags: Tags, count: int, sampled: bool) -> Iterator[Tags]:
    """Run over the axes that a number of indices may stand for, the usual ones first.

    Args:
        tags: The axes of the tensor.
        count: The number of indices.
        sampled: Whether the sample stands above, so that no index stands for it.
    """
    own = tuple(tag for tag in tags if tag != "-" and not (tag == "n" and sampled))
    seen = set[Tags]()
    for order in _orders(own, count):
        if len(order) == count and order not in seen:
            seen.add(order)
            yield order


def _orders(own: Tags, count: int) -> Iterator[Tags]:
    positions = tuple(tag for tag in own if tag in POSITIONS)
    samples = tuple(tag for tag in own if tag == "n")
    others = tuple(tag for tag in own if tag not in POSITIONS and tag != "n")
    if own in (("o", "i"), ("n", "q")):
        yield own
        yield own[::-1]
    for chosen in (others, *((tag,) for tag in others), ()):
        for first in (samples, ()):
            yield (*first, *positions, *chosen)
            yield (*first, *reversed(chosen), *positions)
            yield (*first, *chosen, *positions)
    if positions:
        yield (*positions, *others, *samples)
    for position in positions if len(positions) > 1 else ():
        for chosen in (others, *((tag,) for tag in others), ()):
            for first in (samples, ()):
                yield (*first, position, *chosen)
                yield (*first, *reversed(chosen), position)
    yield (*samples, *others)
    yield (*samples, *reversed(others))
    for tag in (*others, *samples):
        yield (tag,)
