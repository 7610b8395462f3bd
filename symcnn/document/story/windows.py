"""The pictures of a window: at one position, at one after another, and on the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from symcnn.document.blocks import (
    Block,
    Citation,
    Diagram,
    Inline,
    Text,
    heading,
    joined,
    paragraph,
)
from symcnn.document.context import Context
from symcnn.document.pictures.find_window import find, followed
from symcnn.document.pictures.strip import strip
from symcnn.document.pictures.texts import Texts
from symcnn.document.pictures.window import Window
from symcnn.document.pictures.window_pictures import (
    left_out,
    other_uses,
    overlap,
    path_picture,
    window_picture,
)
from symcnn.document.story.pictures import listed
from symcnn.writing.drawing.picture import Picture, together

_Draw = Callable[[Window], tuple[Picture | None, Text]]
"""What draws a picture of a window, with its caption."""

_WINDOW, _WAY = "the figure of a window", "the figure of the way back"
_SHOWN = {
    _WINDOW: "{} shows the window at one position.",
    _WAY: "{} shows how the derivative with respect to one weight is composed of error signals.",
}
"""What a sentence says of each figure."""

_APART = 12.0
"""How far a window and the strip of its positions stand apart, in points."""


def window_pictures(context: Context) -> Iterator[Block]:
    """Draw a window at one position, and the way back to one of its weights."""
    window = find(context)
    if window is None:
        return
    drawn = [found for label in _SHOWN if (found := _diagram(window, label))]
    if not drawn:
        return
    is_whole = len(drawn) == len(_SHOWN)
    yield heading(1, "One window, and the way back to one weight" if is_whole else "One window")
    yield paragraph(*joined((Citation(d.label, _SHOWN[d.label]),) for d in drawn))
    yield from drawn


def _diagram(window: Window, label: str) -> Diagram | None:
    """Draw what there is to see of a window; a student sees it without values to be found."""
    draw = _window if label == _WINDOW else _path
    picture, caption = draw(followed(window, window.context.scope.thread))
    asked = partial(_asked, window, draw)
    return None if picture is None else Diagram(picture, caption, asked, label)


def _asked(window: Window, draw: _Draw) -> Diagram:
    open_texts = Texts(window.context, is_solved=False)
    looked_at = followed(window, window.context.scope.asked_thread)
    picture, caption = draw(replace(looked_at, texts=open_texts))
    assert picture is not None  # that there is one does not depend on values
    return Diagram(picture, caption)


def _path(window: Window) -> tuple[Picture | None, Text]:
    return path_picture(window), _path_caption(window)


def _window(window: Window) -> tuple[Picture | None, Text]:
    """Draw a window at one position and at one after another, in one picture."""
    one = window_picture(window)
    caption = _transposed_caption(window) if window.is_transposed else _window_caption(window)
    more = None if one is None else strip(window)
    if one is None or more is None:
        return one, caption
    picture = together(one, more.picture, _APART)
    return picture, (*caption, _strip_caption(window, more.is_cut))


def _strip_caption(window: Window, is_cut: bool) -> str:
    if window.is_transposed:
        entries = "the first entries" if is_cut else "all entries"
        return f" The small grids show the windows of {entries} of the input."
    positions = "the first positions" if is_cut else "every position"
    return f" The small grids show the window at {positions}."


def _window_caption(window: Window) -> Text:
    """Say what the window does where it is drawn, and what the weight meets there."""
    start = f"The window of {window.output.name} at one position. "
    into = "is" if window.is_whole else "goes into"
    result = Inline(window.texts.symbol(window.symbol(window.placed, window.position)))
    if len(window.offsets()) == 1:
        return (
            f"{start}The shaded entry of the input is multiplied by the weight ",
            _weight(window),
            f", and the product {into} ",
            result,
            f".{_left_out(left_out(window))}",
        )
    return (
        f"{start}Each shaded entry of the input is multiplied by the weight at the same position "
        f"of the kernel, and the sum of the products {into} ",
        result,
        ". The weight ",
        _weight(window),
        ", in the other colour,",
        *_at_weight(window, " is multiplied by ", " there.", " meets padding there."),
        _left_out(left_out(window)),
    )


def _transposed_caption(window: Window) -> Text:
    """Say where the products of one entry go, and what happens to those with one weight."""
    outside = " lies outside the output and is omitted."
    start: Text = (
        f"The window of {window.output.name} for one entry of the input: ",
        Inline(window.texts.symbol(window.symbol(window.placed, window.position))),
    )
    end = (_cropped(window), _meeting(window), _left_out(left_out(window)))
    if len(window.offsets()) == 1:
        by = " is multiplied by the weight "
        added = ", and the product is added to the shaded entry of the output."
        return (*start, by, _weight(window), added, *end)
    return (
        *start,
        " is multiplied by every weight of the kernel, and each product is added to the shaded "
        "entry of the output at the same position of the window. The product with the weight ",
        _weight(window),
        ", in the other colour,",
        *_at_weight(window, " is added to ", ".", outside),
        *end,
    )


def _at_weight(window: Window, before: str, after: str, outside: str) -> Text:
    """Name the entry that the weight meets where the window is drawn, or say that there is none."""
    met = window.met(window.position, window.offset)
    if not window.is_inside(met):
        return (outside,)
    return (before, Inline(window.texts.symbol(window.symbol(window.covered, met))), after)


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
    said = way(len(window.uses), is_whole=not (others := other_uses(window)))
    return ("The way back to ", _weight(window), f". {said}{_left_out(others)}")


def _way(uses: int, is_whole: bool) -> str:
    if uses == 0:
        return "At all positions that are shown it meets padding."
    if uses == 1:
        whole = "so its derivative is this entry times the error signal there"
        part = "and this entry times the error signal there is a term of its derivative"
        return (
            "At the shaded position it is multiplied by the shaded entry of the input, "
            f"{whole if is_whole else part}."
        )
    whole = "so its derivative is the sum of these entries times the error signals there"
    part = "and each such entry times the error signal there is a term of its derivative"
    return (
        "At each shaded position it is multiplied by a different entry of the input, "
        f"{whole if is_whole else part}."
    )


def _transposed_way(uses: int, is_whole: bool) -> str:
    if uses == 0:
        return "Its products with all entries of the input that are shown are cropped."
    if uses == 1:
        whole = "so its derivative is this entry times that error signal"
        part = "and this entry times that error signal is a term of its derivative"
        return (
            "It is multiplied by the shaded entry of the input, and the product is added to the "
            f"entry of the output whose error signal is shaded, {whole if is_whole else part}."
        )
    whole = "so its derivative is the sum of these entries times those error signals"
    part = "and each such entry times that error signal is a term of its derivative"
    return (
        "It is multiplied by each shaded entry of the input, and the product is added to another "
        f"entry of the output, whose error signal is shaded, {whole if is_whole else part}."
    )


def _weight(window: Window) -> Inline:
    return Inline(window.texts.symbol(window.looked_at))


def _left_out(parts: list[str]) -> str:
    return f" The picture leaves out {listed(parts)}." if parts else ""
