"""What is marked besides quantities: winners, margins, and what a step does to the loss."""

import json
from random import Random

import numpy as np
import pytest

import symcnn as sc
from symcnn.classroom.practice.page import engine
from symcnn.document.bindings import Winner
from tests.classroom.practice.pages import data_of, figures_of, problem_of
from tests.draws import seeds, slow, some
from tests.programs.backends.javascript.node import needs_node, node

pytestmark = needs_node

SEED = problem_of()

MARK = """
import { readFileSync } from "node:fs";
const jobs = JSON.parse(readFileSync(new URL("jobs.json", import.meta.url), "utf8"));
console.log(JSON.stringify(jobs.map(({ program, sheets }) => {
  const ways = waysOf(program);
  return sheets.map((texts) => new Sheet(program, answersOf(texts, program.letters)).marked(ways)
    .map((one) => [one.verdict, ...one.mistakes.map((n) => program.mistakes[n][0])]));
})));
"""


class Page:
    """The figures of a problem's page by name, and its sheets."""

    def __init__(self, seed=None):
        self.figures, self.program, self.sheets = figures_of(seed), data_of(seed), []
        quantities = [(f.quantity, f.position) for f in self.figures.all]
        groups = [(e.group, e.name) for e in self.figures.extras]
        self.names = {name: n for n, name in enumerate([*quantities, *groups])}

    def sheet(self, **answers):
        """Add a sheet with lists of figures by quantity or by group."""
        texts, left = ["" for _ in self.names], {k: [*v] for k, v in answers.items()}
        for (group, _), n in self.names.items():
            if left.get(group):
                texts[n] = left[group].pop(0)
        assert not any(left.values()), left
        self.sheets.append(texts)

    @property
    def job(self):
        return {"program": self.program, "sheets": self.sheets}

    def of(self, marked, group):
        """Return what is said of the figures of a quantity or a group."""
        return [marked[n] for (name, _), n in self.names.items() if name == group]


def marked(folder, *pages):
    (folder / "jobs.json").write_text(json.dumps([page.job for page in pages]), encoding="utf-8")
    return json.loads(node(f"{engine()}\n{MARK}", folder))


CONV = ["0.24", "0.26", "-0.02", "0.15", "0.05", "0.10"]
OTHER = ["0.24", "0.26", "0.30", "0.15", "0.05", "0.10"]
"""The seed's convolution, and one in which the third filter's other entry wins."""

WINNERS, MARGINS = "winners of pool1", "margins of pool1"
FORETOLD, SQUARES = "loss predicted to first order", "sum of the squared derivatives"


def test_winners_and_margins_of_the_seed(tmp_path):
    """0.24 - 0.15, 0.26 - 0.05 and 0.10 + 0.02; where z_13 is 0.30, it wins by 0.20."""
    page = Page()
    page.sheet(
        conv1=CONV, **{WINNERS: ["z11", "z_12", "z\u2082\u2083"], MARGINS: ["0.09", "0.21", "0.12"]}
    )
    page.sheet(conv1=OTHER, **{WINNERS: ["z11", "z12", "z13"], MARGINS: ["0.09", "0.21", "0.20"]})
    page.sheet(conv1=CONV, **{WINNERS: ["z11", "z12", "z13"], MARGINS: ["0.24", "0.31", "-0.12"]})
    page.sheet(**{WINNERS: ["z21", "z22", "z23"]})
    ((right, follows, wrong, third),) = marked(tmp_path, page)
    assert page.of(right, WINNERS) + page.of(right, MARGINS) == [["right"]] * 6
    assert page.of(follows, WINNERS) == [["right"], ["right"], ["follows"]]
    assert page.of(follows, MARGINS) == [["right"], ["right"], ["follows"]]
    assert page.of(wrong, WINNERS) == [
        ["right"],
        ["right"],
        ["wrong", "winners taken from another channel"],
    ]
    assert page.of(wrong, MARGINS) == [["wrong"]] * 3
    assert page.of(third, WINNERS)[:2] == [["wrong", "winners taken from another channel"]] * 2


@slow
@pytest.mark.parametrize("seed", some(seeds(2, 0.3)))
def test_winners_and_margins_follow_from_any_numbers(seed, tmp_path):
    """They are found in plain Python in numbers that are drawn at random."""
    page, random = Page(seed), Random(seed)
    windows = [e for e in page.figures.extras if isinstance(e.of, Winner)]
    read = dict.fromkeys(term for extra in windows for term in extra.terms)
    numbers = {page.figures.by_entry[term]: f"{random.uniform(-1, 1):.4f}" for term in read}
    due = {}
    for n, extra in enumerate(page.figures.extras, len(page.figures.all)):
        if extra.terms:
            values = [float(numbers[page.figures.by_entry[term]]) for term in extra.terms]
            largest, *others = sorted(values, reverse=True)
            won = extra.letters[values.index(largest)] if extra.letters else ""
            due[n] = won or f"{largest - others[0]:.4f}"
    page.sheets.append([{**numbers, **due}.get(n, "") for n in range(len(page.names))])
    ((found,),) = marked(tmp_path, page)
    assert {found[n][0] for n in due} <= {"right", "follows"}


def test_the_loss_after_the_step_is_computed_with_one_s_own_weights(tmp_path):
    """By the network itself, at the weights that were written down, and the right other ones."""
    page = Page()
    names = ("dense1.weight", "conv1.weight")
    updated = {name: [float(w) for w in SEED.quantity(f"updated {name}")] for name in names}
    updated["conv1.weight"][0] = -0.25  # that of w_11, which alone has a box
    values = {**SEED.values, **{name: np.array(numbers) for name, numbers in updated.items()}}
    loss = sc.evaluate(sc.Problem(SEED.network, values)).loss
    blank = {"updated conv1.weight": ["-0.25"]}
    page.sheet(**blank, **{"loss after 1 step": [f"{loss:.6f}"]})
    page.sheet(**{"loss after 1 step": ["0.0291863"]})
    page.sheet(**{"loss after 1 step": ["0.0304312"]})
    ((follows, right, wrong),) = marked(tmp_path, page)
    assert page.of(follows, "loss after 1 step") == [["follows"]]
    assert page.of(right, "loss after 1 step") == [["right"]]
    assert page.of(wrong, "loss after 1 step")[0][0] == "wrong"
    own = {f"updated {name}": [f"{w:.8f}" for w in numbers] for name, numbers in updated.items()}
    answers = {**own, "loss after 1 step": f"{loss:.6f}"}
    assert [f.verdict for f in sc.mark(SEED, answers).figures][-1] == "follows"


def test_a_report_says_what_is_due_of_the_loss_after_the_step():
    """0.0278596 is the network's loss at these weights, as ``evaluate`` gives it."""
    pytest.importorskip("rich", reason="needs rich")
    own = [float(w) for w in SEED.quantity("updated conv1.weight")]
    moved = {"dense1.weight": np.array([0.2, 0.5079, 0.6030]), "conv1.weight": np.array(own)}
    loss = sc.evaluate(sc.Problem(SEED.network, {**SEED.values, **moved})).loss
    written = {"updated dense1.weight": ["0.2", "0.5079", "0.6030"], "loss after 1 step": "0.5"}
    text = " ".join(sc.report(sc.mark(SEED, written), digits=6).to_text().split())
    assert f"0.5 wrong ≈ {loss:.7f} 0.0291863" in text


def test_the_first_order_s_mistakes_are_named(tmp_path):
    """0.0304312 + 0.5 * 0.00249400, and without 0.5; 0.02 is 0.0304312 - 0.5 * 0.0208624."""
    page = Page()
    page.sheet(**{FORETOLD: ["0.0316782"]})
    page.sheet(**{FORETOLD: ["0.0279372"]})
    page.sheet(**{SQUARES: ["0.0208624"], FORETOLD: ["0.0200000"]})
    ((sign, rate, own),) = marked(tmp_path, page)
    assert page.of(sign, FORETOLD) == [["wrong", "sign of the step"]]
    assert page.of(rate, FORETOLD) == [["wrong", "learning rate forgotten"]]
    assert (page.of(own, SQUARES), page.of(own, FORETOLD)) == ([["wrong"]], [["follows"]])


TYPED = {
    "z11": 1,
    " z_{2,1} ": 2,
    "Z\u2081\u2081": 1,
    "21": 2,
    "z11, z21": 3,
    "z11 and z21": 3,
    "z11 = z21": 3,
    "?": None,
    "": None,
}
"""What is typed for the winner among z_11 and z_21, and the sum of 2^k that it stands for."""


def test_letters_are_read(tmp_path):
    script = """
    const told = (text) => { const found = readLetters(text, ["z\u2081\u2081", "z\u2082\u2081"]);
      return found === null || typeof found === "string" ? found : Number(found.least.n); };
    console.log(JSON.stringify(%s.map(told)));
    """
    texts = [*TYPED, "z12", "0.24", "first"]
    found = json.loads(node(engine() + script % json.dumps(texts), tmp_path))
    assert found == [
        *TYPED.values(),
        *["Write which entry wins: z\u2081\u2081 or z\u2082\u2081."] * 3,
    ]
