"""What the functions share in printing themselves."""

from __future__ import annotations

from typing import Any


def power(text: str, exp: str | None = None) -> str:
    """Add the exponent, which SymPy's printer gives under the name ``exp``."""
    return text if exp is None else rf"{text}^{{{exp}}}"


def numpy_name(printer: Any, name: str) -> str:
    """Return what a printer calls a function of NumPy."""
    return printer._module_format(f"numpy.{name}")  # type: ignore[no-any-return]
