"""What has no second derivative but 0: maxima, and functions that are linear between kinks."""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.derivation import Derivation
from symcnn.derivation.adjoint import partial_by
from symcnn.document.blocks import Text
from symcnn.document.words.words import filled
from symcnn.equations import Equation, accesses
from symcnn.equations.functions import Iverson

_MAXIMUM = "away from ties, a maximum is equal to one of its terms"
_LINEAR = "{names} {verb} linear on either side of {its}"


def piecewise_linear(derivation: Derivation) -> Text:
    """Say where second derivatives are 0, and what counts as a constant; or nothing."""
    linear = list(dict.fromkeys(_linear(derivation)))
    verb, its = ("are", "their kinks") if len(linear) > 1 else ("is", "its kink")
    names = " and ".join([", ".join(linear[:-1]), linear[-1]] if len(linear) > 1 else linear)
    reasons = [_MAXIMUM] if derivation.routings else []
    reasons += [_LINEAR.format(names=names, verb=verb, its=its)] if linear else []
    brackets = any(step.local.has(Iverson) for step in derivation.steps)
    constant = ["$R$"] if derivation.routings else []
    constant += ["brackets"] if brackets else []
    if not constant:
        return ()
    are = " and ".join(constant)
    verb = "is" if constant == ["$R$"] else "are"
    if not reasons:
        return filled(f"Away from kinks, {are} {verb} constant.")
    whose = "their" if len(reasons) + len(linear) > 1 else "its"
    because = ", and ".join(reasons)
    because = because[0].upper() + because[1:]
    return filled(f"{because}: there {whose} second derivatives are 0, and {are} {verb} constant.")


def _linear(derivation: Derivation) -> Iterator[str]:
    """Run over the names of layers whose slopes are constant between kinks."""
    by_target = dict[object, list[Equation]]()
    for equation in derivation.network.equations:
        by_target.setdefault(equation.target.base, []).append(equation)
    for stage in derivation.network.stages:
        if any(map(_has_kink, by_target.get(stage.output.base, ()))):
            yield type(stage.layer).__name__


def _has_kink(equation: Equation) -> bool:
    """Tell whether slopes have brackets, and are constant otherwise."""
    reads = accesses(equation.value)
    slopes = [partial_by(equation.value, read) for read in reads]
    bends = any(partial_by(slope, read) != 0 for slope in slopes for read in reads)
    return any(slope.has(Iverson) for slope in slopes) and not bends
