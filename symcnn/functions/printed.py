"""What the functions share in printing themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def power(text: str, exp: str | None = None) -> str:
    """Add the exponent, which SymPy's printer gives under the name ``exp``."""
    return text if exp is None else rf"{text}^{{{exp}}}"


def shown(printer: Any, texts: Sequence[str], dots: str) -> list[str]:
    """Return the texts of arguments: all, or those that the printer has room for.

    Args:
        printer: Its attribute ``most_inside`` says how many are shown; without it, all.
        texts: The texts.
        dots: What stands for those that are left out.
    """
    most = getattr(printer, "most_inside", None)
    if most is None or len(texts) <= most:
        return list(texts)
    return [*texts[:2], dots, texts[-1]]


def numpy_name(printer: Any, name: str) -> str:
    """Return what a printer calls a function of NumPy."""
    return printer._module_format(f"numpy.{name}")  # type: ignore[no-any-return]
