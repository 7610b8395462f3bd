"""What a layer or a loss is called in a title: its class and its settings, in words.

AvgPool2D((K, J), padding=(P, Q))   ->   AvgPool2D (pool size K x J, padding (P, Q))
Elementwise("exp(-x**2)")           ->   Elementwise, e^{-x^2}
"""

from __future__ import annotations

from collections.abc import Iterator
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


def titled(subject: Any) -> Text:
    """Return the title of an instance, in which a formula is mathematics."""
    name = type(subject).__name__
    if isinstance(subject, Elementwise):
        return (f"{name}, ", mathematics(subject.expression))
    said = ", ".join(_settings(subject))
    return (f"{name} ({said})" if said else name,)


def in_words(title: Text) -> str:
    """Return a title as text alone."""
    return "".join(text(part.formula) if isinstance(part, Inline) else str(part) for part in title)


def _settings(subject: Any) -> Iterator[str]:
    """Run over the settings that are not the usual ones."""
    for setting in fields(subject) if is_dataclass(subject) else ():
        value = getattr(subject, setting.name)
        if setting.name == "name" or value == _default(setting) or not _is_said(value):
            continue
        words = setting.name.replace("_", " ")
        if value is True:
            yield words
        elif value is False:
            yield _OFF.get(setting.name, f"without {words}")
        elif str(value) == setting.name:
            yield _value(setting.name, value)
        else:
            yield f"{words} {_value(setting.name, value)}"


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
