"""The levels of detail and the sections of a document, by the names that users give them."""

from __future__ import annotations

from typing import Literal

Detail = Literal["brief", "standard", "full"]
"""How much a document says: two pages; one worked entry of each stage; every entry."""

DETAILS: tuple[Detail, ...] = ("brief", "standard", "full")

Level = Literal["convolution", "forward", "last-layer", "full"]
"""What a worksheet asks for: one convolution; the forward pass; also the derivatives of the last
layer with weights; every derivative, and a step of gradient descent."""

LEVELS: tuple[Level, ...] = ("convolution", "forward", "last-layer", "full")

HeadingLevel = Literal["chapter", "section", "subsection", "subsubsection", "frame"]
"""What the sections of a document become in an author's own: headings, or frames of a deck."""

HEADING_LEVELS: tuple[HeadingLevel, ...] = (
    "chapter",
    "section",
    "subsection",
    "subsubsection",
    "frame",
)

SECTIONS = (
    "problem",
    "symbols",
    "forward",
    "maxima",
    "loss",
    "windows",
    "backward",
    "weights",
    "closed-forms",
    "second-order",
    "step",
    "check",
    "reconciliation",
    "references",
)
"""The sections of a document, in the order in which they are read; a brief one has fewer, and
second-order is written where it is asked for."""
