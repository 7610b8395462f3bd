"""Large networks: general forms, one worked example a tensor, and bounds."""

import random

import pytest
from sympy import Add, Mul, Symbol

import symcnn as sc
from symcnn import limits
from symcnn.reference.windows import Windows
from symcnn.writing.printing.summands import summands
from tests.document.networks import problem_of
from tests.draws import slow


def classifier(side):
    """A convolution, a pooling and a softmax over the classes; many entries, few rows."""
    layers = [
        sc.Conv2D(3, 3, padding=1),
        sc.Tanh(),
        sc.MaxPool2D(2),
        sc.Flatten(),
        sc.Dense(2),
        sc.Softmax(),
    ]
    network = sc.Network((side, side, 1), layers, sc.CrossEntropy())
    draw = random.Random(side)
    values = {
        tensor.name: [draw.randint(-9, 9) / 10 for _ in range(tensor.size)]
        for tensor in network.tensors.values()
        if tensor.role in ("input", "parameter")
    }
    return sc.Problem(network, values | {"target": [0, 1]})


@slow
def test_past_a_size_each_tensor_has_one_example():
    text = sc.explain(classifier(6), detail="full").to_markdown()
    assert len(text.splitlines()) < 1100
    assert "There are 108 such entries; here is one of them:" in text
    assert r" Derivative with respect to $`\ell`$, the log-sum-exp of softmax1" in text


@slow
def test_all_weights_are_shown_on_request():
    network = sc.Network((6,), [sc.Dense(5, bias=False), sc.Tanh()], sc.SumOfOutputs())
    rows = [
        sc.explain(problem_of(network, "wide"), all_weights=every, detail="full")
        .to_latex()
        .count(r"\frac{\partial L}{\partial w")
        for every in (False, True)
    ]
    assert rows[0] < 10
    assert rows[1] >= 2 * 30


def test_too_many_are_refused_in_one_line():
    with pytest.raises(
        sc.TooLargeError, match=f"{limits.ALL_WORKED_ENTRIES:,} that are worked one by one"
    ):
        sc.explain(classifier(32), all_weights=True)


def in_floats(monkeypatch, layers, loss, x, weight, **given):
    """Return the document of a dense layer of equal inputs, made as that of a large network."""
    monkeypatch.setattr(limits, "EXACT_TERMS", 0)
    network = sc.Network((len(weight[0]),), [sc.Dense(len(weight), bias=False), *layers], loss)
    x = [x] * len(weight[0])
    problem = sc.Problem(network, {"x": x, "dense1.weight": weight, **given})
    return sc.explain(problem, weight="dense1.weight[0, 0]", digits=6).to_markdown()


def test_large_logits_cancel_in_a_softmax_to_their_rounding(monkeypatch):
    """With logits of 2e9 the error of e^(z - l) is 1e-7, as much as that of its exponent."""
    weight = [[1 / n for n in range(1, 8)], [1 / n for n in range(8, 1, -1)]]
    text = in_floats(monkeypatch, [], sc.SoftmaxCrossEntropy(), 1e9, weight, target=[0, 1])
    assert r"\approx 1.00000" in text


def test_a_slope_in_saturation_has_its_digits_in_floats(monkeypatch):
    """1 - tanh(15)^2 is 4 e^-30/(1 + e^-30)^2; of floats, 1 - a^2 is 3.74367e-13."""
    text = in_floats(monkeypatch, [sc.Tanh()], sc.SumOfOutputs(), 1, [[15], [14]])
    assert r"\approx 3.74305 \times 10^{-13}" in text
    assert "3.74367" not in text


def test_terms_of_a_long_sum_stand_as_their_entries_are_numbered_and_are_not_printed(monkeypatch):
    """SymPy takes half a millisecond to print a term, and a batch norm sums thousands."""
    mean, entries = Symbol("m"), [Symbol(f"x_{n}") for n in range(200, 0, -1)]
    monkeypatch.setattr(Mul, "__str__", None)
    ordered = summands(Add(*(2 * x * (x - mean) for x in entries), -mean * Symbol("a")))
    numbered = [
        int(str(max(term.free_symbols, key=str)).partition("_")[2]) for term in ordered[:-1]
    ]
    assert numbered == list(range(1, 201))
    assert ordered[-1] == -mean * Symbol("a")


def test_where_terms_stand_is_found_once_for_all_numbers_at_which_rows_are_checked(monkeypatch):
    made, laid_out = [], Windows.__init__
    monkeypatch.setattr(Windows, "__init__", lambda *of: made.append(of) or laid_out(*of))
    in_floats(monkeypatch, [], sc.HalfSquaredError(), 1, [[1, 2], [3, 4]], target=[1, 2])
    assert len(made) == 2  # the layer's equation, and the loss's


def test_of_a_long_sum_the_bias_is_shown_beside_the_last_product():
    pytest.importorskip("rich")
    network = sc.Network((30,), [sc.Dense(1)], sc.HalfSquaredError())
    values = {tensor.name: [1] * tensor.size for tensor in network.given}
    text = sc.explain(sc.Problem(network, values), sections=["forward"]).to_text()
    assert "z = w₁ x₁ + w₂ x₂ + ⋯ + w₃₀ x₃₀ + b" in " ".join(text.split())


def with_probabilities_of(entries, classes, score):
    """A softmax of scores that are ``score`` and 0, whose target is the class of the larger."""
    weight = [[score] * entries, *([0] * entries for _ in range(classes - 1))]
    layers = [sc.Dense(classes, bias=False), sc.Softmax()]
    network = sc.Network((entries,), layers, sc.CrossEntropy())
    target = [1, *[0] * (classes - 1)]
    values = {"x": [1.0] + [0.0] * (entries - 1), "dense1.weight": weight, "target": target}
    return sc.Problem(network, values)


def test_a_derivative_beyond_floats_has_no_numbers_in_its_cells():
    """-1/p of the target's class is -7.88e434; the loss is 1000 + log(4)."""
    problem = with_probabilities_of(30, 5, -1000.0)
    assert "\\approx 1001" in sc.explain(problem).to_latex()


def test_probabilities_too_small_for_floats_are_refused_in_one_line():
    """0 log 0 in place of 0 log exp(-1000), in a network that is worked out in floats."""
    problem = with_probabilities_of(2000, 10, 1000.0)
    assert sc.evaluate(problem).loss == 0
    with pytest.raises(sc.SymcnnError, match=r"^a term to be worked out has no value .* weights$"):
        sc.explain(problem)
