"""Slides as a page of HTML: one file, which fetches nothing, for a browser in full screen.

The arrow keys step through the frames: a sentence, a row, a figure at a time, as do a click, the
space bar and the keys of a presenter. Without a script, and on paper, all frames stand one below
the other with all of their steps. What a caption says besides its first sentence is a note to the
speaker, which the key n shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from symcnn.document.blocks import Block, Diagram
from symcnn.document.pages.html.elements import Elements
from symcnn.document.pages.html.text import escaped, sentence
from symcnn.document.pages.slides.frames import Frame, frames
from symcnn.document.pages.slides.steps import sentences
from symcnn.document.pages.writers.html import Scripted, style

_FILES = Path(__file__).parent


def page(title: str, blocks: Sequence[Block]) -> str:
    """Return a page of frames."""
    made, elements, name = frames(title, blocks), Elements(), escaped(title)
    of = len(made) + 1
    shown = "\n".join(_frame(frame, elements, n, of) for n, frame in enumerate(made, 2))
    script = Scripted(style("content.css") + _read("deck.css"), {}, "deck", _read("deck.js"))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}</title>{script.head}
</head>
<body>
<main class="derivation">
<section class="frame" aria-label="{name}">
<h1>{name}</h1>
</section>
{shown}
</main>{script.end}
</body>
</html>
"""


@cache
def _read(name: str) -> str:
    return (_FILES / name).read_text(encoding="utf-8")


def _frame(frame: Frame, elements: Elements, number: int, of: int) -> str:
    counted = f" ({frame.number}/{frame.of})" if frame.of > 1 else ""
    below = f'\n<p class="section">{sentence(frame.section)}</p>' if frame.section else ""
    steps = "\n".join(_steps(frame.steps, elements))
    size = f' style="--scale: {frame.scale}"' if frame.scale != 1 else ""
    return (
        f'<section class="frame"{size}>\n<header>\n<h2>{sentence(frame.title)}{counted}</h2>{below}'
        f'\n</header>\n<div class="steps">\n{steps}\n</div>\n'
        f'<p class="count">{number} / {of}</p>\n</section>'
    )


def _steps(blocks: Sequence[Block], elements: Elements) -> Iterator[str]:
    """Run over the steps; below a figure stands what the speaker says of it."""
    for block in blocks:
        notes = ""
        if isinstance(block, Diagram) and block.caption:
            first, *others = sentences(block.caption)
            block = replace(block, caption=first, narrow=None)
            said = " ".join(map(sentence, others))
            notes = f'\n<aside class="notes"><p>{said}</p></aside>' if said else ""
        yield f'<div class="step">\n{elements.one(block)}{notes}\n</div>'
