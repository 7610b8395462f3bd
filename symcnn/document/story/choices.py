"""Where there is no derivative and one is chosen, and what another choice would change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sympy import Symbol

from symcnn.derivation import Routing, Step
from symcnn.document.blocks import Block, Inline, Paragraph, Text, joined
from symcnn.document.context import Context
from symcnn.document.facts.given import Chosen
from symcnn.document.facts.scope import Path, Position
from symcnn.document.story.aside import is_aside
from symcnn.document.story.short import is_overview
from symcnn.document.words.maxima import ties
from symcnn.document.words.table import filled
from symcnn.document.words.words import listed
from symcnn.equations import Tensor

_FEW = 4
"""The most entries that are named one by one."""

_TIED = "{tied}. There the maximum has no derivative, and by convention {taken}{checked}"
_NEARLY_TIED = (
    "{tied}. Where they are equal, the maximum has no derivative, and by convention "
    "{taken}{checked}"
)
_TIED_IN_SHORT = "{tied}; by convention {taken}"
_TAKEN = {
    "first": "the first in row-major order is taken",
    "split": "equal entries take equal shares",
}
_KINK = "{where} exactly at a kink of {layer}"
_OTHER_SLOPES = (
    ", where a convention takes the place of the derivative: any number between the slopes on the "
    "left and on the right is equally valid"
)
_OTHER_CHOICE = ". Another choice is equally valid"
_IN_SHORT = {_OTHER_SLOPES: "; another slope there", _OTHER_CHOICE: ". Another choice"}
"""The same in an overview."""
_OTHERS = " and can give other derivatives with respect to {tensors}."
_SIGNALS = " and changes {signals}, but no derivative with respect to the input or to a parameter."
_HIDDEN = " and changes no derivative with respect to the input or to a parameter."
_SAME = " and gives the same derivatives."
_ALL_HARMLESS = "Other choices change no derivative with respect to the input or to a parameter."
_OTHER = " and can give another derivative."
_THE_SAME = " and gives the same derivative."
_UNKNOWN = " and may give other derivatives."
_EQUAL = "several entries are the largest of a maximum"
_ARGUMENT = "the argument of a function lies exactly at a kink"


def tied(context: Context, routing: Routing, positions: Sequence[Position], *, equal: bool) -> Text:
    """Say in which maxima several entries are the largest, and what follows.

    Args:
        context: The derivation.
        routing: What each maximum takes.
        positions: Those that have several largest entries.
        equal: Whether these are equal in all of them; else they may differ by rounding.
    """
    name = context.derivation.tensors[routing.source.target.base].name
    made = next((c for c in context.chosen if c.tensor == name and not c.argument), None)
    told = _tied(context, routing, positions, equal=equal)
    return (*told, *_another(context, made, _OTHER_CHOICE))


def _tied(
    context: Context, routing: Routing, positions: Sequence[Position], *, equal: bool
) -> Text:
    says = _TIED_IN_SHORT if is_overview(context) else _TIED
    checked = "" if context.style.detail == "brief" else ", in the check of the derivatives as well"
    return filled(
        says if equal else _NEARLY_TIED,
        taken=_TAKEN[routing.reduction.ties],
        checked=checked,
        tied=ties(context, routing, positions, equal=equal),
    )


class _Choice(NamedTuple):
    """Where derivatives do not exist, with the words that lead to what another choice gives."""

    made: Chosen
    told: Text
    begins: str


def ties_and_kinks(context: Context, tensors: Sequence[Tensor]) -> Iterator[Block]:
    """Say in one paragraph what is chosen where derivatives do not exist."""
    every = list(_ties(context, [s for t in tensors for s in context.derivation.steps_by(t.name)]))
    every += [choice for tensor in tensors for choice in _kinks(context, tensor)]
    texts = [(*told, *_another(context, made, begins)) for made, told, begins in every]
    if is_overview(context) and len(every) > 1 and all(_is_harmless(context, c) for c in every):
        texts = [*((*choice.told, ".") for choice in every), (_ALL_HARMLESS,)]
    if texts:
        yield Paragraph(joined(texts), role="insight")


def _is_harmless(context: Context, choice: _Choice) -> bool:
    """Tell whether another choice changes no derivative with respect to input or parameters."""
    return _what_it_gives(context, choice.made) in ((_HIDDEN,), (_SAME,))


def _ties(context: Context, steps: Iterable[Step]) -> Iterator[_Choice]:
    """Say which of the maxima that some steps differentiate are tied."""
    routings = dict.fromkeys(step.routing for step in steps if step.routing is not None)
    for routing in routings:
        tensor = context.derivation.tensors[routing.source.target.base]
        for made in context.chosen:
            is_own = made.tensor == tensor.name and not made.argument
            if is_own and (shown := _on_the_way(context, tensor, made.positions)):
                told = _tied(context, routing, shown, equal=True)
                yield _Choice(made, told, _OTHER_CHOICE)


def kinks(context: Context, tensor: Tensor) -> Iterator[Paragraph]:
    """Say which entries of a tensor are at kinks of the functions that read it."""
    for made, told, begins in _kinks(context, tensor):
        another = _another(context, made, begins)
        yield Paragraph((*told, *another), role="insight")  # students compute it first


def _kinks(context: Context, tensor: Tensor) -> Iterator[_Choice]:
    for made in context.chosen:
        if made.argument == tensor.name and (shown := _on_the_way(context, tensor, made.places)):
            entries = [tensor.symbol(position) for position in shown]
            told = filled(_KINK, where=_entries(context, tensor, entries), layer=made.tensor)
            yield _Choice(made, told, _OTHER_SLOPES)


def why(context: Context) -> str:
    """Say why the loss has no derivative."""
    tied = any(not made.argument for made in context.chosen)
    at_kinks = any(made.argument for made in context.chosen)
    reasons = [_EQUAL] * tied + [_ARGUMENT] * at_kinks
    return " and ".join(reasons)


def _on_the_way(context: Context, tensor: Tensor, positions: Iterable[Position]) -> list[Position]:
    """Return entries, of a way to one weight those that lie on it."""
    way = context.worked_derivatives(tensor) if isinstance(context.scope, Path) else None
    return [position for position in positions if way is None or position in way]


def _entries(context: Context, tensor: Tensor, entries: Sequence[Symbol]) -> Text:
    if len(entries) > _FEW:
        return f"{len(entries):,} entries of ", context.named(tensor), " lie"
    the, lie = ("The entry ", " lies") if len(entries) == 1 else ("The entries ", " lie")
    return the, *listed([Inline(context.printed(entry)) for entry in entries]), lie


def _another(context: Context, made: Chosen | None, begins: str) -> Text:
    """Say what another choice gives; an overview does not say that it is equally valid."""
    if not is_overview(context):
        return (begins, *_what_it_gives(context, made))
    first, *others = _what_it_gives(context, made)
    assert isinstance(first, str)
    return (_IN_SHORT[begins], first.removeprefix(" and"), *others)


def _what_it_gives(context: Context, made: Chosen | None) -> Text:
    if made is None:
        return (_UNKNOWN,)
    if isinstance(scope := context.scope, Path):
        return (_OTHER if scope.position in made.changed.get(scope.name, ()) else _THE_SAME,)
    network, adjoints = context.derivation.network, context.derivation.adjoints
    final = [t for t in (network.input, *network.parameters) if t.name in adjoints]
    if changed := [context.named(t) for t in final if t.name in made.changed]:
        return filled(_OTHERS, tensors=listed(changed))
    hidden = [network.tensors[name] for name in made.changed if name in adjoints]
    is_given = context.needed.directly if is_overview(context) else context.derivation.adjoints
    told = [t for t in hidden if t.name in is_given and not is_aside(context, t)]
    if shown := [context.named(adjoints[t.name]) for t in told]:
        signals = "the error signals " if len(shown) > 1 else "the error signal "
        return filled(_SIGNALS, signals=(signals, *listed(shown)))
    return (_HIDDEN if hidden else _SAME,)
