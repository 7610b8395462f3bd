"""What the equations of one tensor do, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from symcnn.document.blocks import Inline, Text, joined
from symcnn.document.context import Context
from symcnn.document.facts.forms import Form
from symcnn.document.facts.operation import Border, Operation
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import Gaps, Sentence, authored, completed
from symcnn.document.words.words import counted, enumerated, listed, noun, ordinal
from symcnn.equations import Tensor

_LISTED = 3
"""The most groups of which all are listed."""


def _padding(border: Border, met: str, again: str) -> Sentence[Operation]:
    return Sentence(
        lambda o: o.border == border,
        f"Near the border the window may extend beyond {{x}}. There it meets {met}",
        border,
        again,
    )


_NAMED: Mapping[str, str] = {
    "variance": "[is_number: {y}|Each entry of {y}] is the mean of the squared deviations of "
    "[is_number: the entries of {x} from their mean {mean}|entries of {x} from their mean in "
    "{mean}][is_called_variance: |: it is their variance].",
    "normalised": "The mean {mean} is subtracted from each entry of {x}, and this deviation is "
    "divided by the standard deviation, the square root of the variance {variance}.",
    "softmax": "Subtracting the log-sum-exp {normaliser} in the exponent divides by the sum of all "
    "exponentials: {y} is the softmax of {x}.",
    "log-softmax": "From each entry of {x} the log-sum-exp {normaliser} is subtracted: {y} is the "
    "logarithm of the softmax of {x}.",
    "scaled": "Each entry of {x} is multiplied by [scales_by_numbers: the learned factor {factor}, "
    "and the learned number {shift}|a learned factor, an entry of {factor}, and a learned number, "
    "an entry of {shift},] is added.",
}
"""What formulas are that have a name."""

_FORMS: Mapping[Form, str] = {
    "pointwise": "The kernel covers a single position of {x} at a time: the entries there are "
    "multiplied by the weights of a filter, one by one, and the products are summed.",
    "mixed": "A window slides over {x}: at each position every entry in it is multiplied by every "
    "weight of a filter, and the products are summed.",
    "transposed": "Each entry of {x} adds a copy of the kernel, multiplied by the entry, to {y}; "
    "where copies overlap they are summed.",
    "weighted": "[is_number: {y}|Each entry of {y}] is a weighted sum of entries of {x}.",
    "maximum": "A window [lies_still: lies on {x} at one position|slides over {x}], and the "
    "largest entry in it is kept.",
    "window": "A window [lies_still: lies on {x} at one position|slides over {x}], and the entries "
    "in it are summed, each with the same factor.",
    "average": "A window [lies_still: lies on {x} at one position|slides over {x}], and the mean "
    "of the entries in it is taken.",
    "number of terms": "Each entry of {y} is the number of entries in a window[counts_padding:  "
    "that lie in the input or in its padding|, without padding].",
    "exponentials": "[is_number: {y}|Each entry of {y}] is the logarithm of a sum of "
    "exponentials, a log-sum-exp.",
    "mean": "[is_number: {y}|Each entry of {y}] is the mean of entries of {x}.",
    "sum": "[is_number: {y}|Each entry of {y}] is a sum of entries of {x}.",
    "function": "[is_number: A function is applied to {x}|The same function is applied to every "
    "entry].",
    "renamed": "The entries are reindexed, row by row; no number changes.",
    "copied": "Each entry of {y} is an entry of {read}; no number changes.",
    "constant": "The entries of {y} are constants that depend on their position alone.",
    "joined": "The entries of {read} are concatenated.",
    "added": "Entries at the same position are added.",
}
"""What an entry is made of; where that says nothing, the formula speaks alone."""

_BESIDES: Sequence[Sentence[Operation]] = (
    Sentence(
        lambda o: o.form == "convolution" and not o.meaning,
        "The kernel slides over {x}: at each position the entries that it covers are multiplied "
        "by the weights of a filter, one by one, and the products are summed.",
        "convolution",
        "Again a kernel slides, now over {x}.",
    ),
    Sentence(
        lambda o: o.is_weighted and o.groups and o.groups.read > 1,
        "The channels of {grouped} and those of {y} form {number} groups of equal size, and a "
        "channel of {y} is computed from those of its own group alone: {channels}.",
    ),
    Sentence(
        lambda o: o.is_weighted and o.groups and o.groups.read == 1,
        "Each channel of {y} is computed from a single channel of {grouped}, which makes this a "
        "depthwise convolution: {channels}.",
    ),
    Sentence(lambda o: o.is_biased and "bias" not in o.meaning, "A bias is added."),
    Sentence(
        lambda o: o.correlates,
        "The indices of weight and entry increase together, so that strictly speaking this is a "
        "cross-correlation: a convolution would flip the kernel. A learned kernel simply comes out "
        "flipped, so for training the distinction is immaterial, and most frameworks call this a "
        "convolution.",
        "cross-correlation",
    ),
    Sentence(
        lambda o: o.has_remainders,
        r"Here $a \bmod n$ is the remainder, from 0 to $n - 1$, that $a$ leaves when it is "
        "divided by $n$.",
    ),
    Sentence(
        lambda o: o.selecting,
        "The bracket selects terms: it is 1 where the entry of {ids}, which counts from 0, is the "
        "number with which it is compared, and 0 elsewhere.",
    ),
    Sentence(
        lambda o: o.strides,
        "From one [slides: position to the next the window moves|entry of {x} to the next the "
        "kernel moves] by {stride}: this is the stride.[fits_its_stride:  It equals the length of "
        "the window, so the windows do not overlap.|]",
    ),
    Sentence(
        lambda o: o.dilations,
        "The entries that the window covers are {dilation}: this is the dilation.",
    ),
    Sentence(lambda o: o.crops, "Whatever would fall outside {y} is cropped."),
    Sentence(
        lambda o: o.border == "outside" and o.leaves,
        "Terms whose indices lie outside {x} are omitted.",
    ),
    _padding(
        "padding of a maximum",
        "padding, which takes no part in the maximum.",
        "As before, the padding takes no part in the maximum.",
    ),
    _padding(
        "padding of a mean",
        "padding, which takes no part in the mean.",
        "As before, the padding takes no part in the mean.",
    ),
    _padding(
        "padding",
        "the zero padding; these terms vanish and are omitted.",
        "{x} is padded with zeros, too.",
    ),
)
"""What else is said of formulas without a name."""

_MEETS_NOTHING = (
    "No weight meets an entry of {input} here[has_bias: , so only the bias is left|: {y} is 0]."
)
"""What is said of a window that lies on padding alone, in place of what it does elsewhere."""

_ROOT = Sentence[Operation](
    lambda o: o.roots_a_sum,
    "The number{letters} below the root keeps it away from 0.",
    "the number below the root",
)


def introduced(
    context: Context, tensor: Tensor, mentioned: Mentioned, when: str = "", source: str = ""
) -> Text:
    """Say what a tensor is; "l is a sum" is put into "We first compute l" as ", a sum".

    A mean that is said to be the mean of something is not called a mean before.

    Args:
        context: The derivation.
        tensor: The tensor.
        mentioned: What was said so far.
        when: "first" or "then" for what is computed on the way to a result.
        source: The work that a layer is from, if it is from one.
    """
    does = _operation(context, tensor, mentioned, source)
    if not when:
        return does
    we, called, name = f"We {when} compute", f" the {noun(tensor)} ", context.named(tensor)
    match does:
        case (first, str(verb), *others) if first == name and verb.startswith(" is "):
            what = verb.removeprefix(" is ")
            twice = what.rstrip(".").startswith(called.strip())
            return (we, " " if twice else called, name, f", {what}", *others)
    return joined(((we, called, name, "."), does))


def _operation(context: Context, tensor: Tensor, mentioned: Mentioned, source: str) -> Text:
    """Say what the equations of a tensor do; what was explained before is not repeated."""
    facts, cited = context.operation(tensor), mentioned.cited(source)
    if facts.meets_nothing:
        says, further = _MEETS_NOTHING, []
    elif facts.name:
        says, further = _NAMED[facts.name], [_ROOT]
    else:
        says, further = _FORMS.get(facts.form, ""), [*_BESIDES, _ROOT]
    if facts.meant and facts.meaning and not facts.meets_nothing:
        said, again = (facts.meant.forward(tensor, again=again) for again in (False, True))
        if said != again and not mentioned.first(("forward", facts.meant.topic(tensor))):
            said = again
        does = authored(said, [facts.meant], context)
    else:
        does = completed(says, facts, context, _GAPS)
    also = (s.said(mentioned) for s in further if s.holds(facts))
    besides = [completed(sentence, facts, context, _GAPS) for sentence in also]
    return joined((does, *besides, cited))


def _part(key: str) -> Callable[[Context, Operation], Inline]:
    return lambda context, o: context.named(o.part(key))


def _every(context: Context, tensors: Sequence[Tensor]) -> Text:
    return listed([context.named(tensor) for tensor in tensors])


def _entries(numbers: Mapping[int, int], apart: str = "") -> str:
    """Return 2 entries or, of axes that differ, 2 entries along the first axis and so on.

    Args:
        numbers: Those of each axis.
        apart: What is said behind each.
    """
    each = {axis: counted(number, "entry", "entries") for axis, number in numbers.items()}
    said = {axis: f"{many}{apart}" for axis, many in each.items()}
    if len({*said.values()}) == 1:
        return next(iter(said.values()))
    return enumerated([f"{many} along the {ordinal(axis)} axis" for axis, many in said.items()])


def _letters(context: Context, operation: Operation) -> Text:
    called = context.constants.called(operation.first.value)
    return tuple(part for letter, _ in called for part in (" ", Inline(letter)))


def _channels(context: Context, operation: Operation) -> str:
    """Say which channels are computed from which: channel 1 from channels 1 and 2, and so on."""
    found, base = operation.groups, context.style.index_base
    assert found is not None
    shown = found.number if found.number <= _LISTED else 1
    which = ", ".join(
        f"{_counted_from(g * found.made + base, found.made)} from "
        f"{_counted_from(g * found.read + base, found.read)}"
        for g in range(shown)
    )
    return which if shown == found.number else f"{which}, and so on"


def _counted_from(first: int, number: int) -> str:
    if number == 1:
        return f"channel {first}"
    return f"channels {first} {'and' if number == 2 else 'to'} {first + number - 1}"


_GAPS: Gaps[Operation] = {
    "x": lambda context, o: context.named(o.data),
    "y": lambda context, o: context.named(o.result),
    "read": lambda context, o: _every(context, o.reads),
    "ids": lambda context, o: _every(context, o.selecting),
    **{key: _part(key) for key in ("mean", "variance", "normaliser", "factor", "shift")},
    "input": lambda context, o: _every(context, o.meant.place.read if o.meant else ()),
    "letters": _letters,
    "grouped": lambda context, o: context.named(o.grouped),
    "number": lambda _, o: str(o.groups.number) if o.groups else "",
    "channels": _channels,
    "stride": lambda _, o: _entries(o.strides),
    "dilation": lambda _, o: _entries(o.dilations, " apart"),
}
