"""What a theorem assumes: how a tensor is computed, and that the loss has no other way to it."""

from __future__ import annotations

from collections.abc import Sequence

from symcnn.derivation import Step
from symcnn.document import theorems
from symcnn.document.blocks import Inline, Reference, Text, inline
from symcnn.document.context import Context
from symcnn.document.theorems.named_indices import letter
from symcnn.document.words.words import filled, listed
from symcnn.equations import Loop
from symcnn.writing.formula.build import applied

_ALONE = "$L$ depends on {own} {ways}"
_FIRST = f"If the first formula holds{{each}},{{single}} and {_ALONE}, the second holds{{every}}."
_ABOVE = f"If {{result}} is computed as in {{theorem}},{{single}} and {_ALONE}, then{{every}}"
_SEVERAL = f"If {_ALONE}, as in the forward pass, then{{every}}"
_FUNCTION = f"If {{applied}} for every entry, and {_ALONE}, then"


def assumptions(
    context: Context, made: theorems.Theorem, steps: Sequence[Step], above: str | None
) -> Text:
    """Say what a theorem assumes, and for which indices its derivative then holds.

    Args:
        context: The derivation.
        made: The theorem.
        steps: What it is about.
        above: The theorem that states how the result is computed, if an earlier one does.
    """
    (step, *others), tensors = steps, context.derivation.tensors
    named: dict[str, str | Inline | Text] = {
        "own": context.named(step.of),
        "result": context.named(tensors[step.source.target.base]),
        "ways": _ways(context, steps),
        "single": _single(step),
    }
    if made.function is not None:
        return filled(_FUNCTION, context.letters, applied=_applied(context, step), **named)
    every: Text = _for_all(made.backward.free)
    if made.forward is not None:
        order = {loop.symbol: place for place, loop in enumerate(made.backward.free)}
        free = sorted(made.forward.free, key=lambda loop: order.get(loop.symbol, -1))
        each = _for_all(free)
        return filled(_FIRST, context.letters, each=each, every=every, **named)
    if others or above is None:
        return filled(_SEVERAL, context.letters, every=_after_comma(every), **named)
    theorem: Text = (Reference(above),)
    return filled(_ABOVE, context.letters, theorem=theorem, every=_after_comma(every), **named)


def alone(context: Context, steps: Sequence[Step], over: Inline | None) -> Text:
    """Say through which tensors the loss depends on one, of a theorem that says nothing else.

    Args:
        context: The derivation.
        steps: What the theorem is about.
        over: What the indices of its formula run over.
    """
    own = context.named(steps[0].of)
    every: Text = (", for ", over) if over else ()
    said = filled(f"Since {_ALONE}", context.letters, own=own, ways=_ways(context, steps))
    return (*said, *every, ":")


def _ways(context: Context, steps: Sequence[Step]) -> Text:
    """Say through what the loss depends on a tensor: also directly, where a penalty has it."""
    made = [context.derivation.tensors[step.source.target.base] for step in steps]
    results = dict.fromkeys(context.named(tensor) for tensor in made if tensor.role != "loss")
    through: Text = ("through ", *listed([*results]), " alone") if results else ("alone",)
    is_direct = any(tensor.role == "loss" for tensor in made)
    return ("directly and otherwise ", *through) if is_direct else through


def _single(step: Step) -> str:
    """Return that maxima have derivatives, if a step is through maxima."""
    if step.routing is None:
        return ""
    if step.source.value == step.access:
        return " each window has a single largest entry,"
    return " each maximum has a single largest term,"


def _after_comma(every: Text) -> Text:
    return (",", *every, ",") if every else ()


def _applied(context: Context, step: Step) -> Text:
    """Return that phi is applied to every entry."""
    printer = theorems.AllAxes(manner=context.manner)
    result, own = map(printer.tree, (step.source.target, step.access))
    return (inline(result, "=", applied(r"\varphi", own)),)


def _for_all(free: Sequence[Loop]) -> Text:
    """Return for all m and k."""
    letters = [letter(loop.symbol) for loop in free]
    return (" for all ", *listed(letters)) if letters else ()
