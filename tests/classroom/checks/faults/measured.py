"""What a mutant changes, measured against the function that it comes from, without symcnn."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Literal

import numpy as np

from tests.classroom.checks.faults.mutation import Mutant
from tests.classroom.checks.faults.right import Call, Right

Change = Literal["none", "rounding", "numbers", "shape", "crash"]
"""What a mutant changes at the worst: nothing, the last digits, numbers, shapes; or it crashes."""

_WORST: tuple[Change, ...] = ("none", "rounding", "numbers", "shape", "crash")
DRAWS = 30
_ROUNDING, _NUMBERS = 1e-10, 1e-5


def change(right: Right, mutant: Mutant, seed: int = 5) -> tuple[Change, Change]:
    """Return the least and the greatest change over some calls."""
    rng = np.random.default_rng(seed)
    original = right.functions(vars(import_module(right.module)))
    try:
        other = right.functions(mutant.names(right.module.rpartition(".")[0]))
    except Exception:  # whatever the change of a module level does
        return "crash", "crash"
    found = [_at(right, original, other, right.draw(rng)) for _ in range(DRAWS)]
    return min(found, key=_WORST.index), max(found, key=_WORST.index)


def _at(right: Right, original: Any, other: Any, call: Call) -> Change:
    due = right.returned(original, _copied(call))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            made = [np.asarray(array) for array in right.returned(other, _copied(call))]
        except Exception:  # a mutant may raise anything
            return "crash"
    if [array.shape for array in made] != [array.shape for array in due]:
        return "shape"
    if any(array.dtype.kind not in "fiub" for array in made):
        return "crash"
    return _difference(due, made)


def _difference(due: Sequence[Any], made: Sequence[Any]) -> Change:
    worst = 0.0
    for one, other in zip(due, made, strict=True):
        if not np.isfinite(other.astype(float)).all():
            return "numbers"
        scale = max(1.0, float(np.abs(one).max(initial=0.0)))
        worst = max(worst, float(np.abs(one - other).max(initial=0.0)) / scale)
    return "none" if worst <= _ROUNDING else "rounding" if worst <= _NUMBERS else "numbers"


def _copied(call: Call) -> Call:
    others = (o.copy() if isinstance(o, np.ndarray) else o for o in call.others)
    return Call(call.dout.copy(), tuple(others))
