"""Derived and measured derivatives that are far apart: an error, unless floats are to blame."""

from dataclasses import dataclass

import pytest

import symcnn as sc
from symcnn import limits
from symcnn.cli.results import evaluated
from symcnn.cli.run import main
from symcnn.equations.functions import DefinedFunction
from symcnn.errors import UnverifiedError
from symcnn.problems.evaluation import settled
from symcnn.programs.gradcheck import Row, compared


class wrong_cube(DefinedFunction):  # noqa: N801  # SymPy's functions are lower case
    """The cube of z, with a slope that is not the cube's."""

    @classmethod
    def definition(cls, z):
        return z**3

    def fdiff(self, argindex=1):
        return 2 * self.args[0] ** 2


@dataclass(frozen=True)
class Cube(sc.Layer):
    """y = x^3, by a function with a wrong slope."""

    def forward(self, y, x):
        return (sc.define(y[y.indices], wrong_cube(x[x.indices])),)


@dataclass(frozen=True)
class Cancelled(sc.Layer):
    """y = (x + 10^8)^3 - 3 10^8 x^2 - 3 10^16 x - 10^24, which is x^3."""

    def forward(self, y, x):
        large, z = 10**8, x[x.indices]
        lower = 3 * large * z**2 + 3 * large**2 * z + large**3
        return (sc.define(y[y.indices], (z + large) ** 3 - lower),)


def problem(layer):
    network = sc.Network((2,), [sc.Dense(1), layer], sc.SumOfOutputs())
    return sc.Problem(network, {"x": [1, 2], "dense1.weight": [1, 0.5], "dense1.bias": [1]})


@pytest.fixture(params=["small", "large"])
def exact_terms(request, monkeypatch):
    if request.param == "large":
        monkeypatch.setattr(limits, "EXACT_TERMS", 0)
    return limits.EXACT_TERMS


def test_a_wrong_slope_is_an_error(exact_terms):
    """At z = 3 it is 18, and that of the cube 27."""
    with pytest.raises(UnverifiedError) as caught:
        evaluated(problem(Cube()))
    entry, factor = ("dense1.weight[0, 1]", 2) if exact_terms == 0 else ("x[0]", 1)
    assert str(caught.value) == (
        f"dL/d {entry} is {18 * factor} by the formulas but {27 * factor} by the forward pass: "
        "correct the fdiff of your own function, or else please report this"
    )
    with pytest.raises(UnverifiedError, match=r"z is 27 on the left, 18 on the right"):
        sc.explain(problem(Cube()))


def test_cancellation_is_a_warning(exact_terms):
    """Floats have no digit of 27, and exact numbers all."""
    results = evaluated(problem(Cancelled()))
    assert abs(results.evaluation.gradients["x"][0] - 27) > 1e-3
    (warning,) = results.warnings
    assert "floating-point cancellation" in warning
    assert ("--exact" in warning) == (exact_terms > 0)
    if exact_terms:
        measured = {row.tensor: row.numeric for row in results.check.rows}
        assert measured["dense1.bias"] == 27
        exact = evaluated(problem(Cancelled()), exact=True)
        assert exact.evaluation.gradients["x"].tolist() == [27, 13.5]
        assert exact.check.max_abs_error == 0


def test_the_command_line_ends_with_status_2(capsys, monkeypatch, tmp_path):
    file = tmp_path / "problem.toml"
    file.write_text("")
    monkeypatch.setattr("symcnn.problems.load", lambda path, note, results: problem(Cube()))
    assert main(["evaluate", str(file)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "18 by the formulas but 27 by the forward pass" in line


def test_along_a_direction_the_loss_says_what_rounding_is(monkeypatch):
    """Terms of 1e12 cancel in no derivative, but in differences of the loss."""
    network = sc.Network((2,), [sc.Dense(1)], sc.SumOfOutputs())
    values = {"x": [1, 2], "dense1.weight": [1e12, 1], "dense1.bias": [0]}
    large = sc.Problem(network, values)
    far = compared("along directions", [Row("", (1,), 1.0, 1.001)])
    monkeypatch.setattr(limits, "EXACT_TERMS", 1)
    assert settled(large, far) is far
    small = sc.Problem(network, {**values, "dense1.weight": [1, 1]})
    with pytest.raises(UnverifiedError, match="of the loss along a direction is 1 by the"):
        settled(small, far)
