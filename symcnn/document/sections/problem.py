"""The problem: layers, shapes, parameter counts and the given numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from symcnn.document.blocks import (
    Block,
    Inline,
    Table,
    Text,
    heading,
    inline,
    paragraph,
)
from symcnn.document.context import Context
from symcnn.document.sections.matrices import Quantity, axes, is_written_out, written_out
from symcnn.document.sections.mentioned import Mentioned
from symcnn.document.sections.words import counted, joined, product, times
from symcnn.document.theorems import letters
from symcnn.equations import Tensor
from symcnn.formula.build import added, row
from symcnn.wiring import Stage

_SIDES = {1: ("length",), 2: ("height", "width")}
"""What axes are called, by how many a window slides over."""

_COUNTED = ("filters", "groups", "units")
"""The settings that say how many of something there are."""

_WANTED = " We want the derivative of the loss with respect to each of them."
_NO_PARAMETERS = " We want the derivative of the loss with respect to the input."
_CONVOLUTION = (
    ' "Convolution" means cross-correlation here, as in most deep-learning frameworks: the kernel '
    "is not flipped, and the indices of weight and entry increase together. Since the weights are "
    "learned, the difference does not matter."
)

_POSITIONS = (
    "Along an axis, the number of positions of a window is the padded length minus the span "
    "of the window, divided by the stride and rounded down, plus 1."
)
_LAID = (
    "Copies of a kernel that are added to the output cover one stride for every position but "
    "one, plus the span of one kernel, minus what is cropped."
)
_SAME = 'With the padding "same" the output is as long as the number of positions times the stride.'


def problem(context: Context, mentioned: Mentioned) -> Iterator[Block]:
    """Describe the network, work out every shape, and list the numbers."""
    yield from layers(context, mentioned)
    yield from output_sizes(context)
    yield from given_numbers(context)


def layers(context: Context, mentioned: Mentioned) -> Iterator[Block]:
    """Describe the network, and list its layers."""
    yield heading(1, "The problem")
    network = context.derivation.network
    shape = times(network.input_shape)
    learned = sum(tensor.size for tensor in network.parameters)
    explained = convolves(context) and mentioned.first("cross-correlation")
    yield paragraph(
        f"{_batch(network.batch)} of shape ",
        shape,
        f" passes through {counted(len(network.stages), 'layer')} with "
        f"{counted(learned, 'parameter')} in total." + (_WANTED if learned else _NO_PARAMETERS),
        *((_CONVOLUTION,) if explained else ()),
    )
    yield Table(
        (("Layer",), ("Settings",), ("Output shape",), ("Parameters",)),
        tuple(map(_layer_row, network.stages)),
        "lXll",
    )


def convolves(context: Context) -> bool:
    """Tell whether a layer is called a convolution."""
    return any(map(_convolves, context.derivation.network.stages))


def _convolves(stage: Stage) -> bool:
    """Tell whether a window with weights slides over the input."""
    return bool(stage.parameters and _windows(stage)) and not _lays(stage)


def _batch(samples: int | None) -> str:
    return "The input" if samples is None else f"A batch of {counted(samples, 'sample')}"


def _layer_row(stage: Stage) -> tuple[Text, ...]:
    """Give a layer's name, its settings, its shape and its parameters."""
    return (
        (stage.output.name,),
        (settings(stage),),
        (times(stage.output.of_one_sample().shape),),
        _parameter_count(stage),
    )


def settings(stage: Stage) -> str:
    """Return the settings of a layer in words."""
    named = [_in_words(n.replace("_", " "), v) for n, v in _settings(stage).items()]
    return ", ".join([*named, *_default_stride(stage)]) or "none"


def _in_words(name: str, value: Any) -> str:
    """Return 3 filters, no bias, stride 2."""
    if isinstance(value, bool):
        return name if value else f"no {name}"
    if name in _COUNTED:
        return counted(value, name.removesuffix("s"))
    return f"{name} {_setting(value)}"


def _default_stride(stage: Stage) -> list[str]:
    """Say what the stride is of windows that are given none."""
    if stage.layer.settings().get("stride", "given") is not None:
        return []
    strides = [window.stride for window in _windows(stage)]
    alike = len(set(strides)) == 1
    return [f"stride {_setting(strides[0] if alike else strides)} by default"] if strides else []


def _settings(stage: Stage) -> dict[str, Any]:
    """Return the settings that are not the default; all of them where none is."""
    every, default = stage.layer.settings(), {f.name: f.default for f in fields(stage.layer)}
    own = {name: value for name, value in every.items() if value != default[name]}
    return own or {name: value for name, value in every.items() if value is not None}


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


def output_sizes(context: Context) -> Iterator[Block]:
    """Work out how long the output of every window is along each axis."""
    stages = [stage for stage in context.derivation.network.stages if _windows(stage)]
    if not stages:
        return
    laid = [window for stage in stages if _lays(stage) for window in _windows(stage)]
    sentences = {
        _POSITIONS: not all(map(_lays, stages)),
        _LAID: any(window.size == _covered(window) for window in laid),
        _SAME: any(window.size != _covered(window) for window in laid),
    }
    yield heading(2, "Output sizes")
    yield paragraph(*joined((text,) for text, is_said in sentences.items() if is_said))
    yield Table(
        (("Layer",), ("Axis",), ("Output length",)),
        tuple(row for stage in stages for row in _size_rows(stage)),
        "lll",
    )


def _windows(stage: Stage) -> tuple[Any, ...]:
    return stage.layer.windows(stage.input.of_one_sample().shape)


def _lays(stage: Stage) -> bool:
    """Tell whether a stage's windows are laid down on its output, not slid over its input."""
    own = letters(stage.equations, {tensor.base for tensor in stage.parameters.values()}, ())
    written = {own.named(index) for e in stage.equations for index in e.target.indices}
    return any(window.symbol in written for window in own.windows)


def _size_rows(stage: Stage) -> Iterator[tuple[Text, ...]]:
    windows = _windows(stage)
    sides = _SIDES.get(len(windows), [f"axis {n + 1}" for n in range(len(windows))])
    length = _laid if _lays(stage) else _slid
    for side, window in zip(sides, windows, strict=True):
        yield (stage.output.name,), (side,), (length(window),)


def _slid(window: Any) -> Inline:
    """Return (length + padding - span) / stride + 1 = positions."""
    padding = window.before + window.after
    padded = row(str(window.size), *(("+", str(padding)) if padding else ()))
    steps = row("(", padded, "-", str(window.extent), ")", "/", str(window.stride))
    if (window.padded - window.extent) % window.stride:
        steps = row(r"\lfloor", steps, r"\rfloor")
    return inline(steps, "+", "1", "=", str(window.positions))


def _laid(window: Any) -> Inline:
    """Return (positions - 1) stride + span - padding = length, or positions times stride."""
    stride, padding = str(window.stride), window.before + window.after
    if window.size != _covered(window):
        return inline(str(window.positions), r"\cdot", stride, "=", str(window.size))
    first = row("(", str(window.positions), "-", "1", ")", r"\cdot", stride)
    cropped = ("-", str(padding)) if padding else ()
    return inline(first, "+", str(window.extent), *cropped, "=", str(window.size))


def _covered(window: Any) -> int:
    """Return how much of the output kernels cover that are laid down at all positions."""
    covered = (window.positions - 1) * window.stride + window.extent
    return int(covered - window.before - window.after)


def given_numbers(context: Context) -> Iterator[Block]:
    """Give every number of the problem, unless there are thousands."""
    given = context.derivation.network.given
    yield heading(2, "The given numbers")
    if context.is_full:
        yield Table(
            (("Tensor",), ("Python name",), ("Shape",), ("Written out by",)),
            tuple(_given_row(context, tensor) for tensor in given),
            "lllX",
        )
    yield from written_out(context, [*map(Quantity, filter(is_written_out, given))])


def _given_row(context: Context, tensor: Tensor) -> tuple[Text, ...]:
    """Give the letter of a tensor, its name, its shape, and how its matrices are to be read."""
    written = is_written_out(tensor)
    return (
        (Inline(context.printed(tensor.base.label)),),
        (tensor.name,),
        (times(tensor.shape),),
        axes(tensor) if written else (f"{tensor.size:,} numbers, not printed",),
    )
