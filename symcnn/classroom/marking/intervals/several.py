"""A figure that stands in several boxes: they agree as 0,24 and 0.240 do, or it is not read."""

from __future__ import annotations

from collections.abc import Iterable

from symcnn.classroom.marking.intervals.written import LEFT_OUT, Unread, Written, figure
from symcnn.errors import SymcnnError, shown


def one_of(texts: Iterable[str], place: str) -> str | Unread:
    """Return the most precise of some texts for one figure, if the others stand for it as well.

    Where one of them is no number, it is returned, so that whoever reads it says so.
    """
    given = [text for text in dict.fromkeys(texts) if text not in LEFT_OUT]
    read = dict[str, Written]()
    for text in given:
        try:
            found = figure(text, place)
        except SymcnnError:
            return text
        if found is not None:
            read[text] = found
    if not read:
        return "?"
    best = min(read, key=lambda text: read[text].greatest - read[text].least)
    for text, other in read.items():
        if not other.least <= read[best].value <= other.greatest:
            both = f"{shown(text)} in one box and {shown(best)} in another"
            return Unread(f"{text}, {best}", f"{place} is {both}: correct one of them")
    return best
