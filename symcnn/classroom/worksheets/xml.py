"""What files for learning platforms have in common: text in XML, and Moodle's list of questions."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

_LONGEST_NAME = 200


def quiz(questions: Iterable[str], category: str = "") -> str:
    """Return a file that Moodle imports.

    Args:
        questions: The questions, as elements.
        category: The category that they are put in; by default the one that is open.
    """
    heading = [_category(category)] if category else []
    listed = "\n".join((*heading, *questions))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{listed}\n</quiz>\n'


def _category(name: str) -> str:
    """Return what says where the questions go; a slash in a name is doubled."""
    path = f"$course$/top/{name.replace('/', '//')}"
    return (
        f'<question type="category">\n<category>{text(path)}</category>\n'
        f'<info format="html">{text("")}</info>\n<idnumber></idnumber>\n</question>'
    )


def name(title: str) -> str:
    """Return a title as short as a name may be."""
    return title[:_LONGEST_NAME]


def text(words: str) -> str:
    """Return the element of a text in Moodle's files."""
    return f"<text>{quoted(words)}</text>"


def quoted(words: str) -> str:
    """Return text in which XML sees no markup, and no character that it has not."""
    return escape("".join(c if c == "\n" or c.isprintable() else "\ufffd" for c in words))


def cdata(markup: str) -> str:
    """Return text that no parser reads, whatever it holds."""
    return f"<![CDATA[{markup.replace(']]>', ']]]]><![CDATA[>')}]]>"
