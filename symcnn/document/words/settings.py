"""A layer's settings in words: 3 filters, kernel size 2, no bias."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import Any

from sympy import Integer, Rational, Symbol

from symcnn.document.blocks import Inline, Text
from symcnn.document.facts.patterns import is_average
from symcnn.document.words.sentences import NO_BREAK
from symcnn.document.words.words import counted
from symcnn.equations import Max, Mean
from symcnn.equations.values.exact import expression, names_in
from symcnn.network.stage import Stage
from symcnn.writing.formula.unicode import text
from symcnn.writing.printing.manner import Manner
from symcnn.writing.printing.mathematics import MathPrinter
from symcnn.writing.printing.numerals import Numerals

_OF_A_FORMULA = "Elementwise"
"""The layer that is given a formula as a text."""

_COUNTED = {name: name.removesuffix("s") for name in ("filters", "groups", "units", "heads")}
_COUNTED |= {"entries": "entry"}
"""The settings that say how many of something there are, each with its singular."""

_SAID = {
    **{name: (name, f"not {name}") for name in ("affine", "causal", "masked", "shared")},
    "align_corners": ("corners aligned", "corners not aligned"),
    "count_include_pad": ("padding counted", "padding not counted"),
    "keepdims": ("axes kept", "axes not kept"),
    "transpose_a": ("first input transposed", "first input not transposed"),
    "transpose_b": ("second input transposed", "second input not transposed"),
}
"""What is said of settings that are true or false; of any other, its name, or "no" before it."""

_ALWAYS = ("axis", "over", "epsilon", "norm")
"""The settings with a default that a reader needs."""

_BOUNDS = {"low", "high"}
"""Of these settings both are told, or none."""

_SHORT = {"kernel_size": "kernel", "pool_size": "pool"}
"""What sizes along several axes are called."""

_TIMES = f"{NO_BREAK}\N{MULTIPLICATION SIGN}{NO_BREAK}"

_NOTHING = "\N{EN DASH}"
"""What is said of a layer without settings."""


def settings(stage: Stage, numerals: Numerals, manner: Manner) -> Text:
    """Return the settings of a layer in words, with numbers as they are printed, and formulas."""
    own = _settings(stage)
    formula = own.pop("expression") if type(stage.layer).__name__ == _OF_A_FORMULA else None
    named = [_in_words(name, _printed(value, numerals)) for name, value in own.items()]
    said = ", ".join([*_pooling(stage), *named, *_default_stride(stage)])
    if formula is None:
        return (said or _NOTHING,)
    return (mathematics(formula, manner), f", {said}") if said else (mathematics(formula, manner),)


def mathematics(formula: str, manner: Manner | None = None) -> Inline:
    """Return the formula that a layer is given as a text."""
    given = {name: Symbol(name, real=True) for name in names_in(formula)}
    return Inline(MathPrinter(manner=manner).tree(expression(formula, given)))


def setting(value: Any, numerals: Numerals) -> str:
    """Return the value of a setting as it is printed."""
    return _setting(_printed(value, numerals))


def _pooling(stage: Stage) -> list[str]:
    """Say what a pool takes of the entries in a window, which its name does not tell."""
    made = [e for e in stage.equations if e.target.base == stage.output.base]
    if len(made) != 1 or stage.parameters or not made[0].reduced:
        return []
    own, entries = made[0], made[0].value.is_Indexed
    if isinstance(own.reduction, Max) and entries:
        return ["maximum"]
    is_mean = isinstance(own.reduction, Mean) and entries
    return ["mean"] if is_mean or is_average(own, stage.equations) else []


def _printed(value: Any, numerals: Numerals) -> Any:
    """Print a number that need not be whole: 0.1, and 1/3 for a fraction."""
    if not isinstance(value, Rational | Decimal | float) or isinstance(value, Integer):
        return value
    return text(numerals(Rational(str(value))).formula)


def _in_words(name: str, value: Any) -> str:
    words = name.replace("_", " ")
    if isinstance(value, bool):
        is_true, is_false = _SAID.get(name, (words, f"no {words}"))
        return is_true if value else is_false
    if name in _COUNTED:
        return counted(value, _COUNTED[name], words)
    if name == "over":
        return f"over the last {'axis' if value == 1 else f'{value} axes'}"
    if name == "axis":
        return "along the last axis" if value == -1 else f"along {_axes(value)}"
    if name in _SHORT and isinstance(value, tuple):
        return f"{_SHORT[name]} {_TIMES.join(map(str, value))}"
    return f"{words} {_setting(value)}"


def _axes(value: Any) -> str:
    several = isinstance(value, tuple) and len(value) > 1
    return f"{'axes' if several else 'axis'} {_setting(value)}"


def _default_stride(stage: Stage) -> list[str]:
    """Say what the stride is of windows that are given none."""
    if stage.layer.settings().get("stride", "given") is not None:
        return []
    strides = [window.stride for window in stage.windows]
    alike = len(set(strides)) == 1
    return [f"stride {_setting(strides[0] if alike else strides)}"] if strides else []


def _settings(stage: Stage) -> dict[str, Any]:
    """Return the settings that are not the default, and those that are told always.

    Where there are none, the numbers among the others.
    """
    every, default = stage.layer.settings(), {f.name: f.default for f in fields(stage.layer)}
    own = {name: v for name, v in every.items() if v != default.get(name) or name in _ALWAYS}
    if own.keys() & _BOUNDS:
        own = {name: value for name, value in every.items() if name in own.keys() | _BOUNDS}
    told = own or {name: v for name, v in every.items() if not isinstance(v, bool | str)}
    return {name: value for name, value in told.items() if value is not None}


def _setting(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list) and len(value) == 1:
        return _setting(value[0])
    if isinstance(value, tuple | list):
        return "(" + ", ".join(map(_setting, value)) + ")"
    return str(getattr(value, "__name__", value))  # a function's text holds an address
