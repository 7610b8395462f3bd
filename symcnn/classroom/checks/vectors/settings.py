"""The settings at which a layer is tried: each by itself, and some that go wrong together.

They are looked up by the names of settings, so that a layer of somebody else's is treated alike.
What a layer refuses is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields
from fractions import Fraction
from itertools import product
from typing import Any, Literal, get_args, get_origin, get_type_hints

from symcnn.network.layers import Layer
from symcnn.network.meaning import PLACING

Settings = Mapping[str, Any]
"""Values of settings by their names."""


@dataclass(frozen=True)
class Per:
    """One value an axis, of which a layer takes as many as it has axes with positions."""

    values: tuple[Any, ...]

    def along(self, axes: int) -> Any:
        """Return the values of the first axes; along a single one a number stands by itself."""
        chosen = self.values[:axes]
        return chosen[0] if axes == 1 and isinstance(chosen[0], int) else chosen


def _per(*values: Any) -> Per:
    return Per(values)


_NEEDED: Mapping[str, Sequence[Any]] = {
    "filters": (3,),
    "units": (3,),
    "entries": (4,),
    "kernel_size": (_per(3, 2, 2),),
    "pool_size": (_per(2, 2, 2),),
    "output_size": (_per(2, 2, 2),),
    "padding": (_per((1, 2), (0, 1), (1, 0)),),
    "size": (3,),
    "axis": (0,),
    "shape": ((2, -1), (4,), (2,)),
    "groups": (2,),
    "equation": ("ij,jk->ik",),
    "expression": ("exp(-x**2)",),
}
"""For settings without a default: what is tried, the first that fits."""

_NEEDED_TOO: Sequence[Settings] = ({}, {"factor": 2})
"""What has a default and may be needed all the same."""

_half, _quarter = Fraction(1, 2), Fraction(1, 4)
_OVERLAPPING, _SKIPPING = _per(2, 1, 1), _per(1, 3, 1)

_VARIED: Sequence[Settings] = (
    {"stride": 1},
    {"stride": 2},
    {"stride": _SKIPPING},
    {"padding": 1},
    {"padding": _per((0, 2), (1, 0), (0, 1))},
    {"padding": "same"},
    {"padding": "same", "stride": 2},
    {"dilation": _per(1, 2, 1)},
    {"dilation": _per(2, 1, 1)},
    {"stride": _OVERLAPPING, "padding": 1},
    {"stride": _OVERLAPPING, "padding": 1, "dilation": _per(1, 2, 2)},
    {"groups": 2, "filters": 4},
    {"groups": 2, "filters": 4, "stride": 2, "padding": 1},
    {"stride": 2, "output_padding": 1},
    {"padding": 1, "count_include_pad": False},
    {"stride": 3, "padding": 1, "ceil_mode": True},
    {"size": _per(3, 5)},
    {"mode": "bilinear", "align_corners": True},
    {"axis": 0},
    {"axis": (0, 1), "keepdims": True},
    {"divisor": 3},
    {"equation": "ij,ik->jk"},
    {"expression": "where(x > 0, x, w*sinh(x))", "weight_shape": (1,)},
    {"expression": "min(x, c)", "constant_shape": (1,)},
    {"permutation": (1, 0)},
    {"permutation": (1, 2, 0)},
    {"over": 2},
    {"heads": 2},
    {"scale": _half},
    {"norm": 1},
    {"norm": 3},
    {"rate": Fraction(3, 4)},
    {"alpha": _quarter},
    {"beta": _half},
    {"k": 2},
    {"epsilon": _quarter},
    {"low": -_half, "high": 2},
    {"factor": -2, "offset": _half},
    {"factor": _per(2, 3)},
    {"value": _half},
    {"start": 1, "stop": 3},
    {"start": -1, "step": -1},
    {"transpose_a": True, "transpose_b": True},
)
"""Other settings, which go together where there are several."""


def declared(made: type[Layer]) -> list[Field[Any]]:
    """Return the fields that say what a layer computes."""
    return [f for f in fields(made) if f.name not in PLACING]


def needed(made: type[Layer], axes: int) -> Iterator[dict[str, Any]]:
    """Run over settings that a class may be content with, for so many axes with positions."""
    missing = [f.name for f in declared(made) if f.default is f.default_factory is MISSING]
    found = [_NEEDED.get(name, (2,)) for name in missing]
    for more in _NEEDED_TOO if _knows(made, {"factor": 2}) else ({},):
        for values in product(*found):
            yield along({**dict(zip(missing, values, strict=True)), **more}, axes)


def varied(made: type[Layer], axes: int) -> Iterator[dict[str, Any]]:
    """Run over other settings of a class."""
    chosen = (*_VARIED, *_choices(made))
    yield from (along(settings, axes) for settings in chosen if _knows(made, settings))


def along(settings: Settings, axes: int) -> dict[str, Any]:
    """Return settings with one value for each axis."""
    return {n: v.along(axes) if isinstance(v, Per) else v for n, v in settings.items()}


def _knows(made: type[Layer], settings: Settings) -> bool:
    return settings.keys() <= {f.name for f in declared(made)}


def _choices(made: type[Layer]) -> Iterator[Settings]:
    """Run over what is not the default, where a setting is one of a few texts, or true or false."""
    hints = _hints(made)
    for field in declared(made):
        if isinstance(field.default, bool):
            yield {field.name: not field.default}
        elif get_origin(hints.get(field.name)) is Literal:
            others = (text for text in get_args(hints[field.name]) if text != field.default)
            yield from ({field.name: text} for text in others)


def _hints(made: type[Layer]) -> dict[str, Any]:
    try:
        return get_type_hints(made)
    except NameError:  # a class of somebody else's, whose annotations nothing defines
        return {}
