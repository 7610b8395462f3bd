"""The problem: layers, shapes, parameter counts and the given numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from symcnn.document.blocks import Block, Inline, Table, Text, heading, inline, paragraph
from symcnn.document.context import Context
from symcnn.document.sections.words import counted, filled, product, separated, times
from symcnn.equations import Tensor
from symcnn.formula.build import added, row
from symcnn.wiring import Stage

_SIDES = ("height", "width")
_NO_PARAMETERS = "We want the derivative of the loss by the input."
_CONVOLUTION = (
    ' "Convolution" means cross-correlation here, as it does in every framework: the kernel '
    "is not flipped."
)

_POSITIONS = (
    "A window that spans $e$ entries and moves by the stride $s$ along an axis of $n$ entries, "
    r"padded by $p$ in all, has $\lfloor(n+p-e)/s\rfloor+1$ positions."
)


def problem(context: Context) -> Iterator[Block]:
    """Describe the network, work out every shape, and list the numbers."""
    network = context.derivation.network
    shape = times(network.input_shape)
    learned = sum(tensor.size for tensor in network.parameters)
    yield heading(1, "The problem")
    yield paragraph(
        "The input has the shape ",
        shape,
        _batch(network.batch),
        f". It passes through {counted(len(network.stages), 'layer')}, with "
        f"{counted(learned, 'parameter')} together. "
        + ("We want the derivative of the loss by each of them." if learned else _NO_PARAMETERS)
        + (_CONVOLUTION if any(map(_convolves, network.stages)) else ""),
    )
    yield Table(
        (("Layer",), ("Settings",), ("Output shape",), ("Parameters",)),
        tuple(map(_layer_row, network.stages)),
        "lXll",
    )
    yield from _output_sizes(context)
    yield from _numbers(context)


def _convolves(stage: Stage) -> bool:
    """Tell whether a window with weights slides over the input."""
    return bool(stage.parameters and _windows(stage))


def _batch(samples: int | None) -> str:
    return "" if samples is None else f", and there is a batch of {samples} samples"


def _layer_row(stage: Stage) -> tuple[Text, ...]:
    """Give a layer's name, the settings that are not as usual, its shape and its parameters."""
    usual = {f.name: f.default for f in fields(stage.layer)}
    settings = ", ".join(
        f"{name.replace('_', ' ')} {_setting(value)}"
        for name, value in stage.layer.settings().items()
        if value != usual[name]
    )
    return (
        (stage.output.name,),
        (settings or ("as usual" if stage.layer.settings() else "none"),),
        (times(stage.output.of_one_sample().shape),),
        _parameter_count(stage),
    )


def _setting(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return "(" + ", ".join(map(_setting, value)) + ")"
    return str(getattr(value, "__name__", value))  # a function's text holds an address


def _parameter_count(stage: Stage) -> Text:
    tensors = list(stage.parameters.values())
    if not tensors:
        return (inline("0"),)
    products = added([product(tensor.shape) for tensor in tensors])
    total = row(str(sum(tensor.size for tensor in tensors)))
    return (Inline(products) if products == total else inline(products, "=", total),)


def _output_sizes(context: Context) -> Iterator[Block]:
    """Work out how many positions every sliding window has along each axis."""
    sliding = [stage for stage in context.derivation.network.stages if _windows(stage)]
    if not sliding:
        return
    yield heading(2, "Output sizes")
    yield paragraph(*filled(_POSITIONS))
    yield Table(
        (("Layer",), ("Axis",), ("Positions",)),
        tuple(row for stage in sliding for row in _size_rows(stage)),
        "lll",
    )


def _windows(stage: Stage) -> tuple[Any, ...]:
    return stage.layer.windows(stage.input.of_one_sample().shape)


def _size_rows(stage: Stage) -> Iterator[tuple[Text, ...]]:
    for axis, window in enumerate(_windows(stage)):
        padding = window.before + window.after
        padded = row(str(window.size), *(("+", str(padding)) if padding else ()))
        steps = row("(", padded, "-", str(window.extent), ")", "/", str(window.stride))
        if (window.padded - window.extent) % window.stride:
            steps = row(r"\lfloor", steps, r"\rfloor")
        side = _SIDES[axis] if axis < len(_SIDES) else f"axis {axis + 1}"
        yield (stage.output.name,), (side,), (inline(steps, "+", "1", "=", str(window.positions)),)


def _numbers(context: Context) -> Iterator[Block]:
    yield heading(2, "The given numbers")
    yield Table(
        (("Tensor",), ("Python name",), ("Shape",), ("Entries, row by row",)),
        tuple(_given_row(context, tensor) for tensor in context.derivation.network.given),
        "lllX",
    )


def _given_row(context: Context, tensor: Tensor) -> tuple[Text, ...]:
    """Give a tensor that is given: its letter, name, shape, and its entries or the first few."""
    positions = list(tensor.positions())
    shown = positions if context.is_worked(tensor) else positions[:4]
    entries: list[Inline] = []
    for position in shown:
        symbol = tensor.symbol(position)
        value = context.numeral(symbol).side.formula
        entries.append(inline(context.printed(symbol), value))
    rest = (f"{context.separator} and so on",) if len(shown) < len(positions) else ()
    return (
        (Inline(context.printed(tensor.base.label)),),
        (tensor.name,),
        (times(tensor.shape),),
        (*separated(context, entries), *rest),
    )
