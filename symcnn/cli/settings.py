"""Settings of layers on the command line: ``--stride 2 --kernel-size 3,2 --bias false``."""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from symcnn.errors import SymcnnError, shown

if TYPE_CHECKING:
    from symcnn.network.layers.layer import Layer
    from symcnn.network.losses import Loss

SETTINGS = (
    *("affine", "align_corners", "alpha", "approximate", "axis", "beta", "bias", "causal"),
    *("ceil_mode", "constant_shape", "count_include_pad", "delta", "dilation", "divisor"),
    *("entries", "epsilon", "equation", "exclusive", "expression", "factor", "factor_shape"),
    *("filters", "gamma", "groups", "heads", "high", "k", "keepdims", "kernel_size"),
    *("label_smoothing", "length", "low", "masked", "mode", "norm", "offset", "output_padding"),
    *("output_size", "over", "padding", "permutation", "pool_size", "rate", "reduction", "reverse"),
    *("scale", "shape", "shared", "size", "smooth", "start", "step", "stop", "stride", "ties"),
    *("transpose_a", "transpose_b", "units", "value", "weight_shape", "weighted"),
)
"""The settings of all layers and losses: to find them takes SymPy, and --help is to be quick."""

USUAL: Mapping[str, str] = {
    "entries": "5",
    "equation": "ij,jk->ik",
    "factor": "2",
    "filters": "3",
    "groups": "2",
    "kernel_size": "3",
    "length": "3",
    "output_size": "2",
    "padding": "1",
    "pool_size": "2",
    "size": "3",
    "units": "3",
}
"""What is taken for a setting that has to be stated, and is not."""

_PREFIX = "setting_"


def settings(parser: argparse.ArgumentParser) -> None:
    """Add all settings of layers."""
    about = (
        "Any setting of the layer, as problem files name it: --stride 2, --padding 1,2, --padding "
        "same, --kernel-size 3,2, --bias false. Without any, the function is checked at all "
        "settings that it takes."
    )
    group = parser.add_argument_group("settings of the layer", about)
    for name in SETTINGS:
        flag = f"--{name.replace('_', '-')}"
        group.add_argument(flag, dest=f"{_PREFIX}{name}", metavar="VALUE", help=argparse.SUPPRESS)


def stated(arguments: argparse.Namespace) -> dict[str, str]:
    """Return the settings that the command line states."""
    found = ((name, getattr(arguments, f"{_PREFIX}{name}")) for name in SETTINGS)
    return {name: text for name, text in found if text is not None}


def layer_of(name: str, given: Mapping[str, str]) -> tuple[Layer | type[Layer] | Loss, list[str]]:
    """Return a layer or a loss with its settings, and what was assumed of them, a sentence each.

    Of a layer without any settings it is the class: all are checked that the function takes.

    Raises:
        SymcnnError: If there is no such layer, or it has not such a setting.
    """
    from symcnn.equations.values import known
    from symcnn.problems.catalog import LAYERS, LOSSES

    kinds = {**LAYERS, **LOSSES}
    if name not in kinds:
        raise SymcnnError(f"there is no layer or loss {shown(name)}: {known(name, [*kinds])}")
    kind = kinds[name]
    own = [key for key in kind.settings if key in SETTINGS]
    for key in given:
        if key not in own:
            has = f"its settings are {', '.join(own)}" if own else "it has no settings"
            raise SymcnnError(f"{_flag(key)} is no setting of {name}: {has}")
    if not given and name in LAYERS:
        return kind.made, []  # type: ignore[return-value]
    assumed = {key: USUAL.get(key) for key in kind.required if key not in given}
    for key, usual in assumed.items():
        if usual is None:
            raise SymcnnError(f"{name} needs its {key}: add {_flag(key)}")
    texts = {**{key: usual for key, usual in assumed.items() if usual}, **given}
    values = {key: kind.settings[key](_value(text), _flag(key)) for key, text in texts.items()}
    notes = [
        f"{key} is {usual}, unless {_flag(key)} says otherwise." for key, usual in assumed.items()
    ]
    return kind.made(**values), notes


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _value(text: str) -> Any:
    """Return a setting as a problem file would hold it: a number, a list, a word."""
    for written in (text, text.lower(), f"[{text}]" if "," in text else text):
        try:
            read = tomllib.loads(f"value = {written}", parse_float=Decimal)
        except (tomllib.TOMLDecodeError, ValueError, RecursionError):
            continue
        if [*read] == ["value"]:
            return read["value"]
    return text
