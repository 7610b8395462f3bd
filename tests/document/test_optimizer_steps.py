"""The step of an optimizer on paper, in marks, on pages and in workbooks."""

import json
from dataclasses import replace

import pytest

import symcnn as sc
from symcnn.classroom.interactive.facts import figures_program
from symcnn.classroom.interactive.page import arithmetic
from symcnn.document.bindings import AFTER_THE_STEP
from tests.classroom.practice.engine import by_marking, by_page, texts
from tests.draws import slow
from tests.problems.training.test_descent import line
from tests.programs.backends.javascript.node import needs_node, node

ADAM = sc.Adam(beta1=0.5, beta2=0.75, epsilon=4)


def problem(optimizer=ADAM):
    """w = 1, x = 2, t = 8: dL/dw = -12; the learning rate is 1/8."""
    return line(learning_rate=0.125, optimizer=optimizer)


def step(optimizer, **options):
    """The section of one step, in one line."""
    pytest.importorskip("rich")
    text = sc.explain(problem(optimizer), **options).to_text()
    return " ".join(text[text.index("One step of") :].split())


def test_adam_is_worked_by_its_equations():
    """m = -6, v = 36, m^ = -12, v^ = 144: w = 1 + 12 / 8 / (12 + 4) = 1.09375; L = 5.8125^2 / 2."""
    said = step(ADAM)
    assert said.startswith(
        "One step of Adam ══════════════════ "
        "One step of Adam assigns new values in this order, for every weight w and the derivative "
        "g of the loss with respect to it: "
        "m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g², m̂ ← m/(1 - (β₁)ⁿ), v̂ ← v/(1 - (β₂)ⁿ) and "
        "w ← w - (η m̂)/(√v̂ + ε). Here η = 0.125, β₁ = 0.5, β₂ = 0.75 and ε = 4. Before the first "
        "step, m and v are 0; this is the first step, n = 1."
    )
    for row in (
        "m = (1 - β₁) (∂L/∂w) = (1 - 0.5) · (-12) = -6",
        "v = (1 - β₂) (∂L/∂w)² = (1 - 0.75) · (-12)² = 36",
        "m̂ = m/(1 - (β₁)ⁿ) = (-6)/(1 - 0.5¹) = -12",
        "v̂ = v/(1 - (β₂)ⁿ) = 36/(1 - 0.75¹) = 144",
        "w - (η m̂)/(√v̂ + ε) = 1 - (0.125 · (-12))/(√144 + 4) = 1.09375",
    ):
        assert row in said
    squared = r"\left(1 - \beta_{2}\right) \left(\frac{\partial L}{\partial w}\right)^{2}"
    assert squared in sc.explain(problem()).to_latex()
    assert "Loss before the step 18 Loss after the step ≈ 16.89" in said


@pytest.mark.parametrize(
    ("optimizer", "rows"),
    [
        (
            sc.AdamW(epsilon=4, weight_decay=2),
            [
                "w - η λ w = 1 - 0.125 · 2 · 1 = 0.75",
                "= 0.75 - (0.125 · (-12))/(√144 + 4) = 0.84375",
            ],
        ),
        (
            sc.SGD(momentum=0.5, nesterov=True, weight_decay=2),
            ["g = λ w + ∂L/∂w = 2 · 1 + (-12) = -10", "u = g = -10", "= 0.5 · (-10) + (-10) = -15"],
        ),
        (sc.RMSprop(alpha=0.75, epsilon=2), ["(∂L/∂w)² = (1 - 0.75) · (-12)² = 36"]),
        (sc.Adagrad(epsilon=4), ["v = (∂L/∂w)² = (-12)² = 144"]),
    ],
)
def test_others_are_worked_too(optimizer, rows):
    said = step(optimizer, detail="full") if optimizer.name == "adagrad" else step(optimizer)
    assert [row for row in rows if row not in said] == []


def test_the_printed_digits_are_those_of_pytorch():
    """The second sample of the seed's weights, in all 17 digits of a float."""
    torch = pytest.importorskip("torch")
    pytest.importorskip("rich")
    given = replace(sc.examples.cnn_by_hand(), optimizer="adam", reconciliation=None)
    values, slopes = sc.evaluate(given), given.quantity("gradient of conv1.weight")
    weight = torch.tensor([float(n) for n in given.values["conv1.weight"]], dtype=torch.float64)
    weight.grad = torch.tensor([float(n) for n in slopes], dtype=torch.float64)
    torch.optim.Adam([weight], lr=0.5).step()
    assert values.loss == pytest.approx(0.03043124508096392, rel=1e-14)
    ours = given.quantity("updated conv1.weight")
    assert [f"{float(n):.14g}" for n in ours] == [f"{n:.14g}" for n in weight.tolist()]
    text = sc.explain(given, digits=12, detail="brief").to_text()
    for row in range(2):
        printed = "  ".join(f"{n:#.12g}" for n in weight[3 * row : 3 * row + 3].tolist())
        assert printed in text


def test_plain_gradient_descent_is_told_as_ever():
    assert "subtracts from every weight η times its derivative" in step("sgd")


def answers():
    given = {"updated dense1.weight": ["1.09375"], "gradient of dense1.weight": ["-12"]}
    wrong = {**given, "gradient of dense1.weight": ["6"]}  # which leads to 1 - 6 / 8 / (6 + 4)
    plain = {**given, "updated dense1.weight": ["2.5"]}
    return [given, {**wrong, "updated dense1.weight": ["0.925"]}, plain]


def verdicts(given):
    figures = sc.mark(problem(), given).figures
    return {f.quantity: f.verdict for f in figures if f.answer is not None}


def test_an_updated_weight_is_marked_by_the_optimizer():
    right, follows, plain = map(verdicts, answers())
    assert right == dict.fromkeys(right, "right")
    assert follows["updated dense1.weight"] == "follows"
    assert plain["updated dense1.weight"] == "wrong"


@pytest.mark.parametrize(
    ("written", "mistake"),
    [
        ("2.5", "plain gradient step"),  # 1 + 12 / 8
        ("1.075", "bias correction forgotten"),  # 1 + 6 / 8 / (6 + 4)
        ("0.90625", "sign of the step"),
    ],
)
def test_a_mistake_with_the_step_is_named(written, mistake):
    given = {"updated dense1.weight": [written], "gradient of dense1.weight": ["-12"]}
    named = [m.name for f in sc.mark(problem(), given).figures for m in f.mistakes]
    assert named == [mistake]


def test_a_weight_that_does_not_decay_is_named():
    """1 + 12 / 8 / (12 + 4), without the decay by 2 / 8."""
    given = {"updated dense1.weight": ["1.09375"], "gradient of dense1.weight": ["-12"]}
    decayed = problem(sc.AdamW(epsilon=4, weight_decay=2))
    named = [m.name for f in sc.mark(decayed, given).figures for m in f.mistakes]
    assert named == ["weight decay forgotten"]


@needs_node
def test_the_practice_page_marks_alike(tmp_path):
    sheets = [texts(problem(), given) for given in answers()]
    (marked,) = by_page([(problem(), sheets)], tmp_path)
    assert marked == [by_marking(problem(), given) for given in answers()]


@needs_node
def test_the_interactive_page_takes_the_same_step(tmp_path):
    """L = (8 - 2 * 1.09375)^2 / 2 behind the step from the numbers that the page begins with."""
    given = problem()
    program = figures_program(given.derivation, [AFTER_THE_STEP], given.moved)
    numbers = json.dumps({name: [*map(str, row)] for name, row in given.values.items()})
    script = f"""
    const real = (row) => row.map((text) => $.number([text]));
    const given = Object.fromEntries(Object.entries({numbers}).map(([n, row]) => [n, real(row)]));
    console.log(evaluateFigures({json.dumps(program)}, given)[0].x);
    """
    assert float(node(arithmetic() + script, tmp_path)) == (8 - 2 * 1.09375) ** 2 / 2


def test_a_workbook_has_the_optimizers_formula():
    from symcnn.classroom.spreadsheets.contents import Contents

    made = Contents(problem())
    *_, update = made.quantities
    assert update.name == "updated dense1.weight"
    assert [float(made.value(s)) for s in update.symbols.values()] == [1.09375]


@slow
def test_a_worksheet_asks_for_the_optimizers_step():
    given = replace(sc.examples.cnn_by_hand(), optimizer=ADAM, reconciliation=None)
    (made,) = sc.worksheet(given, variants=1, seed=3).variants
    assert made.problem.optimizer == ADAM
    shown = {(f.quantity, *f.position): f.text for f in made.figures}
    weights, slopes = (
        made.problem.quantity(n) for n in ("dense1.weight", "gradient of dense1.weight")
    )
    for n, (weight, slope) in enumerate(zip(weights, slopes, strict=True)):
        moved = float(weight) - 0.5 * float(slope) / (abs(float(slope)) + 4)
        assert float(shown["updated dense1.weight", 0, n]) == pytest.approx(moved, abs=6e-5)
