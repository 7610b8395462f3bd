"""The weight that a document follows: the choice, what it meets, and a trial with plain numbers."""

import re
from math import exp
from random import Random

import numpy as np
import pytest

import symcnn as sc
from symcnn.document.explanation.numbers import Numbers
from symcnn.document.facts.example_entry import alike
from symcnn.document.facts.thread import thread, thread_of
from tests.document.networks import problem_of
from tests.document.shared import SEED, explained, problem_named
from tests.draws import seeds, some
from tests.programs.random_networks import example


def loss_of_the_seed(moved):
    """Work the notebook's network by hand, with another number for the third filter's second."""
    x, filters = (1, 0.4, 0.7), ((0.2, 0.1), (0.3, -0.1), (-0.1, moved))
    pooled = [max(u * x[r] + v * x[r + 1] for r in (0, 1)) for u, v in filters]
    z = sum(w * p for w, p in zip((0.1, 0.5, 0.6), pooled, strict=True))
    return (0.8 - 1 / (1 + exp(-z))) ** 2 / 2


def text_of(made):
    pytest.importorskip("rich", reason="needs rich")
    return re.sub(r"\s+", " ", made.to_text())


def test_the_seed_is_followed_along_its_third_filter():
    seed = problem_named(SEED)
    found = thread(seed.derivation, Numbers(seed).value)
    assert (found.name, found.position) == ("conv1.weight", (1, 0, 0, 2))
    tensors = seed.network.tensors
    met = {name: found.positions.get(tensor.label) for name, tensor in tensors.items()}
    assert met["x"] == (2, 0, 0)
    assert met["conv1"] == (1, 0, 2)
    assert met["pool1"] == (0, 0, 2)
    assert met["dense1.weight"] == (0, 2)


def test_the_seed_is_tried():
    said = text_of(sc.explain(problem_named(SEED), digits=6))
    found = re.search(r"we find L ≈ ([\d.]+), which is less than before by ≈ ([\d.]+\d)", said)
    after, fall = found.groups()
    assert float(after) == pytest.approx(loss_of_the_seed(0.21), abs=5e-8)
    assert float(fall) == pytest.approx(loss_of_the_seed(0.2) - loss_of_the_seed(0.21), rel=2e-5)
    assert "0.01 · 0.0256095 ≈ 0.000256095" in said


@pytest.mark.parametrize(
    ("weight", "x", "said"),
    [
        (0.5, 1, "With w = 0.49 in place of 0.5, and everything else as it was, we find L"),
        (0.12345678912345, 1, "With w smaller by 0.01, and everything else as it was, we find L"),
        (0.5, 0.001, "in place of 0.5, and everything else as it was, the loss is less than befo"),
    ],
)
def test_a_trial_gives_the_numbers_that_show_something(weight, x, said):
    """Where a number is rounded, by how much it changes; where the loss looks the same, no loss."""
    network = sc.Network((1,), [sc.Dense(1)], sc.HalfSquaredError())
    values = {"x": [x], "dense1.weight": [weight], "dense1.bias": [1.0123456789], "target": [0]}
    text = text_of(sc.explain(sc.Problem(network, values), follow="w"))
    assert said in text


def test_the_seed_is_asked_about():
    assert (
        "How does one weight change the loss? The network below turns three numbers into one, "
        "a ≈ 0.5533, which ought to be 0.8. Take w₂₃ = 0.2, the second weight of the third filter "
        "of conv1. Should it be larger or smaller, and by how much would the loss change?"
    ) in text_of(explained(detail="standard"))


@pytest.mark.parametrize(
    ("made", "weights", "asked", "given"),
    [
        (sc.Dense(1, bias=False), [1, 2], "Should it be larger or smaller", "of dense1"),
        (sc.Dense(1, bias=False), [2, -1], "Does it change the loss at all?", "of dense1"),
        (
            sc.Dense(1, bias=False),
            [0.12345678912345, 2],
            "Should it be larger",
            "Take w₁ ≈ 0.1235, a weight",
        ),
        (sc.Dense(1, bias=False, name="a"), [1, 2], "Should it", "a weight of the layer a."),
    ],
)
def test_a_weight_whose_derivative_is_0_is_asked_about_otherwise(made, weights, asked, given):
    network = sc.Network((2,), [made], sc.HalfSquaredError())
    values = {"x": [1, 2], network.parameters[0].name: weights, "target": [0]}
    problem = sc.Problem(network, values)
    told = sc.explain(problem, follow="w_1")
    assert asked in text_of(told)
    assert given in text_of(told)
    assert "Does it change the loss at all" not in text_of(told.with_blanks())


@pytest.mark.parametrize(
    ("loss", "target", "ought"),
    [
        (sc.BinaryCrossEntropy(), 1, ", which ought to be 1."),
        (sc.BinaryCrossEntropy(), 0, ", which ought to be 0."),
        (sc.BinaryCrossEntropy(), 0.5, ". Take"),
        (sc.HalfSquaredError(), 0.5, ", which ought to be 0.5."),
    ],
)
def test_it_is_said_what_the_output_ought_to_be_where_the_loss_is_least_there(loss, target, ought):
    network = sc.Network((1,), [sc.Dense(1, bias=False), sc.Sigmoid()], loss)
    problem = sc.Problem(network, {"x": [1], "dense1.weight": [1], "target": [target]})
    assert f"turns one number into one, a ≈ 0.7311{ought}" in text_of(sc.explain(problem))


@pytest.mark.parametrize(
    ("batch", "said"),
    [
        (None, r"The input $`x_{q}`$, of shape $`2`$, passes through one layer"),
        (1, r"The batch of one input $`x_{q}`$, of shape $`1 \times 2`$, passes through one"),
        (2, r"The batch of inputs $`x_{nq}`$, of shape $`2 \times 2`$, passes through one layer"),
    ],
)
def test_a_batch_of_one_is_called_that(batch, said):
    network = sc.Network((2,), [sc.Dense(1)], sc.HalfSquaredError(), batch=batch)
    text = " ".join(sc.explain(problem_of(network, "a batch")).to_markdown().split())
    assert said in text
    assert ("the outputs are compared" in text) == (batch == 2)


@pytest.mark.parametrize("number", some(range(40)))
@pytest.mark.parametrize("values", ["own", "alike"])
def test_what_is_met_hangs_together(number, values):
    """Every entry on the way is read by another one, or reads it.

    An error signal that is a number reads nothing, and formulas have the number in its place: it
    is that of an entry on the way.
    """
    made = example(number)
    problem = sc.Problem(made.network, made.values)
    derivation = problem.derivation
    found = thread(derivation, alike if values == "alike" else Numbers(problem).value)
    if found is None:
        return
    tensors = {tensor.label: tensor for tensor in derivation.tensors.values()}
    met = [tensors[label].symbol(position) for label, position in found.positions.items()]
    formulas = {symbol: derivation.entries.formula(symbol) for symbol in met}
    reads = {(s, r) for s, f in formulas.items() if f is not None for r in f.free_symbols}
    joined = {symbol for pair in reads if {*pair} <= {*met} for symbol in pair}
    constant = {
        signal.symbol(found.positions[signal.label])
        for name, signal in derivation.adjoints.items()
        for own in [problem.network.tensors[name].label]
        if signal.label in found.positions and own in found.positions
        if found.positions[signal.label] == found.positions[own]
        if not formulas[signal.symbol(found.positions[own])].free_symbols
    }
    assert joined | constant == {*met}


@pytest.mark.parametrize(
    ("follow", "said"),
    [
        ("w_12", "Take w₁₂ = 0.3, the first weight of the second filter of conv1."),
        ("conv1.weight[0,0,0,0]", "Take w₁₁ = 0.2, the first weight of the first filter of conv1."),
        ("x_1", "Take x₁ = 1, one of the 3 numbers of the input."),
    ],
)
def test_another_weight_is_followed(follow, said):
    assert said in text_of(sc.explain(problem_named(SEED), follow=follow))


@pytest.mark.parametrize(
    ("follow", "message"),
    [
        ("z_11", "the entry 'z_11' is computed: follow a weight or an entry of the input"),
        ("w_99", "there is no entry 'w_99': the entries of w run from w_11 to w_23"),
        ("foo", "the weight 'foo' is not understood"),
    ],
)
def test_what_cannot_be_followed_is_refused(follow, message):
    with pytest.raises(sc.SymcnnError, match=re.escape(message)):
        sc.explain(problem_named(SEED), follow=follow)


@pytest.mark.parametrize(
    "layers",
    [
        [sc.Dense(2), sc.Sigmoid()],
        [sc.Dense(3), sc.Softplus(), sc.Dense(2), sc.Tanh()],
        [sc.Dense(3), sc.Softmax()],
        [sc.Conv1D(2, 2), sc.ReLU(), sc.AvgPool1D(2)],
    ],
    ids=repr,
)
def test_the_way_reaches_the_output_where_error_signals_are_1(layers):
    """Of a sum of outputs they are in no formula, and led on from no weight."""
    shape = (4, 1) if isinstance(layers[0], sc.Conv1D) else (2,)
    problem = problem_of(sc.Network(shape, layers, sc.SumOfOutputs()), "a sum")
    derivation = problem.derivation
    found = thread(derivation, Numbers(problem).value)
    met = {found.name: found.position}
    for stage in problem.network.stages:
        read = (*stage.inputs, *stage.parameters.values())
        before = {t.symbol(met[t.name]) for t in read if t.name in met}
        met[stage.output.name] = found.positions[stage.output.label]
        made = stage.output.symbol(met[stage.output.name])
        assert before & derivation.entries.formula(made).free_symbols


def small_numbers(seed):
    """Draw a network with a maximum over windows, and numbers of which many are alike."""
    drawn = Random(seed)
    windows = [sc.MaxPool2D(2, 1), sc.MaxPool2D(2, 2), sc.MaxPool2D((1, 2), 1)]
    between = [[], [sc.ReLU()], [sc.Tanh()]]
    layers = [
        sc.Conv2D(drawn.choice([1, 2]), 2, name="conv"),
        *drawn.choice(between),
        drawn.choice(windows),
        sc.Flatten(),
        sc.Dense(1),
    ]
    network = sc.Network((4, 4, 1), layers, sc.HalfSquaredError())
    values = {
        tensor.name: np.reshape([drawn.randint(-1, 1) for _ in range(tensor.size)], tensor.shape)
        for tensor in network.given
    }
    return sc.Problem(network, values)


def largest_entries(problem, one):
    """Count the largest entries of the window on a way."""
    stage = next(s for s in problem.network.stages if isinstance(s.layer, sc.MaxPool2D))
    read = np.asarray(sc.evaluate(problem).outputs[stage.inputs[0].name])
    row, column, channel = one.positions[stage.output.label]
    height, width = np.broadcast_to(stage.layer.pool_size, 2)
    top, left = np.broadcast_to(stage.layer.stride, 2) * (row, column)
    window = read[top : top + height, left : left + width, channel]
    return np.sum(window == window.max())


@pytest.mark.parametrize("number", seeds(0, 10))
def test_no_tied_window_is_followed_where_a_weight_is_free_of_ties(number):
    problem = small_numbers(number)
    numbers = Numbers(problem)
    followed = thread(problem.derivation, numbers.value)
    weight = problem.network.tensors["conv.weight"]
    ways = [
        thread_of(problem.derivation, numbers.value, weight.name, position)
        for position in weight.positions()
    ]
    fewest = min(largest_entries(problem, way) for way in ways)
    assert (largest_entries(problem, followed) > 1) == (fewest > 1)
