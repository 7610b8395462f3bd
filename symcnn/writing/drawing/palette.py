"""The colours: on paper and bright screens dark ones, on dark screens bright ones.

Each is readable as text on white, or on the near-black of a dark page (contrast 4.5:1).
"""

from __future__ import annotations

from symcnn.writing.drawing.picture import Ink

_COLOURS: dict[Ink, tuple[str, str]] = {
    -1: ("5F6873", "9DA7B3"),
    0: ("1F2328", "E6EDF3"),
    1: ("0B62C4", "6CB6FF"),
    2: ("B4470A", "F0A35E"),
    3: ("1A7A34", "5FCB75"),
    4: ("8045D8", "C59BFF"),
    5: ("B8327F", "F48FC0"),
    6: ("0C7285", "4FCFDD"),
}
"""Each on a bright page and on a dark one: red, green and blue in hexadecimal digits."""

BRIGHT, DARK = ({ink: pair[page] for ink, pair in _COLOURS.items()} for page in (0, 1))

IN_THE_DARK = "@media screen and (prefers-color-scheme:dark)"
"""When a page is dark: on a screen whose user wants it, never on paper."""
