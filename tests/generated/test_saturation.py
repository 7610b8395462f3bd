"""Every activation before every loss, where it saturates: what is printed is right, or told.

The figures of ``evaluate``, in floats and exact, are compared with plain formulas in mpmath.
"""

import math
import sys

import numpy as np
import pytest
from mpmath import log, mp, mpf

import symcnn as sc
from symcnn.cli.results import evaluated
from symcnn.errors import NotFiniteError, SymcnnError
from symcnn.problems.catalog import LAYERS, LOSSES
from tests.draws import CELLS, spread
from tests.generated import plain_formulas as plain

DIGITS = 6
LARGEST = sys.float_info.max
ROUNDING = 1e-12
"""What floats may have where 0 is due."""
LEVELS = (5, 15, 30, 40, 100, 700)
TARGETS = {
    "kl_divergence": [[0.5, 0.25, 0.25]],
    "hinge": [[1, -1, -1]],
    "upstream": [[1, -1, 0.5]],
    "half_squared_error": [[1, 0, 0], [1, -1, 0]],
    "huber": [[1, 0, 0], [1, -1, 0]],
}
PAIRS = [(activation, loss) for loss in plain.LOSSES for activation in plain.ACTIVATIONS]
WALKED = PAIRS if CELLS >= 300 else spread(PAIRS)


def samples(level):
    """Return inputs: one class far ahead, far behind, two ahead; and the first two as a batch."""
    alone = [[level, -level, 0.5], [-level, level, 0.5], [level, level - 0.5, -level]]
    return [*([x] for x in alone), alone[:2]]


def network(activation, loss, batch):
    kind, _, manner = activation.partition(" by ")
    layer = LAYERS[kind].made(**({"approximate": manner} if manner else {}))
    kind, _, smoothed = loss.partition(", ")
    measure = LOSSES[kind].made(**({"label_smoothing": 0.1} if smoothed else {}))
    return sc.Network((3,), [layer], measure, batch=batch if batch > 1 else None)


def figures(results):
    """Return names and floats in the order of the plain formulas."""
    made, (name,) = results.evaluation, results.evaluation.outputs
    listed = {
        name: made.outputs[name],
        "dL/d x": made.gradients["x"],
        f"dL/d {name}": made.gradients[name],
    }
    yield "the loss", float(made.loss)
    for what in (name, "dL/d x", f"dL/d {name}"):
        for place in np.ndindex(listed[what].shape):
            yield f"{what}[{', '.join(map(str, place))}]", float(listed[what][place])


def is_right(number, exact):
    """Tell whether N digits of a float are those of a number, or nearly between two figures."""
    if abs(exact) < mpf("2.3e-308"):  # 0, or a float with fewer digits
        return abs(number) < 3e-308 if exact else abs(number) <= ROUNDING
    if abs(exact) > LARGEST:
        return False
    with mp.workdps(40):
        unit = mpf(10) ** (math.floor(log(abs(exact), 10)) - DIGITS + 1)
        return abs(mpf(f"{number:.{DIGITS}g}") - exact) <= unit * mpf("0.501")


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("activation", "loss"), WALKED)
def test_what_is_printed_is_right_or_told(activation, loss, level):
    for of in samples(level):
        made = network(activation, loss, len(of))
        for target in TARGETS.get(loss, [[1, 0, 0]]):
            values = {"x": of if len(of) > 1 else of[0]}
            if made.loss.given:
                values[made.loss.given] = [target] * len(of) if len(of) > 1 else target
            stated = sc.Problem(made, values)
            due = plain.due(activation, loss, of, target)
            if due is None:
                with pytest.raises(SymcnnError):
                    evaluated(stated)
                continue
            check_floats(stated, due)
            check_exact(stated, due)


def check_floats(stated, due):
    try:
        results = evaluated(stated)
    except NotFiniteError:  # one line that names a number
        return
    one_sided = any("one-sided" in line or "receives" in line for line in results.warnings)
    for (name, number), exact in zip(figures(results), due, strict=True):
        told = name in results.imprecise or (one_sided and name.startswith("dL/d"))
        assert told or is_right(number, exact), (name, number, mp.nstr(exact, 12))
        assert told <= bool(results.warnings)


def check_exact(stated, due):
    if any(abs(number) > LARGEST for number in due):
        with pytest.raises(NotFiniteError, match="beyond the range of floating point"):
            evaluated(stated, exact=True)
        return
    results = evaluated(stated, exact=True)
    for (name, number), exact in zip(figures(results), due, strict=True):
        assert is_right(number, exact), (name, number, mp.nstr(exact, 12))
