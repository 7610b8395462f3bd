"""Sentences about the digits that are asked for: the same on sheets, pages, keys and questions."""

from __future__ import annotations

from symcnn.document.words.sentences import spelled


def significant(digits: int) -> str:
    """Return three significant digits for 3."""
    return f"{spelled(digits)} significant digit{'s' * (digits > 1)}"


def to_be_given(digits: int) -> str:
    """Say how exact the figures of a sheet have to be."""
    return f"Give inexact results to {significant(digits)}."
