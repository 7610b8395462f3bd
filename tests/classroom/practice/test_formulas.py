"""Formulas that are typed: right at the given numbers and at others, or wrong, with the mistake."""
# ruff: noqa: RUF001  # characters that look alike are the point

import json
import re

import pytest

import symcnn as sc
from symcnn.classroom.practice.page import engine
from tests.classroom.practice.pages import data_of, problem_of
from tests.draws import seeds, some
from tests.programs.backends.javascript.node import needs_node, node

pytestmark = needs_node

MARK = """
import { readFileSync } from "node:fs";
const { data, jobs } = JSON.parse(readFileSync(new URL("jobs.json", import.meta.url), "utf8"));
const ways = waysOf(data), marking = new FormulaMarking(data);
console.log(JSON.stringify(jobs.map(([box, text, figures]) => {
  const answers = data.figures.map(([name, at]) => figures[`${name} ${at}`] ?? "");
  const sheet = new Sheet(data, answersOf(answers, data.letters));
  const made = marking.marked(data.formulaBoxes[box], text, sheet.carried, ways);
  return [made.verdict, ...made.mistakes.map((n) => data.mistakes[n][0]), made.said ?? ""];
})));
"""


def marked(folder, jobs, seed=None):
    """Return the verdicts on formulas: the number of a box, what is typed, and figures."""
    text = json.dumps({"data": data_of(seed), "jobs": jobs})
    (folder / "jobs.json").write_text(text, encoding="utf-8")
    return json.loads(node(f"{engine()}\n{MARK}", folder))


OPEN, CLOSED = 0, 2
"""The boxes of dL/dw_11: as a sum over positions, and in closed form."""

RIGHT = {
    OPEN: [
        "δᶻ₁₁ x₁ + δᶻ₂₁ x₂",
        "dz11*x1 + dz21*x2",
        "delta^z_{21} x_2 + x_1 * delta^z_{11}",
        "x1·δz11",
        "(a - t) a (1 - a) w(2)1 x1",
        "-0.00609750*1 + 0*0.4",
        "-0.0061 * 1",
        "-0.0780865^2 * 1",
    ],
    CLOSED: [
        "(a - t) a (1 - a) w⁽²⁾₁ ([z₁₁ ≥ z₂₁] x₁ + [z₁₁ < z₂₁] x₂)",
        "(a-t)*a*(1-a)*w^(2)_1*x_1",
        "-a(t - a)(1 - a) w(2)1 max(x1, x2) [z11 >= z21, z12 > z22]",
        "a^2 (a - t) w(2)1 x1 (1/a - 1)",
        "(a - t) sqrt(a²) (1 - a) w(2)1 x1^(3/2) / sqrt(x1)",
        "(a - t) * exp(-z(2)) / (1 + exp(-z(2)))^2 * w(2)1 * x1",
        "(a - t) (1 - tanh(z(2)/2)^2)/4 w(2)1 |x1|",
        "(a - t) / (2 + 2cosh(z(2))) * w(2)1 * abs(x1) sgn(x1)",
        "(a - t) a (1 - a) w(2)1 tan(arctan(x1)) (sin(t)^2 + cos (t)^2)",
    ],
}
"""δᶻ₂₁ is 0 as long as z₁₁ wins, so it may be left out."""

WRONG = {
    "dz11 x1 - dz21 x2": ["right", ""],
    "dz11 + x1": ["wrong", ""],
    "dz11": ["wrong", "This gives the right number, but only at these given numbers."],
    "dz21 x1 + dz11 x2": ["wrong", ""],
    "2 dz11 x1": ["wrong", "factor 2 too many", ""],
    "2 (dz11 x1 + dz21 x2)": ["wrong", "factor 2 too many", ""],
    "-dz11 x1 - dz21 x2": ["wrong", "wrong sign", ""],
    "dz11 x2 + dz21 x1": ["wrong", ""],
    "-0.0061 * 0.4": ["wrong", ""],
    "dz11 y1": ["unread", "This cannot be read from here on: y1"],
    "dz11 x1 +": ["unread", "The formula ends too early."],
    "z111": ["unread", "This cannot be read from here on: z111"],
    "1/(x1 - x1)": ["unread", "The formula has no value at the given numbers."],
}
"""x_1 is 1, so that a factor of it can be left out at the seed's numbers, but at no others."""

NUMBER = ["unread", "This is a number. Give the formula."]
BARE = {
    OPEN: ["-0.0061", "0", "-6.1e-3", "−0,61 %", "-6.1·10⁻³", "= -0.0061", "1/2"],
    CLOSED: ["-0.0061", "(0.55 - 1) * 0.2", "2/3", "-0.0061 * 1", "24%", "exp(0.5)", "0.5^2"],
}
"""Numbers in place of formulas; numbers may be put into a formula, but not into a closed form."""

TYPED = {
    OPEN: [
        "delta_11 x_1 + delta_21 x_2",
        "δ_11 x1 + δ_21 x2",
        "δ₁₁·x₁ + δ₂₁·x₂",
        r"\delta^{z}_{11} x_{1} + \delta^{z}_{21} x_{2}",
        r"\delta_{11} \cdot x_1",
        "dL/dz_11 x_1 + dL/dz_21 x_2",
        "∂L/∂z₁₁ · x₁",
        "= dz11 x1",
        "deltaz11 x1",
    ],
    CLOSED: [
        "(a - t) sigma(z2) (1 - sigma(z2)) w2_1 x1",
        "(σ(z⁽²⁾) − t) a (1 − a) w₁⁽²⁾ x₁",
        "(a - t) sigmoid(z^(2)) (1 - a) w_1^(2) x_1",
        "(a - t) exp(-z2) / (1 + exp(-z2))^2 w2_1 x1",
        "(a - t) e^(-z2) (1 + e^-z2)^-2 w2_1 x1",
        "(a - t) a² (1/a - 1) w^2_1 x1",
        "(a - t) a (1 - a) w^{(2)}_{1} x_{1}",
        r"\left(a - t\right) \frac{a}{1 + \exp{(z2)}} w_{1}^{(2)} x_1",
        "(a - t) a (1 - a) w2_1 relu(x1)",
        "(a - t) a (1 - a) w2_1 x₁² x₁⁻¹",
    ],
}
"""Letters and functions as people have them."""

UNCLEAR = {
    "(a - t) a (1 - a) w21 x1": "w21 can mean w₂₁ or w⁽²⁾₁. Type the signs _ and ^ as well.",
    "delta_1 x1": "delta_1 can mean δᵖ₁ or δᶠ₁. Type the signs _ and ^ as well.",
    "w_7 x1": "This cannot be read from here on: w_7 x1",
    "2 (dz11 x1": "The formula ends too early.",
    "(" * 1000: "The formula ends too early.",
    "(" * 10**6: "Write a formula of at most 1000 characters.",
    "z2" * 499 + "9": "This cannot be read from here on: z29",
}

SEEN = {
    "dz11*x1+delta_21 x2": "δᶻ₁₁ · x₁ + δᶻ₂₁ · x₂",
    "-(a-t)a(1-a)w2_1 x1": "−(a − t) · a · (1 − a) · w⁽²⁾₁ · x₁",
    "x1/(2 x2)": "x₁ / (2 · x₂)",
    "x1/2 x2": "x₁ / 2 · x₂",
    "1/(1+exp(-z2))^2": "1 / (1 + exp(−z⁽²⁾))^2",
    "sigma(z2) - (x1 - x2)": "σ(z⁽²⁾) − (x₁ − x₂)",
    "[z11 >= z21, z12 > z22] |x1|": "[z₁₁ ≥ z₂₁, z₁₂ > z₂₂] · |x₁|",
    "-x1^-2 + sqrt(x2)": "−x₁^(−2) + √(x₂)",
    "0,5 x1": "0,5 · x₁",
    "max(x1; -x2)": "max(x₁, −x₂)",
    "1/(x1 - x1)": "1 / (x₁ − x₁)",
}
"""What is typed, and how the page says that it was read."""


def test_formulas_of_the_seed_that_are_right(tmp_path):
    jobs = [(box, text, {}) for box, texts in RIGHT.items() for text in texts]
    found = marked(tmp_path, jobs)
    assert {text: made for (_, text, _), made in zip(jobs, found, strict=True)} == {
        text: ["right", ""] for _, text, _ in jobs
    }


def test_formulas_of_the_seed_that_are_wrong(tmp_path):
    found = marked(tmp_path, [(OPEN, text, {}) for text in WRONG])
    told = dict(zip(WRONG, found, strict=True))
    named = {
        text: [made[0], *(m for m in made[1:] if m in WRONG[text])] for text, made in told.items()
    }
    assert named == WRONG


def test_a_number_is_no_formula(tmp_path):
    jobs = [(box, text, {}) for box, texts in BARE.items() for text in texts]
    found = marked(tmp_path, jobs)
    assert {job[1]: made for job, made in zip(jobs, found, strict=True)} == {
        text: NUMBER for _, text, _ in jobs
    }


def test_letters_and_functions_are_typed_as_people_have_them(tmp_path):
    jobs = [(box, text, {}) for box, texts in TYPED.items() for text in texts]
    found = marked(tmp_path, jobs)
    assert {text: made for (_, text, _), made in zip(jobs, found, strict=True)} == {
        text: ["right", ""] for _, text, _ in jobs
    }


def test_what_is_not_clear_is_unread(tmp_path):
    found = marked(tmp_path, [(OPEN, text, {}) for text in UNCLEAR])
    assert found == [["unread", said] for said in UNCLEAR.values()]


def test_how_a_formula_was_read_is_said(tmp_path):
    """And what is said is read as the same formula again."""
    script = """
    const symbols = new Symbols(%s);
    const seen = (text) => shownTree(new Reader(text, symbols).whole(), symbols.letters);
    const texts = %s;
    console.log(JSON.stringify(texts.map((text) => [seen(text), seen(seen(text))])));
    """
    filled = script % (json.dumps(data_of(None)["symbols"]), json.dumps([*SEEN]))
    found = json.loads(node(f"{engine()}\n{filled}", tmp_path))
    assert found == [[said, said] for said in SEEN.values()]


def test_a_closed_form_has_no_error_signals(tmp_path):
    ((verdict, said),) = marked(tmp_path, [(CLOSED, "dz11 x1 + dz21 x2", {})])
    assert verdict == "missing"
    assert said.startswith("This is right, but it contains error signals.")


def test_what_is_put_in_may_be_one_s_own_figures(tmp_path):
    """The error signal was taken for 0.5: 0.5 * 1 follows, whatever the true one is."""
    figures = {"gradient of conv1 0,0,0": "0.5"}
    ((verdict, *_), (other, *_)) = marked(
        tmp_path, [(OPEN, "0.5 * 1 + 0 * 0.4", figures), (OPEN, "0.5 * 1 + 0 * 0.4", {})]
    )
    assert (verdict, other) == ("follows", "wrong")


def printed(text):
    """Run over the derivatives of parameters in a text, each with the formula behind its sign."""
    for block in re.split(r"\n *(?=∂L/∂)|\n\n", text):
        left, sign, rest = " ".join(block.split()).partition(" = ")
        formula = re.sub(r" \(\d+\)$", "", re.split(" [=≈] ", rest)[0])
        if left.startswith("∂L/∂") and sign and not re.search("[∑⋯]", formula):
            yield left, formula


@pytest.mark.parametrize("seed", some(seeds(2, 0.3)))
def test_formulas_that_are_printed_are_right(seed, tmp_path):
    """What full detail prints, as it stands in plain text; some of it has error signals."""
    pytest.importorskip("rich", reason="needs rich")
    data, found = data_of(seed), dict[str, list[str]]()
    for left, formula in printed(sc.explain(problem_of(seed), detail="full").to_text()):
        found.setdefault(left, []).append(formula)
    names = [data["names"][n].split(", ")[-1] for n, _ in data["formulaBoxes"]]
    jobs = [(box, text, {}) for box, name in enumerate(names) for text in found.get(name, ())]
    verdicts = marked(tmp_path, jobs, seed)
    assert ["right", ""] in verdicts
    for job, made in zip(jobs, verdicts, strict=True):
        assert made[0] == "right" or "error signals" in made[-1], job


LETTERS = ["z₂₁", "z⁽²⁾₁", "δᶻ₂₁", "δᶻ⁽²⁾₁"]
MEANT = {
    LETTERS[0]: ["z_21", "z₂₁", "z_{21}"],
    LETTERS[1]: ["z2_1", "z^(2)_1", "z₁⁽²⁾", "z(2)1", "z^2_1"],
    LETTERS[2]: ["dz_21", "δᶻ₂₁", "delta^z_21", "delta_21", "dL/dz_21"],
    LETTERS[3]: ["dz2_1", "δᶻ⁽²⁾₁", "delta^z(2)_1", "delta_1", "dL/dz2_1", "∂L/∂z⁽²⁾₁"],
}


def test_letters_of_two_layers_are_told_apart_by_their_signs(tmp_path):
    script = """
    const symbols = new Symbols(%s);
    console.log(JSON.stringify(%s.map((text) =>
      shownTree(new Reader(text, symbols).whole(), symbols.letters))));
    """
    letters = json.dumps([[letter, n] for n, letter in enumerate(LETTERS)])
    texts = json.dumps([text for typed in MEANT.values() for text in typed])
    found = json.loads(node(f"{engine()}\n{script % (letters, texts)}", tmp_path))
    assert found == [letter for letter, typed in MEANT.items() for _ in typed]
