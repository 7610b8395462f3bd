"""Results of programs of C, entry by entry and as loops, on random networks and every layer."""

import numpy as np
import pytest

import symcnn as sc
from tests.draws import seeds, slow, some, spread
from tests.generated import cells
from tests.programs.backends.c.compiled import (
    CPP,
    SANITIZED,
    STRICT,
    build,
    needs_cpp,
    needs_gcc,
    run,
    written,
)
from tests.programs.random_networks import example, tiny_example
from tests.programs.test_user_layers import CASES

pytestmark = needs_gcc

WAYS = ("entries", "loops")

FULL = {"float64": 1e-11, "float32": 1e-4}
"""The largest differences, as shares of the largest entry: of sums in another order.

In 32 bits, ten times those of Python's in 32 bits are added, for what is badly conditioned is so
everywhere."""


def assert_equal(ran, expected, dtype="float64", rough=None):
    """Compare what a program of C gives with an evaluation, and one of as few digits, if any."""
    pairs = [("loss", loss, "loss") for loss in ran.losses]
    pairs += [("output", ran.output, f"output of {[*expected.outputs][-1]}")]
    pairs += [(name, array, name) for name, array in ran.gradients.items()]
    for what, ours, name in pairs:
        theirs = known(expected, name)
        assert np.shape(ours) == theirs.shape, what
        bound = FULL[dtype] * max(1.0, np.abs(theirs).max(initial=0))
        if rough is not None:
            bound += 10 * np.abs(known(rough, name) - theirs).max(initial=0)
        assert np.abs(ours - theirs).max(initial=0) <= bound, what


def known(evaluation, name):
    """Return a number or an array of an evaluation by the name that programs of C have for it."""
    if name == "loss":
        return np.asarray(evaluation.loss, float)
    of_output = name.removeprefix("output of ")
    kind = evaluation.gradients if of_output == name else evaluation.outputs
    return np.asarray(kind[of_output], float)


def drawn(first, share, tiny=False):
    return [(tiny_example if tiny else example)(seed) for seed in seeds(first, share)]


def compared(cases, folder, flags=STRICT, compiler="", **options):
    """Run networks in C and in Python, and compare all that both give."""
    made = [
        written(sc.derive(network), values, f"m{number}", **options)
        for number, (network, values) in enumerate(cases)
    ]
    dtype = options.get("dtype", "float64")
    for (network, values), ran in zip(cases, run(made, folder, flags, compiler), strict=True):
        derivation = sc.derive(network)
        rough = sc.lambdify(derivation, dtype=dtype)(values) if dtype == "float32" else None
        assert_equal(ran, sc.lambdify(derivation)(values), dtype, rough)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_random_networks_in_loops(dtype, tmp_path):
    compared(drawn(0, 0.3), tmp_path, dtype=dtype, way="loops")


def test_random_networks_entry_by_entry(tmp_path):
    compared(drawn(1000, 0.3, tiny=True), tmp_path, dtype="float32", way="entries")


def test_random_networks_under_sanitizers(tmp_path):
    """No index leaves its array, nothing overflows, and nothing is read that was not set."""
    compared(drawn(2000, 0.3), tmp_path, [*STRICT, *SANITIZED], way="loops", results="gradients")


def test_sums_of_rows_and_sums_of_fourth_terms(tmp_path):
    """Short and long rows, remainders and means, at whole numbers."""
    cases = {
        (11,): [sc.Dense(3)],
        (12,): [sc.Dense(70)],
        (6, 6, 5): [sc.Conv2D(6, 3, padding=1), sc.MaxPool2D(2), sc.GlobalAvgPool2D()],
        (4, 9, 2): [sc.AvgPool2D(2), sc.Conv2D(70, 2), sc.GlobalAvgPool2D()],
        (3, 3, 9): [sc.Conv2D(2, 2), sc.Flatten()],
        (3, 11): [sc.LayerNorm()],
    }
    drawn, problems = np.random.default_rng(4), []
    for shape, layers in cases.items():
        network = sc.Network(shape, layers, sc.SumOfOutputs())
        values = {t.name: drawn.integers(-4, 5, t.shape) for t in network.given}
        problems.append((network, values))
    made = [written(sc.derive(n), v, f"m{i}", way="loops") for i, (n, v) in enumerate(problems)]
    text = "".join(text for one in made for text in one.files.values())
    for line in ("sum[lane] += ", "sum[0] += ", "double sum[6] = {0};", "(sum[1] + sum[3]))/11;"):
        assert line in text, line
    assert "sum[70]" not in text
    for (network, values), ran in zip(problems, run(made, tmp_path), strict=True):
        assert_equal(ran, sc.evaluate(sc.Problem(network, values), exact=True).rounded())


@slow
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("results", ["gradients", "training", "outputs"])
def test_random_networks_of_fewer_results(way, results, tmp_path):
    cases = drawn(3000, 0.2, tiny=way == "entries")
    compared(cases, tmp_path, [*STRICT, *SANITIZED], way=way, results=results)


@needs_cpp
def test_programs_are_c_plus_plus_as_well(tmp_path):
    flags = ["-x", "c++", "-Wall", "-Wextra", "-Werror", "-O0"]
    compared(drawn(4000, 0.1)[:1], tmp_path, flags, CPP, way="loops")


def test_programs_are_for_32_bits_as_well(tmp_path):
    """With a header of its own: a machine need not have that of its library for 32 bits."""
    (tmp_path / "math.h").write_text(_MATH)
    network, values = example(5)
    made = written(sc.derive(network), values, way="loops", dtype="float32")
    for name, text in made.files.items():
        (tmp_path / name).write_text(text)
    flags = [flag for flag in STRICT if flag != "-O2"]
    build([*flags, "-m32", "-ffreestanding", "-I.", "-fsyntax-only", "model.c"], tmp_path)


_FUNCTIONS = (
    *("sqrt", "exp", "expm1", "log", "log1p", "sin", "cos", "tan", "asin", "acos", "atan"),
    *("sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "fabs", "erf", "erfc"),
)
_MATH = "#define INFINITY (__builtin_inff())\n"
_MATH += "".join(f"double {f}(double); float {f}f(float);\n" for f in _FUNCTIONS)
_MATH += "double pow(double, double); float powf(float, float);\n"


@slow
def test_every_layer_with_every_loss_against_exact_arithmetic(tmp_path):
    problems = [cells.problem(cell) for cell in spread(cells.CELLS)]
    exact = [sc.evaluate(problem, exact=True).rounded() for problem in problems]
    made = [
        written(problem.derivation, problem.values, f"m{number}{way[0]}", way=way)
        for number, problem in enumerate(problems)
        for way in WAYS
    ]
    ran = run(made, tmp_path)
    for number, expected in enumerate(exact):
        for result in ran[2 * number : 2 * number + 2]:
            assert_equal(result, expected)


@slow
def test_layers_of_users(tmp_path):
    """At few different numbers, so that maxima are tied."""
    cases = []
    for shape, layers in some(CASES.values(), 2):
        network = sc.Network(shape, layers, sc.HalfSquaredError())
        numbers = np.random.default_rng(2)
        cases.append(
            (network, {t.name: numbers.integers(-2, 3, t.shape) / 4 for t in network.given})
        )
    for way in WAYS:
        folder = tmp_path / way
        folder.mkdir()
        made = [
            written(sc.derive(n), v, f"m{number}", way=way) for number, (n, v) in enumerate(cases)
        ]
        for (network, values), ran in zip(cases, run(made, folder), strict=True):
            exact = sc.evaluate(sc.Problem(network, values), exact=True).rounded()
            assert_equal(ran, exact)


@pytest.mark.parametrize(("ties", "shares"), [("first", [0, 1, 0, 0]), ("split", [0, 0.5, 0.5, 0])])
def test_equal_maxima_share_as_in_python(ties, shares, tmp_path):
    """max(1, 3, 3) + max(3, 3, 2): of equal ones the first receives all, or each as much."""
    network = sc.Network((4, 1), [sc.MaxPool1D(3, stride=1, ties=ties)], sc.SumOfOutputs())
    derivation = sc.derive(network)
    made = [written(derivation, {"x": [1, 3, 3, 2]}, f"m{way}", way=way) for way in WAYS]
    for ran in run(made, tmp_path):
        assert ran.losses == (6.0, 6.0)
        assert ran.gradients["x"].ravel().tolist() == [2 * share for share in shares]
