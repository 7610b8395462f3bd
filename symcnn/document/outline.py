"""The levels of detail and the sections of a document, by the names that users give them.

A section tells everything that there is to tell, in blocks that have roles; a level of detail is
the roles that it tells.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal, NamedTuple

Detail = Literal["brief", "standard", "full"]
"""How much a document says: a short version; one worked entry of each stage; every entry."""

DETAILS: tuple[Detail, ...] = ("brief", "standard", "full")

Level = Literal["convolution", "forward", "last-layer", "full"]
"""What a worksheet asks for: one convolution; the forward pass; also the derivatives of the last
layer with weights; every derivative, and a step of gradient descent."""

LEVELS: tuple[Level, ...] = ("convolution", "forward", "last-layer", "full")

HeadingLevel = Literal["chapter", "section", "subsection", "subsubsection"]
"""What the sections of a document become in an author's own."""

HEADING_LEVELS: tuple[HeadingLevel, ...] = ("chapter", "section", "subsection", "subsubsection")

SECTIONS = (
    "problem",
    "symbols",
    "forward",
    "maxima",
    "loss",
    "windows",
    "backward",
    "weights",
    "nudge",
    "closed-forms",
    "second-order",
    "step",
    "check",
    "reconciliation",
    "insights",
    "references",
)
"""The sections of a document, in the order in which they are read; a brief one has fewer, and
second-order is written where it is asked for."""

Role = Literal[
    "question",  # what is given, and what is to be found: every section opens with it
    "summary",  # what a short document says of a section, in one paragraph
    "meaning",  # what is computed, in words, with its formula
    "rule",  # a formula alone, with what its indices run over behind it
    "theorem",  # why a formula holds, in general and here
    "worked",  # entries, worked out
    "matrix",  # all entries, as matrices
    "listing",  # all entries, line by line, though they stand elsewhere
    "picture",
    "remark",  # what is worth a word besides
    "notation",  # the same in another notation
    "insight",  # what the numbers turn out to be
    "check",  # what they are compared with
]
"""What a block of a document is for."""


SOLUTION: tuple[Role, ...] = ("insight", "check")
"""The roles of what gives answers away, which a student is not given."""


class Outline(NamedTuple):
    """What a document tells.

    Attributes:
        sections: The sections that it has.
        roles: The roles of their blocks; where these are gathered, in this order.
        gathered: The sections in which blocks of one role stand together; in others, all that is
            told of a tensor does.
    """

    sections: tuple[str, ...]
    roles: tuple[Role, ...]
    gathered: tuple[str, ...]

    def asked(self, sections: Collection[str]) -> list[str]:
        """Return those of its sections that are asked for: all of them if none is named."""
        return [name for name in self.sections if not sections or name in sections]


_SHORT = ("problem", "forward", "backward", "weights")
_IN_SHORT: tuple[Role, ...] = ("question", "rule", "summary", "matrix", "picture", "insight")

OUTLINES: Mapping[str, Outline] = {
    "full": Outline(
        SECTIONS,
        (
            *("question", "meaning", "worked", "picture", "theorem", "listing", "remark"),
            *("notation", *SOLUTION),
        ),
        ("problem",),
    ),
    "standard": Outline(
        SECTIONS,
        ("question", "meaning", "picture", "worked", "theorem", "remark", *SOLUTION),
        ("problem",),
    ),
    "brief": Outline((*_SHORT, "second-order", "step"), _IN_SHORT, _SHORT),
    "one weight": Outline(
        (*_SHORT, "closed-forms", "step", "check"), (*_IN_SHORT, "check"), _SHORT
    ),
    "shown": Outline(("problem",), ("question", "meaning", "worked"), ("problem",)),
}
"""The levels of detail, the way to one weight, and what a notebook shows of a problem."""
