"""Entries measured one at a time are those of a pass that computes all of them."""

import numpy as np
import pytest

import symcnn as sc
from symcnn import limits
from symcnn.document.explanation.numbers import Numbers
from symcnn.problems.examples import cnn_by_hand
from symcnn.programs.computing import computed
from symcnn.programs.plans.plan import plan_of
from symcnn.programs.program import program_of
from symcnn.reference import Forward, LocalForward
from tests.draws import seeds, slow
from tests.programs.random_networks import tiny_example


def local(problem):
    program = sc.lambdify(problem.derivation)

    def compute(values):
        return computed(program, problem.derivation, values)

    alone = program_of(plan_of(problem.derivation, "loss"), "auto")

    def loss(values):
        made = alone(values)
        assert made.outputs == made.gradients == {}
        return made.loss

    return LocalForward(problem.network, problem.values, compute, loss)


@pytest.mark.parametrize("seed", seeds(8_000))
def test_values_and_derivatives_of_random_networks(seed):
    problem = sc.Problem(*tiny_example(seed))
    measured = local(problem)
    passed = Forward(problem.network, problem.values, measured.evaluation.outputs)
    for tensor in problem.network.tensors.values():
        for position in [*tensor.positions()][::5]:
            expected = passed.value(tensor.name, position)
            assert measured.value(tensor.name, position) == pytest.approx(expected, 1e-9, 1e-12)
            if tensor.name in problem.derivation.adjoints:
                slope = measured.derivative(tensor.name, position)
                expected = passed.derivative(tensor.name, position)
                assert slope == pytest.approx(expected, 1e-9, 1e-12)
    for name in problem.derivation.adjoints:
        expected = passed.derivatives(name)
        assert np.allclose(measured.derivatives(name), expected, 1e-9, 1e-12)


@pytest.mark.parametrize("seed", seeds(8_100, 0.5))
def test_a_wrong_gradient_of_a_program_is_no_entry_s_derivative(seed):
    problem = sc.Problem(*tiny_example(seed))
    measured = local(problem)
    first = problem.network.stages[0].output.name
    made = measured.evaluation
    right = measured.derivative(first, next(iter(problem.network.tensors[first].positions())))
    wrong = {**made.gradients, first: made.gradients[first] + 1}
    object.__setattr__(made, "gradients", wrong)
    again = LocalForward(problem.network, problem.values, lambda values: made, None)
    position = next(iter(problem.network.tensors[first].positions()))
    assert again.derivative(first, position) == right
    assert again.derivatives(first)[position] == pytest.approx(right + 1)


def test_differences_do_not_cross_a_near_kink():
    network = sc.Network((2,), [sc.ReLU()], sc.SumOfOutputs())
    problem = sc.Problem(network, {"x": [1e-7, 1.0]})
    assert local(problem).complex_steps([("x", (0,)), ("x", (1,))]) == pytest.approx([1, 1])


@pytest.fixture
def large(monkeypatch):
    monkeypatch.setattr(limits, "EXACT_TERMS", 1)
    monkeypatch.setattr(limits, "MEASURED_TERMS", 1)


def test_a_document_says_along_what_it_was_measured(large):
    made = sc.explain(sc.examples.cnn_by_hand(), sections=["check"], detail="full").to_latex()
    assert "each of three random directions in the space of the input and all parameters" in made
    assert r"(central differences of the loss, $\tau = 10^{-6}$ or less, 3 random" in made
    assert "imaginary unit" not in made
    assert "kink" not in made


def test_directional_derivatives_are_checked_beside_a_kink(large):
    network = sc.Network((3,), [sc.ReLU()], sc.SumOfOutputs())
    problem = sc.Problem(network, {"x": [0, 0, 1]})
    made = sc.explain(problem, sections=["check"]).to_latex()
    assert "random directions in the space of the input, the" in made
    assert "have kinks at the numbers of the problem" in made
    check = sc.gradcheck(problem, passed=local(problem))
    assert check.is_apart
    assert check.max_abs_error < 1e-8
    assert str(check).splitlines()[1].startswith("direction 1  ")


@pytest.mark.parametrize("name", ["x", "conv1.weight", "dense1.weight"])
def test_a_planted_error_is_seen_along_directions(name):
    problem = sc.examples.cnn_by_hand()
    gradients = local(problem).evaluation.gradients
    assert sc.gradcheck(problem, gradients, passed=local(problem)).max_abs_error < 1e-9
    wrong = {**gradients, name: gradients[name] * (1 + 1e-5)}
    assert sc.gradcheck(problem, wrong, passed=local(problem)).max_abs_error > 1e-8


def test_gradients_of_another_loss_are_far_along_directions():
    layers = [sc.Dense(2), sc.Tanh()]
    mean, total = (
        sc.Network((2,), layers, sc.HalfSquaredError(how), batch=2) for how in ("mean", "sum")
    )
    values = {"x": [1, 2, 3, 4], "dense1.weight": [1, -1, 2, 1], "dense1.bias": [0, 1]}
    problem, other = (sc.Problem(n, {**values, "target": [0] * 4}) for n in (mean, total))
    check = sc.gradcheck(problem, local(other).evaluation.gradients, passed=local(problem))
    assert check.is_far
    assert [row.analytic for row in check.rows] == pytest.approx(
        [2 * row.numeric for row in check.rows]
    )


def test_second_derivatives_are_refused():
    problem = sc.examples.cnn_by_hand()
    with pytest.raises(sc.TooLargeError, match="too many for second derivatives"):
        local(problem).along("x", (0, 0))


@slow
@pytest.mark.parametrize("seed", seeds(8_200, 0.02))
def test_a_document_is_the_same_but_for_its_check(seed, monkeypatch):
    network, values = tiny_example(seed, 3_000)
    monkeypatch.setattr(limits, "EXACT_TERMS", 1)
    if not Numbers(sc.Problem(network, values)).are_smooth:
        return  # what another choice at a kink changes is not looked for in large networks
    naive = sc.explain(sc.Problem(network, values), sections=["forward", "backward", "weights"])
    monkeypatch.setattr(limits, "MEASURED_TERMS", 1)
    monkeypatch.setattr(limits, "LISTED_TERMS", 1)
    local = sc.explain(sc.Problem(network, values), sections=["forward", "backward", "weights"])
    assert local.to_markdown() == naive.to_markdown()


def test_an_entry_that_a_step_below_its_last_digit_would_not_move():
    """The seed with 2^40 x and w / 2^40 has the same loss, and dL/dx / 2^40."""
    seed = cnn_by_hand()
    given = {name: np.array(array, dtype=float) for name, array in seed.values.items()}
    large = given | {"x": given["x"] * 2.0**40, "conv1.weight": given["conv1.weight"] / 2**40}
    problem = sc.Problem(seed.network, large)
    wanted = sc.gradcheck(seed).rows
    entries = [(row.tensor, row.position) for row in wanted if row.tensor == "x"]
    slopes = local(problem).complex_steps(entries)
    assert np.multiply(slopes, 2.0**40) == pytest.approx(
        [row.numeric for row in wanted if row.tensor == "x"], 1e-6, 1e-9
    )
