"""[[published]]: what a source prints, beside what is right; and quantities by name."""

import pytest
from sympy import Rational

import symcnn as sc
from tests.draws import slow
from tests.problems.example import TEXT, changed, written

STATED = """
[[published]]
quantity = "updated dense1.weight"
values = [0.112, 0.508, 0.604]
source = "The first edition"
remark = "The sign of $\\\\eta$ was lost."

[[published]]
quantity = "conv1"
values = [[[0.42, 0.28, 0.14]], [[0.33, "11/50", 0.11]]]
"""


def stated(tmp_path, published=STATED):
    return sc.load(written(tmp_path, TEXT.replace('reconcile = "cnn', '#"') + published))


def test_figures_are_read_exactly_and_the_right_ones_computed(tmp_path):
    problem = stated(tmp_path)
    updated, conv = problem.reconciliation.faults
    assert updated.printed.values(problem)[0] == Rational(112, 1000)
    assert float(updated.right.values(problem)[0]) == pytest.approx(0.1 + 0.5 * 0.01463400943)
    assert conv.printed.values(problem)[4] == Rational(11, 50)
    assert conv.right.values(problem)[4] == Rational(1, 20)


@slow
def test_the_document_ends_with_them(tmp_path):
    text = sc.explain(stated(tmp_path), detail="full", digits=6).to_markdown()
    section = text[text.index(" What the source prints\n") :]
    assert "The first edition prints the updated dense1.weight. The sign of $`\\eta`$" in section
    assert "| In the source | updated dense1.weight | $`0.112`$, $`0.508`$, $`0.604`$ |" in section
    assert "| Correct | updated dense1.weight | $`\\approx 0.107317`$" in section


@pytest.mark.parametrize(
    ("published", "message"),
    [
        ("published = 3", "published is a single value"),
        ("published = [3]", r"published\[0\] is 3: give a table"),
        ("[[published]]\nvalues = [1]", "the key 'quantity' is missing"),
        ('[[published]]\nquantity = "loss"', "the key 'values' is missing"),
        ('[[published]]\nquantity = "los"\nvalues = [1]', "did you mean 'loss'"),
        ('[[published]]\nquantity = "loss"\nvalues = [1, 2]', "one flat list of 1 numbers"),
        ('[[published]]\nquantity = "loss"\nvalues = ["x"]', "give a number"),
        ("[[published]]\nquantity = 3\nvalues = [1]", "give printable text"),
        ('[[published]]\nquantity = "loss"\nvalues = [1]\nremak = "x"', "'remark'"),
        ('[[published]]\nquantity = "loss after 10000000 steps"\nvalues = [1]', "use fewer"),
        ('[[published]]\nquantity = "updated x"\nvalues = [1]', "there is no quantity 'x'"),
    ],
)
def test_a_mistake_is_one_line(tmp_path, published, message):
    text = TEXT.replace('reconcile = "cnn', '#"')
    text = f"{published}\n{text}" if published.startswith("published") else f"{text}\n{published}\n"
    with pytest.raises(sc.SymcnnError, match=message) as caught:
        sc.load(written(tmp_path, text))
    assert "\n" not in str(caught.value)


def test_a_file_has_one_way_to_say_it(tmp_path):
    with pytest.raises(sc.SymcnnError, match="remove one of the two"):
        sc.load(written(tmp_path, sc.examples.builtin.CNN_BY_HAND.read_text() + STATED))


def test_updated_needs_a_learning_rate(tmp_path):
    problem = sc.load(written(tmp_path, changed("learning_rate = 0.5", "")))
    for name in ("updated conv1.weight", "loss after 2 steps"):
        with pytest.raises(sc.SymcnnError, match="learning rate"):
            problem.quantity(name)


@pytest.mark.parametrize(
    ("bias", "quantity", "is_said"),
    [("true", "of the weights", True), ("true", "", False), ("false", "of the weights", False)],
)
def test_it_is_said_that_steps_of_the_weights_leave_biases_alone(tmp_path, bias, quantity, is_said):
    pytest.importorskip("rich")
    text = f"""
    input = {{shape = [1], values = [1]}}
    layers = [{{type = "dense", units = 1, weight = [1], bias = {bias}}}]
    loss = {{type = "half_squared_error", target = [0]}}
    training = {{learning_rate = 0.5}}
    [[published]]
    quantity = "{f"dense1 after 1 step {quantity}".strip()}"
    values = [0.6]
    """
    text = text if bias == "false" else text.replace("bias = true", "bias_values = [0]")
    said = sc.explain(sc.load(written(tmp_path, text)), sections=["reconciliation"]).to_text()
    assert "The source prints dense1 after 1 step" in said
    assert ("leaves the biases unchanged" in " ".join(said.split())) == is_said


def test_steps_are_taken_one_after_the_other(tmp_path):
    """Two steps of w <- w - 1/2 (w x) x for the loss 1/2 (w x)^2 at x = 1: w becomes w/4."""
    network = sc.Network((1,), [sc.Dense(1, bias=False)], sc.HalfSquaredError())
    values = {"x": [1], "dense1.weight": [8], "target": [0]}
    problem = sc.Problem(network, values, learning_rate=Rational(1, 2))
    assert problem.quantity("updated dense1.weight") == (4,)
    assert float(problem.quantity("dense1.weight after 2 steps")[0]) == 2
    assert float(problem.quantity("loss after 1 step")[0]) == 8


def test_biases_can_stay():
    network = sc.Network((1,), [sc.Dense(1)], sc.HalfSquaredError())
    values = {"x": [1], "dense1.weight": [8], "dense1.bias": [4], "target": [0]}
    problem = sc.Problem(network, values, learning_rate=Rational(1, 2))
    assert float(problem.quantity("dense1.bias after 1 step")[0]) == 4 - 6
    assert float(problem.quantity("dense1.bias after 1 step of the weights")[0]) == 4
    assert float(problem.quantity("dense1.weight after 1 step of the weights")[0]) == 8 - 6


def stepped(inputs):
    """Return a network of so many terms with its loss's, and numbers that stay as they are."""
    network = sc.Network((inputs,), [sc.Dense(1, bias=False)], sc.SumOfOutputs())
    values = {"x": [0] * inputs, "dense1.weight": [3] * inputs}
    return sc.Problem(network, values, learning_rate=1)


@pytest.mark.parametrize(("inputs", "steps"), [(1, 20_001), (999, 2_001)])
def test_steps_have_a_limit_in_number_and_in_terms(inputs, steps):
    with pytest.raises(sc.TooLargeError, match="are too many: use fewer steps"):
        stepped(inputs).quantity(f"loss after {steps} steps")


def test_up_to_the_limit_steps_are_taken(monkeypatch):
    monkeypatch.setattr(sc.limits, "DESCENT_STEPS", 7)
    monkeypatch.setattr(sc.limits, "DESCENT_TERMS", 14)
    assert [*map(float, stepped(1).quantity("dense1.weight after 7 steps"))] == [3]
    for inputs, steps in ((1, 8), (2, 7)):
        with pytest.raises(sc.TooLargeError, match="use fewer"):
            stepped(inputs).quantity(f"loss after {steps} steps")


def test_a_figure_that_is_shortened_is_said_to_be(tmp_path):
    """The source prints 50 digits of a third and 7 of a sum: 12 are compared, 7 are all."""
    network = """
input = {shape = [1], values = [1]}
layers = [{type = "dense", units = 1, bias = false, weight = ["1/3"]}]
loss = {type = "sum"}
published = [
    {quantity = "dense1", values = [0.33333333333333333333333333333333333333333333333333]},
    {quantity = "x", values = [1.000001]},
]
"""
    text = sc.explain(sc.load(written(tmp_path, network)), detail="full").to_markdown()
    section = text[text.index(" What the source prints\n") :]
    assert "| In the source | dense1, $`z`$ | $`\\approx 0.333333333333`$ |" in section
    assert "| In the source | x, $`x`$ | $`1.000001`$ |" in section


QUOTED = """
[[published]]
quantity = "updated dense1.weight"
values = [0.1120, "-5.0e-1", 1]
source = "A page"
"""


@slow
def test_figures_are_printed_digit_for_digit(tmp_path):
    text = sc.explain(stated(tmp_path, QUOTED)).to_markdown()
    assert "| $`0.1120`$, $`-5.0 \\times 10^{-1}`$, $`1`$ |" in text


def test_right_figures_have_as_many_digits_as_those_of_the_source(tmp_path):
    text = sc.explain(stated(tmp_path, QUOTED.replace("0.1120", "0.1073170050"))).to_markdown()
    assert "| $`0.1073170050`$," in text
    assert "$`\\approx 0.1073170047`$," in text
