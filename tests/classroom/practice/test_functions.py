"""The functions of the engine, on intervals: mpmath's numbers lie in them, and they are narrow."""

import json

import mpmath
import pytest

from symcnn.classroom.practice.page import engine
from tests.programs.backends.javascript.node import needs_node, node

pytestmark = needs_node

POINTS = ["0", "1E-20", "-0.001", "0.7", "-1", "1", "2.5", "-3.999", "9.75", "-31.4", "120"]
RISING = ("exp", "tanh", "sinh", "asinh", "expm1", "atan", "erf")
TURNING = ("sin", "cos", "tan")
POSITIVE = ("log", "root")

NAMES = {"root": mpmath.sqrt}


def values(jobs, folder):
    """Return the ends of functions at intervals."""
    script = f"""
    const shown = ({{ a, b }}) => [a, b].map((x) => x.e === Infinity ? `${{x.c > 0n ? "" : "-"}}inf`
      : `${{x.c}}e${{x.e}}`);
    const jobs = {json.dumps(jobs)};
    console.log(JSON.stringify(jobs.map(([f, a, b]) => shown(FUNCTIONS[f](intervalOf([a, b]))))));
    """
    return json.loads(node(engine() + script, folder))


def test_a_number_lies_in_a_narrow_interval(tmp_path):
    jobs = [[f, x, x] for f in (*RISING, *TURNING) for x in POINTS]
    jobs += [[f, x, x] for f in POSITIVE for x in POINTS if float(x) > 0]
    with mpmath.workdps(120):
        for (name, x, _), ends in zip(jobs, values(jobs, tmp_path), strict=True):
            low, high = map(mpmath.mpf, ends)
            true = NAMES.get(name, getattr(mpmath, name, None))(mpmath.mpf(x))
            assert low <= true <= high, (name, x)
            assert high - low <= mpmath.mpf("1e-36") * max(1, abs(true)), (name, x)


TURNED = {
    ("sin", "0", "3"): (0.0, 1.0),
    ("sin", "2", "5"): (-1.0, 0.9092974268256817),
    ("cos", "-1", "1"): (0.5403023058681398, 1.0),
    ("cos", "3", "4"): (-1.0, -0.6536436208636119),
    ("sin", "0", "7"): (-1.0, 1.0),
    ("tan", "1", "2"): (-float("inf"), float("inf")),
    ("tan", "-1", "1"): (-1.557407724654902, 1.557407724654902),
    ("sin", "20", "21"): (0.8366556385360561, 1.0),
    ("sin", "21", "22"): (-0.008851309290403876, 0.8366556385360561),
    ("exp", "-Infinity", "0"): (0.0, 1.0),
    ("log", "0", "1"): (-float("inf"), 0.0),
}
"""The least and the greatest value on an interval, by hand."""


def test_functions_turn_between_the_ends(tmp_path):
    found = values([[*job] for job in TURNED], tmp_path)
    for (job, expected), ends in zip(TURNED.items(), found, strict=True):
        assert [*map(float, ends)] == pytest.approx(expected, rel=1e-14, abs=1e-30), job


NOWHERE = {
    "log": "the logarithm of a number that is not positive",
    "root": "the square root of a negative number",
}


@pytest.mark.parametrize("name", NOWHERE)
def test_what_has_no_value_is_refused(name, tmp_path):
    script = f"""
    let said = "";
    try {{ FUNCTIONS.{name}(intervalOf(["-2", "-1"])); }} catch (e) {{ said = e.message; }}
    console.log(JSON.stringify(said));
    """
    assert json.loads(node(engine() + script, tmp_path)) == NOWHERE[name]


def test_sums_are_rounded_outwards(tmp_path):
    """1 + 10^-50 has more than 40 digits: it lies between two numbers that have them."""
    script = """
    const far = sum(intervalOf(["1", "1"]), intervalOf(["1E-50", "1E-50"]));
    const less = sum(intervalOf(["1E+300", "1E+300"]), intervalOf(["-1E-300", "-1E-300"]));
    const third = inverse(intervalOf(["3", "3"]));
    const all = [far, less, third, product(third, intervalOf(["-3", "-3"]))];
    console.log(JSON.stringify(all.map(({ a, b }) => [a, b].map((x) => `${x.c}e${x.e}`))));
    """
    far, less, third, product = json.loads(node(engine() + script, tmp_path))
    with mpmath.workdps(800):
        bounds = [[*map(mpmath.mpf, ends)] for ends in (far, less, third, product)]
        trues = [
            1 + mpmath.mpf("1e-50"),
            mpmath.mpf("1e300") - mpmath.mpf("1e-300"),
            mpmath.mpf(1) / 3,
            mpmath.mpf(-1),
        ]
        for (low, high), true in zip(bounds, trues, strict=True):
            assert low < true < high
            assert high - low <= abs(true) * mpmath.mpf("1e-38")
