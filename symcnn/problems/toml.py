"""The text of a problem file becomes tables: TOML whose decimals stay exact."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from symcnn import limits
from symcnn.errors import SymcnnError
from symcnn.limits.files import text_of

_NAME = r"""(?:"[^"\n]*+"|'[^'\n]*+'|[\w-]++)[ \t]*+"""
_KEY = rf"""(?<![\w"'.-])(?:{_NAME}\.[ \t]*+)"""
"""A name and a dot, in time that grows with the text alone; several begin where a key does."""


def parsed(file: Path, decimal: Callable[[str], Any] | None = None) -> dict[str, Any]:
    """Return the tables of a TOML file.

    Args:
        file: The file.
        decimal: What makes numbers of decimals as they are written; by default exact ones.

    Raises:
        SymcnnError: If it cannot be read, or is not TOML.
    """
    text = text_of(file)
    if found := re.search(f"{_KEY}{{{limits.TOML_NAMES}}}", text):
        line = text.count("\n", 0, found.start()) + 1
        raise SymcnnError(
            f"line {line} has a key of more than {limits.TOML_NAMES} dotted names: shorten the key"
        )
    try:
        return tomllib.loads(text, parse_float=decimal or _decimal)
    except SymcnnError:
        raise
    except RecursionError:
        raise SymcnnError("the file is nested too deeply: give arrays of at most 8 axes") from None
    except tomllib.TOMLDecodeError as error:
        raise SymcnnError(f"this is not valid TOML: {error}: correct the file there") from None
    except ValueError:
        raise SymcnnError(
            "the file contains an integer of thousands of digits: shorten it"
        ) from None


class Written(Decimal):
    """A decimal that knows how it was written: 0.10, or 1e-05.

    Attributes:
        text: The characters.
    """

    text: str


def _decimal(written: str) -> Decimal | str:
    """Return a decimal; one beyond Decimal's own range stays text, and is refused as such."""
    try:
        made = Written(written)
        made.text = written
        return made
    except InvalidOperation:
        return written
