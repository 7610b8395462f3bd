"""What a layer or a loss is called in a title: its class and its settings, in words.

AvgPool2D((K, J), padding=(P, Q))   ->   AvgPool2D with pool size K x J and padding (P, Q)
Elementwise("exp(-x**2)")           ->   Elementwise, e^{-x^2}

Files and lists call it by the names of its settings, which no wording changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sympy import Expr, sympify

from symcnn.document.blocks import Inline, Text
from symcnn.document.words.settings import mathematics
from symcnn.network.layers import Elementwise
from symcnn.writing.formula.unicode import text
from symcnn.writing.printing.arithmetic import arithmetic

_OFF = {"count_include_pad": "padding not counted"}
"""What is said of settings that are off, instead of without and their names."""

_COUNTED = ("filters", "groups", "heads", "units")
"""The settings that say how many of something there are."""

_CALLED = {
    "gamma": "focusing parameter",
    "Focal.alpha": "balancing factor",
    "axis": "along axis",
    "ceil_mode": "in ceil mode",
    "mode": "in {} mode",
    "padding": "{} padding",
}
"""What some settings are called, or how they are said: of paddings, those that are words."""

_LOSSES = ("Dice", "Focal", "Hinge", "Huber")
"""The losses whose names are no nouns."""


def titled(subject: Any) -> Text:
    """Return the title of an instance, in which a formula is mathematics."""
    name = called(type(subject).__name__)
    if isinstance(subject, Elementwise):
        return (f"{name}, ", mathematics(subject.expression))
    said = [_said(type(subject).__name__, *setting) for setting in _settings(subject)]
    return (with_settings(name, said),)


def called(name: str) -> str:
    """Return what a class is called: Focal loss."""
    return f"{name} loss" if name in _LOSSES else name


def with_settings(name: str, said: Sequence[str]) -> str:
    """Return a name and what is said of it: with nouns first, then what stands by itself.

    >>> with_settings("MaxPool2D", ["pool size 2", "stride 1", "in ceil mode"])
    'MaxPool2D with pool size 2 and stride 1, in ceil mode'
    """
    along = [one for one in said if one.startswith("along ")]
    alone = [one for one in said if one.startswith(_ALONE) or one.endswith(_BEHIND)]
    *nouns, last = [one for one in said if one not in (*along, *alone)] or [""]
    nouns = [", ".join(nouns), last] if nouns else [last]
    whole = " ".join([name, *along, *(["with", " and ".join(nouns)] if last else [])])
    return ", ".join([whole, *alone])


_ALONE = ("in ", "causal", "padding not", "without ", "ties ")
_BEHIND = (" mode",)


def _said(of: str, name: str, value: Any) -> str:
    """Say one setting: 3 filters, stride 2, in reflect mode."""
    words = _CALLED.get(f"{of}.{name}") or _CALLED.get(name) or name.replace("_", " ")
    if value is True:
        return words
    if value is False:
        return _OFF.get(name, f"without {words}")
    written = _value(name, value)
    if "{}" in words:
        return words.format(written) if isinstance(value, str) else f"{name} {written}"
    if name in _COUNTED:
        return f"{written} {name if value != 1 else name.removesuffix('s')}"
    is_own_letter = str(value) == name and words == name
    return written if is_own_letter else f"{words} {written}"


def listed_settings(subject: Any) -> str:
    """Return what files and lists call an instance: Conv2D (filters F, kernel size K x J)."""
    name = type(subject).__name__
    if isinstance(subject, Elementwise):
        return in_words((f"{name}, ", mathematics(subject.expression)))
    said = ", ".join(_listed(*setting) for setting in _settings(subject))
    return f"{name} ({said})" if said else name


def _listed(name: str, value: Any) -> str:
    words = name.replace("_", " ")
    if isinstance(value, bool):
        return words if value else _OFF.get(name, f"without {words}")
    return _value(name, value) if str(value) == name else f"{words} {_value(name, value)}"


def in_words(title: Text) -> str:
    """Return a title as text alone."""
    return "".join(text(part.formula) if isinstance(part, Inline) else str(part) for part in title)


def _settings(subject: Any) -> Iterator[tuple[str, Any]]:
    """Run over the settings that are not the usual ones, with their values."""
    for setting in fields(subject) if is_dataclass(subject) else ():
        value = getattr(subject, setting.name)
        if setting.name != "name" and value != _default(setting) and _is_said(value):
            yield setting.name, value


def _is_said(value: Any) -> bool:
    """Tell whether a value can be said: a function of somebody's layer, for one, cannot."""
    if isinstance(value, tuple):
        return all(map(_is_said, value))
    return value is None or isinstance(value, int | float | str | Decimal | Fraction | Expr)


def _default(setting: Any) -> Any:
    if setting.default_factory is not MISSING:
        return setting.default_factory()
    return setting.default


def _value(name: str, value: Any) -> str:
    """Return a size, a shape as K x J, other tuples in parentheses, or a text."""
    if isinstance(value, tuple):
        parts = [_value("", part) for part in value]
        if "size" in name or "shape" in name:
            return " × ".join(parts)  # noqa: RUF001 - the sign that is meant
        return f"({', '.join(parts)})" if len(parts) != 1 else parts[0]
    if isinstance(value, str):
        return value.replace("->", "→")
    if value is None or isinstance(value, float | Decimal):
        return "none" if value is None else str(value)
    return text(arithmetic(sympify(value)))
