"""The colours: on paper and bright screens dark ones, on dark screens bright ones.

Each is readable as text on white, or on the near-black of a dark page (contrast 4.5:1).
"""

from __future__ import annotations

from symcnn.drawing.picture import Ink

BRIGHT: dict[Ink, str] = {
    -1: "5F6873",
    0: "1F2328",
    1: "0B62C4",
    2: "B4470A",
    3: "1A7A34",
    4: "8045D8",
    5: "B8327F",
    6: "0C7285",
}
"""The colours on a bright page, as red, green and blue in hexadecimal digits."""

DARK: dict[Ink, str] = {
    -1: "9DA7B3",
    0: "E6EDF3",
    1: "6CB6FF",
    2: "F0A35E",
    3: "5FCB75",
    4: "C59BFF",
    5: "F48FC0",
    6: "4FCFDD",
}
"""The same colours on a dark page."""

IN_THE_DARK = "@media screen and (prefers-color-scheme:dark)"
"""When a page is dark: on a screen whose user wants it, never on paper."""
