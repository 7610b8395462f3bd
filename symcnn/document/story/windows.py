"""The pictures of a window: at one position, and on the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from symcnn.document.blocks import Block, Citation, Diagram, Inline, Part, Text, heading, paragraph
from symcnn.document.context import Context
from symcnn.document.facts.thread import Thread
from symcnn.document.pictures.find_window import find, followed
from symcnn.document.pictures.texts import Texts
from symcnn.document.pictures.window import Window
from symcnn.document.pictures.window_pictures import path_picture, window_picture
from symcnn.document.pictures.window_sums import added, further_terms, left_out, overlap, siblings
from symcnn.document.words.words import enumerated

_Draw = Callable[[Window], Diagram | None]
"""What draws a picture of a window, with its caption."""

_WINDOW, _WAY = "the figure of a window", "the figure of the way back"


def window_pictures(context: Context) -> Iterator[Block]:
    """Draw a window at one position, and the way back to one of its weights."""
    window = find(context, least=1 if context.tells("listing") else 2)
    if window is None:
        return
    drawn = [found for label in (_WINDOW, _WAY) if (found := _diagram(window, label))]
    if not drawn:
        return
    labels = [diagram.label for diagram in drawn]
    thread, asked = context.scope.thread, context.scope.asked_thread
    is_whole = len(drawn) == len(_FIGURES)
    yield heading(1, _TITLES[_whose(window, thread) == _OURS] if is_whole else "One window")
    yield paragraph(*_figures(window, thread, labels), asked=_figures(window, asked, labels))
    yield from drawn


_OURS, _OURS_ON_THE_WAY = "our weight", "a weight on the path that we follow"
_TITLES = {
    True: "Following one weight through the network",
    False: "A window, and the way back to a weight",
}
"""The title, by whether the weight is the one that the document follows."""


def _whose(window: Window, thread: Thread | None) -> str:
    """Say which weight is looked at: the one that is followed, or one that it meets."""
    shown = followed(window, thread)
    if shown.chosen is None:
        return "one weight"
    is_ours = thread is None or shown.tensor(shown.weight).name == thread.name
    return _OURS if is_ours else _OURS_ON_THE_WAY


_FIGURES = {_WINDOW: "the window {where}", _WAY: "the way back to {whose}, "}
"""What the figures show."""


def _figures(window: Window, thread: Thread | None, labels: Sequence[str]) -> Text:
    """Say which figure shows what: Figure 2 shows a window, and Figure 3 a way back."""
    where = "for one entry of the input" if window.is_transposed else "at one position"
    gaps = {"where": where, "whose": _whose(window, thread)}
    parts = list[Part]()
    for place, label in enumerate(labels):
        start = ", and {} " if place else "{} shows "
        parts.append(Citation(label, start + _FIGURES[label].format(**gaps)))
        parts += [_weight(followed(window, thread))] if label == _WAY else []
    return (*parts, ".")


def _diagram(window: Window, label: str) -> Diagram | None:
    """Draw what there is to see of a window; a student sees it without values to be found."""
    draw = _window if label == _WINDOW else _path
    drawn = draw(followed(window, window.context.scope.thread))
    asked = partial(_asked, window, draw)
    return None if drawn is None else replace(drawn, redrawn=asked, label=label)


def _asked(window: Window, draw: _Draw) -> Diagram:
    open_texts = Texts(window.context, is_solved=False)
    looked_at = followed(window, window.context.scope.asked_thread)
    drawn = draw(replace(looked_at, texts=open_texts))
    assert drawn is not None  # that there is one does not depend on values
    return drawn


def _path(window: Window) -> Diagram | None:
    shown = path_picture(window)
    return Diagram(shown, _path_caption(window)) if shown else None


def _window(window: Window) -> Diagram | None:
    shown = window_picture(window)
    caption = _transposed_caption(window) if window.is_transposed else _window_caption(window)
    return Diagram(shown, caption) if shown else None


def _window_caption(window: Window) -> Text:
    """Say what the window does where it is drawn, and what the weight meets there."""
    result = Inline(window.texts.symbol(window.symbol(window.placed, window.position)))
    extra = _plus(window)
    start = f"The window of {window.output.name} at one position"
    if len(window.offsets()) * len(siblings(window)) == 1:
        return (
            f"{start}. The shaded entry of the input is multiplied by the weight ",
            _weight(window),
            *(("; the product, plus ", *extra, ", is ") if extra else (", and the product is ",)),
            result,
            f".{_dots(window)}",
        )
    return (
        f"{start}: the shaded inputs, each times the weight at the same place of the kernel, ",
        *(("and ", *extra, " ") if extra else ()),
        "add up to ",
        result,
        ". Here the weight ",
        _weight(window),
        " (orange)",
        *_at_weight(window, " meets ", " meets padding."),
        _columns(window),
        _dots(window),
    )


def _plus(window: Window) -> Text:
    """Name what is added to the products."""
    parts = added(window)
    words = [part for part in parts if isinstance(part, str)]
    if len(words) == len(parts):
        return (enumerated(words),) if words else ()
    return ("the bias ", *(Inline(window.texts.symbol(p)) for p in parts))


def _columns(window: Window) -> str:
    is_sequence = len(window.axes) == 1 and len(siblings(window)) > 1
    return " The columns of input and kernel are the channels." if is_sequence else ""


def _dots(window: Window) -> str:
    return " The dots stand for the entries that are not drawn." if any(window.cut) else ""


def _transposed_caption(window: Window) -> Text:
    """Say where the products of one entry go, and what happens to those with one weight."""
    outside = " lies outside the output and is omitted."
    start: Text = (
        f"The window of {window.output.name} for one entry of the input: ",
        Inline(window.texts.symbol(window.symbol(window.placed, window.position))),
    )
    end = (_cropped(window), _meeting(window), _left_out(window), _dots(window))
    if len(window.offsets()) == 1:
        by = " is multiplied by the weight "
        added_to = ", and the product is added to the shaded entry of the output."
        return (*start, by, _weight(window), added_to, *end)
    return (
        *start,
        " is multiplied by every weight of the kernel, and each product is added to the shaded "
        "entry of the output at the same place of the window. The product with the weight ",
        _weight(window),
        " (orange)",
        *_at_weight(window, " is added to ", outside),
        *end,
    )


def _at_weight(window: Window, before: str, outside: str) -> Text:
    """Name the entry that the weight meets where the window is drawn, or say that there is none."""
    met = window.met(window.position, window.offset)
    if not window.is_inside(met):
        return (outside,)
    return (before, Inline(window.texts.symbol(window.symbol(window.covered, met))), ".")


def _cropped(window: Window) -> str:
    outside = not all(map(window.is_inside, window.covered_spots()))
    return " The padding crops the dashed cells." if outside else ""


def _meeting(window: Window) -> str:
    """Say whether windows have entries in common."""
    if all(axis.positions == 1 for axis in window.axes):
        return ""
    if overlap(window):
        return " Where the windows of several entries overlap, the products are summed."
    return " No entry of the output lies in the windows of two entries of the input."


def _path_caption(window: Window) -> Text:
    """Say which products come back to the weight, and whether they are all of its derivative."""
    way = _transposed_way if window.is_transposed else _way
    further = further_terms(window)
    said = way(len(window.uses), is_whole=not further)
    return ("The way back to ", _weight(window), f"{said}{further}{_dots(window)}")


def _way(uses: int, is_whole: bool) -> str:
    if uses == 0:
        return ". At all positions that are shown the weight meets padding."
    if uses == 1:
        product = "this entry times the error signal there"
        return (
            ". The weight meets one entry of the input, at the shaded position; "
            f"{_is_whole(product) if is_whole else _is_term(product)}"
        )
    if is_whole:
        after = "its derivative is the sum of these entries, each times the error signal there."
    else:
        after = _is_term("each of these entries times the error signal there")
    return f". The weight meets a different entry of the input at each shaded position; {after}"


def _transposed_way(uses: int, is_whole: bool) -> str:
    if uses == 0:
        return ". Its products with all entries of the input that are shown are cropped."
    product = "input entry times error signal"
    if uses == 1:
        return (
            ". The weight multiplies the shaded entry of the input, and the product lands on the "
            "entry of the output whose error signal is shaded; "
            f"{_is_whole(product) if is_whole else _is_term(product)}"
        )
    start = (
        ". The weight multiplies each shaded entry of the input, and each product lands on one "
        "entry of the output, whose error signal is shaded. "
    )
    if is_whole:
        return (
            f"{start}Its derivative is therefore the sum of the products of these pairs: {product}."
        )
    return f"{start}Each of these products, {product}, is a term of its derivative."


def _is_whole(product: str) -> str:
    return f"its derivative is {product}."


def _is_term(product: str) -> str:
    return f"{product} is a term of its derivative."


def _weight(window: Window) -> Inline:
    return Inline(window.texts.symbol(window.looked_at))


def _left_out(window: Window) -> str:
    """Say what is not shown, in brackets."""
    parts = left_out(window)
    if not parts:
        return ""
    is_one = len(parts) == 1 and parts[0] in ("the bias", "what else is added")
    said = enumerated(parts)
    return f" ({said[0].upper()}{said[1:]} {'is' if is_one else 'are'} not shown.)"
