"""What formulas of the forward pass are called that have a name, and channels in groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sympy import Expr, Indexed, sqrt

from symcnn.document.blocks import Inline, Text
from symcnn.document.context import Context
from symcnn.document.facts.patterns import (
    groups,
    log_softmax,
    normalised,
    scaled,
    softmax,
    variance,
)
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.words import filled, joined
from symcnn.equations import Equation

_VARIANCE = (
    "Each entry of {y} is the mean of the squared deviations of entries of {x} from their mean in "
    "{mean}{called}."
)
_VARIANCE_NUMBER = (
    "{y} is the mean of the squared deviations of the entries of {x} from their mean {mean}"
    "{called}."
)
_CALLED = ": it is their variance"
_NORMALISED = (
    "The mean {mean} is subtracted from each entry of {x}, and this deviation is divided by the "
    "standard deviation, the square root of the variance {variance}."
)
_ADDED = "The number{letter} that is added to the variance keeps the root away from 0."
_SCALED = (
    "Each entry of {x} is multiplied by a learned factor, an entry of {factor}, and a learned "
    "number, an entry of {shift}, is added."
)
_SCALED_BY_NUMBERS = (
    "Each entry of {x} is multiplied by the learned factor {factor}, and the learned number "
    "{shift} is added."
)
_SOFTMAX = (
    "Subtracting {normaliser}, the logarithm of the sum of all exponentials, in the exponent "
    "divides by this sum: {y} is the softmax of {x}."
)
_LOG_SOFTMAX = (
    "From each entry of {x} the logarithm {normaliser} of the sum of all exponentials is "
    "subtracted: {y} is the logarithm of the softmax of {x}."
)
_GROUPS = (
    "The channels of {x} and those of {y} form {number} groups of equal size, and a channel of "
    "{y} is computed from those of its own group alone: {which}."
)
_DEPTHWISE = (
    "Each channel of {y} is computed from a single channel of {x}, which makes this a depthwise "
    "convolution: {which}."
)
_LISTED = 3
"""The most groups of which all are listed."""


def recognised(context: Context, equations: Sequence[Equation], mentioned: Mentioned) -> Text:
    """Say what a formula is that has a name, such as the variance; nothing of others."""
    first, *others = equations
    if others:
        return ()
    network = context.derivation.network
    every = network.equations
    if found := variance(first, every):
        result = context.derivation.tensors[first.target.base]
        called = "" if result.name.endswith(".variance") else _CALLED
        sentence = _VARIANCE_NUMBER if result.size == 1 else _VARIANCE
        says = sentence.replace("{called}", called)
        return _filled(context, says, first, dict(zip(("x", "mean"), found, strict=True)))
    if first.reduced:
        return ()
    kernels = {tensor.base for tensor in network.parameters}
    value = first.value
    for sentence, gaps, reads in (
        (_NORMALISED, ("x", "mean", "variance"), normalised(value, every)),
        (_SOFTMAX, ("x", "normaliser"), softmax(value, every)),
        (_LOG_SOFTMAX, ("x", "normaliser"), log_softmax(value, every)),
        (_SCALED, ("x", "factor", "shift"), scaled(value, kernels)),
    ):
        if reads is not None:
            are_numbers = sentence == _SCALED and _are_numbers(context, reads[1:])
            says = _SCALED_BY_NUMBERS if are_numbers else sentence
            said = _filled(context, says, first, dict(zip(gaps, reads, strict=True)))
            is_root = sentence == _NORMALISED and not value.has(1 / sqrt(reads[-1]))
            is_root = is_root and mentioned.first(_ADDED)
            return joined((said, _added(context, value) if is_root else ()))
    return ()


def _are_numbers(context: Context, reads: Iterable[Indexed]) -> bool:
    return all(context.derivation.tensors[read.base].size == 1 for read in reads)


def _added(context: Context, value: Expr) -> Text:
    """Say what the small number beside a variance is for; its own sentence gives its value."""
    letters = [
        part for letter, _ in context.constants.called(value) for part in (" ", Inline(letter))
    ]
    return filled(_ADDED, letter=tuple(letters))


def _filled(
    context: Context, sentence: str, equation: Equation, reads: Mapping[str, Indexed]
) -> Text:
    tensors = context.derivation.tensors
    every = {**reads, "y": equation.target}
    return filled(sentence, **{k: context.named(tensors[r.base]) for k, r in every.items()})


def grouping(context: Context, equation: Equation) -> Text:
    """Say which channels are computed from which, where they form groups."""
    parameters = {tensor.base for tensor in context.derivation.network.parameters}
    found = groups(equation, parameters)
    if found is None or found.number == 1:
        return ()
    base, shown = context.style.index_base, found.number if found.number <= _LISTED else 1
    pairs = (
        (_channels(g * found.made + base, found.made), _channels(g * found.read + base, found.read))
        for g in range(shown)
    )
    which = ", ".join(f"{made} from {read}" for made, read in pairs)
    return filled(
        _DEPTHWISE if found.read == 1 else _GROUPS,
        x=context.named(context.derivation.tensors[found.of.base]),
        y=context.named(context.derivation.tensors[equation.target.base]),
        number=str(found.number),
        which=which if shown == found.number else f"{which}, and so on",
    )


def _channels(first: int, number: int) -> str:
    """Return channel 1, channels 1 and 2, channels 1 to 3."""
    if number == 1:
        return f"channel {first}"
    return f"channels {first} {'and' if number == 2 else 'to'} {first + number - 1}"
