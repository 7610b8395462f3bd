"""Digits that floats lose are told above the table, and only those: 10^16 + 0.5 - 10^16."""

import json
from decimal import Decimal

import pytest

import symcnn as sc
from symcnn import limits
from symcnn.cli.results import evaluated
from symcnn.cli.run import main
from symcnn.problems.evaluation import figures
from tests.draws import seeds
from tests.generated import cells
from tests.programs.random_networks import tiny_example

LARGE = 10**16
HALF = Decimal("0.5")


def problem(loss, x=(LARGE, 1, LARGE), weight=(1, HALF, -1), layers=(), name="dense1", **more):
    """Return one neuron: its output is x[0] + 0.5 - x[2]."""
    chain = [sc.Dense(1, bias=False, name=name), *layers]
    network = sc.Network((len(x),), chain, loss)
    return sc.Problem(network, {"x": list(x), f"{name}.weight": [[*weight]], **more})


def squared(**more):
    return problem(sc.HalfSquaredError(), target=[0], **more)


def test_a_loss_without_a_right_digit():
    """L = z^2/2 with z = 0.5 is 1/8, dL/dz is 0.5; floats have 0 for z."""
    results = evaluated(squared())
    assert results.evaluation.loss == 0
    assert results.warnings == (
        "floating-point cancellation: the loss is 0 instead of 0.125, and fewer than 6 digits are "
        "right in dense1[0], dL/d x[0], dL/d x[1], dL/d x[2], dL/d dense1.weight[0, 0], dL/d "
        "dense1.weight[0, 1] and 2 more figures; use evaluate --exact",
    )
    exact = evaluated(squared(), exact=True)
    assert exact.evaluation.loss == 0.125
    assert exact.evaluation.gradients["dense1.weight"].tolist() == [[LARGE / 2, 0.5, LARGE / 2]]
    assert exact.warnings == ()


def product():
    """Return L = v u with u = 10^16 + 0.5 - 10^16 and v = 0, so that dL/dv is 0.5."""
    given = {"x": [LARGE, HALF, -LARGE], "u.weight": [[1, 1, 1]], "v.weight": [[0]]}
    chain = [sc.Dense(1, bias=False, name="u"), sc.Dense(1, bias=False, name="v")]
    return sc.Problem(sc.Network((3,), chain, sc.SumOfOutputs()), given)


def test_derivatives_without_a_right_digit():
    results = evaluated(product())
    (line,) = results.warnings
    assert line == (
        "floating-point cancellation: u[0] is 0 instead of 0.5, and fewer than 6 digits are right "
        "in dL/d v.weight[0, 0]; use evaluate --exact"
    )
    assert results.evaluation.loss == 0
    assert results.evaluation.gradients["v.weight"].item() == 0


def test_the_derivatives_of_a_larger_network(monkeypatch):
    monkeypatch.setattr(limits, "COMPARED_TERMS", 0)
    (line,) = evaluated(product()).warnings
    first, others = line.split(", and fewer than 6 digits are right in ")
    assert first.startswith("floating-point cancellation: u[0] is 0, uncertain by ")
    assert others == "dL/d v.weight[0, 0]; use evaluate --exact"
    monkeypatch.setattr(limits, "MOVED_TERMS", 0)
    assert "dL/d" not in evaluated(product()).warnings[0]


@pytest.mark.parametrize("exactly", [True, False])
def test_the_loss_of_a_larger_network(exactly, monkeypatch):
    monkeypatch.setattr(limits, "COMPARED_TERMS", 0)
    monkeypatch.setattr(limits, "EXACT_TERMS", limits.EXACT_TERMS if exactly else 0)
    monkeypatch.delattr(figures, "ExactForward")  # it is not asked for
    (line,) = evaluated(problem(sc.SumOfOutputs())).warnings
    start, remedy = line.split("; ")
    assert start.startswith("floating-point cancellation: the loss is 0, uncertain by ")
    assert start.endswith(", and fewer than 6 digits are right in dense1[0]")
    assert remedy == ("use evaluate --exact" if exactly else "use smaller numbers")
    assert evaluated(problem(sc.SumOfOutputs(), x=[3, 1, 2])).warnings == ()


TENTHS = [Decimal("0.1"), Decimal("0.2")]
RIGHT = {
    "met": problem(sc.HalfSquaredError(), TENTHS, [1, 1], target=[Decimal("0.3")]),
    "saturated": problem(sc.HalfSquaredError(), [60], [1], [sc.Sigmoid()], target=[0]),
    "large": problem(sc.SumOfOutputs(), [LARGE, 1, LARGE], [1, HALF, 1]),
    "tiny": problem(sc.HalfSquaredError(), [1e-20, 0, 0], [1, 1, 1], target=[1e-21]),
    "without a spread": sc.Problem(
        sc.Network((2, 1), [sc.BatchNorm(affine=False)], sc.SumOfOutputs()), {"x": [0.1, 0.3]}
    ),
}


@pytest.mark.parametrize("compared", [True, False])
@pytest.mark.parametrize("name", RIGHT)
def test_rounding_is_no_loss_of_digits(name, compared, monkeypatch):
    """Where 0 is due, floats have 10^-17 or so: a derivative with respect to the target, say."""
    if not compared:
        monkeypatch.setattr(limits, "COMPARED_TERMS", 0)
    assert evaluated(RIGHT[name]).warnings == ()


def test_what_only_floats_meet_is_told():
    """0.1 + 0.2 is 0.30000000000000004 in floats, and the target that: z - t is -4e-17 on paper."""
    met = problem(sc.HalfSquaredError(), TENTHS, [1, 1], target=[0.1 + 0.2])
    results = evaluated(met)
    (line,) = results.warnings
    assert line.startswith(
        "floating-point cancellation: the loss is 0 instead of 8e-34, and fewer than 6 "
    )
    assert "dL/d dense1[0]" in results.imprecise


@pytest.mark.parametrize("seed", seeds(70_000, 0.1))
def test_ordinary_networks_have_no_warning(seed):
    network, values = tiny_example(seed)
    for stated in (sc.Problem(network, values), cells.problem(cells.CELLS[seed % 1009])):
        assert not [line for line in evaluated(stated).warnings if "digits" in line]


def test_what_takes_long_is_not_compared(monkeypatch):
    """Sigmoids count for many: a hundred of them are too many."""
    monkeypatch.delattr(figures, "ExactForward")
    network = sc.Network((150,), [sc.Sigmoid()], sc.SumOfOutputs())
    assert evaluated(sc.Problem(network, {"x": [0] * 150})).warnings == ()


@pytest.mark.parametrize("name", ["dense1", "d" * limits.NAME_LETTERS])
def test_it_is_one_line_above_the_table(name, capsys, monkeypatch, tmp_path):
    file = tmp_path / "problem.toml"
    file.write_text("")
    monkeypatch.setattr("symcnn.problems.load", lambda path, note, results: squared(name=name))
    assert main(["evaluate", "--json", str(file)]) in (0, None)
    captured = capsys.readouterr()
    (line,) = captured.err.splitlines()
    assert line.startswith(
        "symcnn: warning: floating-point cancellation: the loss is 0 instead of 0.125"
    )
    assert len(line) <= 260
    figures_of = json.loads(captured.out)["check"]["imprecise"]
    assert figures_of[:2] == ["the loss", f"{name}[0]"]
    assert len(figures_of) == 9


def test_a_derivative_that_is_beyond_floats_is_told():
    """dL/da = -1/a = -exp(2000) of a probability a = exp(-2000), which programs bound."""
    network = sc.Network((2,), [sc.Softmax()], sc.CrossEntropy())
    results = evaluated(sc.Problem(network, {"x": [2000, 0], "target": [0, 1]}))
    assert results.evaluation.gradients["x"].tolist() == [1, -1]
    (line,) = results.warnings
    assert line.endswith(" in floats, but its exact value exceeds their range; use smaller numbers")
    assert line.startswith("dL/d softmax1[1] is -1.0")
