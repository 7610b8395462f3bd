"""What no formula says: which letter is the stride, what a mask does, how a target is smoothed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Expr, sympify

from symcnn.document.blocks import Inline, Text, joined
from symcnn.document.facts.meant import Meant, meant
from symcnn.document.theory.statement import Printed
from symcnn.document.words.settings import setting
from symcnn.document.words.table import filled, gaps_in
from symcnn.document.words.words import listed, loss_name
from symcnn.equations.sizes import is_size
from symcnn.writing.formula.build import joined as joined_formulas
from symcnn.writing.formula.build import parenthesized, row
from symcnn.writing.printing.arithmetic import arithmetic
from symcnn.writing.printing.numerals import Numerals

_NOUNS = {
    "kernel_size": "kernel size",
    "pool_size": "pool size",
    "stride": "stride",
    "padding": "padding",
    "dilation": "dilation",
    "groups": "number of groups",
    "heads": "number of heads",
    "factor": "factor",
    "size": "window size",
}
"""The settings whose letters stand in formulas without a word of what they are."""


def setting_names(p: Printed) -> Text:
    """Say what the letters of a layer's settings are: The stride is S and the padding P."""
    own = [*_settings(p)] if p.made.output.role != "loss" else []
    between = ["The ", *[", the "] * (len(own) - 2), " and the "][: len(own)]
    named = zip(between, own, strict=True)
    parts = [
        x
        for n, (begin, (noun, value)) in enumerate(named)
        for x in (f"{begin}{noun} {'is ' * (n == 0)}", value)
    ]
    return joined([(*parts, ".") if parts else (), *_added(p)])


def described(p: Printed) -> Text:
    """Say in its author's words what a layer does with what tells, and is not differentiated."""
    made, moved = p.made, {f.tensor for f in p.made.backward}
    if made.output.role == "loss" or moved.issuperset((*made.inputs, *made.given)):
        return ()
    own = meant(made.network)
    known = ((f.tensor, own[f.tensor.name]) for f in made.forward if f.tensor.name in own)
    said = ((one.forward(tensor), one) for tensor, one in known)
    return joined(filled(words, p.letters, **_gaps(p, one, words)) for words, one in said if words)


def _gaps(p: Printed, one: Meant, words: str) -> dict[str, str | Text]:
    """Return the letters of the tensors, and the settings, that an author's gaps name."""
    tensors = one.place.tensors
    shown: dict[str, str | Text] = {
        name: listed([p.letter(tensor) for tensor in tensors[name]])
        for name in gaps_in(words)
        if name in tensors
    }
    for name in {*gaps_in(words)} - shown.keys():
        value = getattr(one.place.made, name)
        is_formula = isinstance(value, Expr)
        shown[name] = (p.formula(value),) if is_formula else setting(value, Numerals())
    return shown


def smoothed(p: Printed) -> Text:
    """Say what takes the place of a target's entries, if anything does."""
    stage, loss = p.made.network.loss_stage, p.made.network.loss
    if p.made.output.role != "loss" or stage.given is None:
        return ()
    entry = p.entry_of(stage.given)
    compared = loss.compared(entry, p.made.inputs[0])
    place = (" takes the place of ", p.formula(entry), f" in the {loss_name(loss)}.")
    return ("The target is smoothed: ", p.formula(compared), *place) if compared != entry else ()


def _added(p: Printed) -> Iterator[Text]:
    """Say where what is added: along the first axis, P slices before the input and Q after it."""
    padding = p.made.network.layers[-1].settings().get("padding")
    axes = padding if isinstance(padding, tuple) else ()
    what = "slices" if len(p.made.inputs[0].shape) > 1 else "entries"
    for pair, which in zip(axes, ("first", "second", "third"), strict=False):
        if isinstance(pair, tuple) and all(map(_is_letter, pair)):
            before, after = (_printed((n,), False) for n in pair)
            own = f" {what} are added before the input and "
            yield (f"Along the {which} axis, ", before, own, after, " after it.")


def _settings(p: Printed) -> Iterator[tuple[str, Inline]]:
    """Run over what settings are called that are letters, each with these."""
    every = p.made.network.layers[-1].settings()
    for name in (name for name in _NOUNS if name in every):
        value = every[name]
        letters = value if isinstance(value, tuple) else (value,)
        is_in_title = f"{name.replace('_', ' ')} " in p.made.own_name
        if all(map(_is_letter, letters)) and not is_in_title:
            yield _NOUNS[name], _printed(letters, name.endswith("size"))


def _is_letter(value: Any) -> bool:
    return is_size(value) if hasattr(value, "free_symbols") else False


def _printed(letters: tuple[Any, ...], is_shape: bool) -> Inline:
    """Return K x J, (S, T), or a single letter."""
    printed = [arithmetic(sympify(letter)) for letter in letters]
    if is_shape or len(printed) == 1:
        return Inline(joined_formulas(printed, r"\times"))
    return Inline(row(parenthesized(joined_formulas(printed, ","))))
