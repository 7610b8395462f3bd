"""The engine of the page marks as ``symcnn mark`` does, whose marking is tested by itself."""

import json
from fractions import Fraction
from random import Random

import pytest

import symcnn as sc
from symcnn.classroom.marking.asked import asked
from symcnn.classroom.marking.mark import meant, only, published
from symcnn.classroom.practice.page import engine
from tests.classroom.marking.simulation.networks import drawn
from tests.classroom.marking.simulation.sheets import sheets
from tests.classroom.practice.engine import by_marking, by_page, texts
from tests.draws import SHEETS, seeds, slow
from tests.programs.backends.javascript.node import needs_node, node
from tests.programs.random_networks import tiny_example

pytestmark = needs_node

NETWORKS = max(2, SHEETS // 6)


@pytest.fixture(scope="module")
def notebook():
    """The numbers that the notebook prints, and the problem whose numbers are right."""
    as_published = sc.examples.cnn_by_hand_as_published()
    return meant(as_published), only(published(as_published))


def test_the_notebook_s_faults_are_named(notebook, tmp_path):
    """Its convolution is a product of sums, and its derivative is the one of another stage."""
    problem, printed = notebook
    ((marked,),) = by_page([(problem, [texts(problem, printed)])], tmp_path)
    assert marked[:6] == [["wrong", "broadcast product"]] * 6
    assert marked[6:11] == [["follows"]] * 5
    hidden = "winners taken from another channel?"
    assert marked[17:20] == [["wrong", "another quantity", hidden]] * 3
    assert marked == by_marking(problem, printed)


@slow
def test_simulated_sheets_are_marked_alike(tmp_path):
    """Right ones that are rounded, and those with one or two mistakes that are carried on."""
    given = {seed: [one.answers for one in sheets(seed).values()] for seed in range(NETWORKS)}
    problems = {seed: drawn(seed).problem for seed in given}
    jobs = [(problems[s], [texts(problems[s], a) for a in given[s]]) for s in given]
    for seed, found in zip(given, by_page(jobs, tmp_path), strict=True):
        for answers, marked in zip(given[seed], found, strict=True):
            assert marked == by_marking(problems[seed], answers), seed


WRITTEN = (
    "1/3",
    "-2/7",
    "0",
    "0,5",
    "0.50",
    "1e-3",
    "-4.0E-2",
    "0.123456789012345678",
    "17",
    "0.0",
)


def scribbled(random, answers):
    """Replace some figures by others, or by none, and write some otherwise."""
    for figures in answers.values():
        for at, figure in enumerate(figures):
            if random.random() < 0.1:
                figures[at] = random.choice((*WRITTEN, "?", f"{random.uniform(-2, 2):.3f}"))
            elif random.random() < 0.1:
                figures[at] = figure.replace(".", ",")
    return answers


def test_scribbled_sheets_are_marked_alike(tmp_path):
    random, given = Random(7), {}
    for seed in range(100, 101 + NETWORKS // 4):
        made = [{q: [*a] for q, a in one.answers.items()} for one in sheets(seed).values()]
        given[seed] = [scribbled(random, answers) for answers in made]
    problems = {seed: drawn(seed).problem for seed in given}
    jobs = [(problems[s], [texts(problems[s], a) for a in given[s]]) for s in given]
    for seed, found in zip(given, by_page(jobs, tmp_path), strict=True):
        for answers, marked in zip(given[seed], found, strict=True):
            assert marked == by_marking(problems[seed], answers), seed


def scribbled_on(problem, random):
    """Return the right figures in some digits, some of them replaced by others."""
    digits = random.choice((2, 3, 5, 8, 16))
    answers = {
        name: [f"{float(value):.{digits}g}" for value in problem.quantity(name)]
        for name in asked(problem)
    }
    for _ in range(3):
        figures = answers[random.choice([*answers])]
        if not any(figure != "?" for figure in figures):
            continue
        at = random.choice([n for n, figure in enumerate(figures) if figure != "?"])
        others = (f"{2 * float(figures[at]):.{digits}g}", f"{random.uniform(-2, 2):.3f}", "0", "?")
        figures[at] = random.choice(others)
    return answers


@slow
def test_sheets_of_all_kinds_of_networks_are_marked_alike(tmp_path):
    """Also layers that no simulated student works, such as GELU."""
    examples = [(seed, tiny_example(seed)) for seed in seeds(30, 0.5)]
    given = {s: sc.Problem(*example, learning_rate=0.5) for s, example in examples}
    sheets_of = {s: [scribbled_on(given[s], Random(s)) for _ in range(2)] for s in given}
    jobs = [(given[s], [texts(given[s], a) for a in sheets_of[s]]) for s in given]
    for seed, found in zip(given, by_page(jobs, tmp_path), strict=True):
        for answers, marked in zip(sheets_of[seed], found, strict=True):
            assert marked == by_marking(given[seed], answers), seed


def test_a_formula_that_is_0_names_no_mistake(tmp_path):
    """Whoever writes 0 may have forgotten a path, or anything else."""
    layers = [sc.Concatenate(inputs=("x", "x")), sc.Flatten(), sc.Dense(1, bias=False)]
    network = sc.Network((2, 1), layers, sc.HalfSquaredError())
    values = {"x": [0.3, 0.7], "dense1.weight": [1, 2, 3, 4], "target": [1]}
    problem = sc.Problem(network, values)
    answers = {"concatenate1": ["0", "0.3", "0.7", "0.7"]}
    ((marked,),) = by_page([(problem, [texts(problem, answers)])], tmp_path)
    assert marked[:4] == [["wrong"], ["right"], ["right"], ["right"]]
    assert marked == by_marking(problem, answers)


READ = {
    "0.42": ["0.415", "0.425"],
    "0,420": ["0.4195", "0.4205"],
    "-4.2e-1": ["-0.425", "-0.415"],
    "\N{MINUS SIGN}.5": ["-0.55", "-0.45"],
    "2/3": [
        "0.6666666666666666666666666666666666666666",
        "0.6666666666666666666666666666666666666667",
    ],
    "0": ["0", "0"],
    "0.00": ["-0.005", "0.005"],
    " 1 000 ": ["999.5", "1000.5"],
    "3E2": ["250", "350"],
    "0.26599999999999996": ["0.26599999999999729", "0.26599999999999996266"],
    "": None,
    "?": None,
    "much": "This is not a number. Write a number such as 0.42, 4.2e-1 or 2/3.",
    "1/0": "A number cannot be divided by 0.",
    "1e999": "Write a number below 10^300.",
}
"""What figures stand for, by hand: half a unit of the last digit to both sides."""


def test_figures_are_read(tmp_path):
    script = """
    const ends = (figure) => figure && figure.text !== undefined ? standsFor(figure) : null;
    const shown = (texts) => texts.map(read).map((figure) => typeof figure === "string" ? figure :
      figure && [ends(figure).a, ends(figure).b].map((x) => `${x.c}e${x.e}`));
    console.log(JSON.stringify(shown(%s)));
    """
    found = json.loads(node(engine() + script % json.dumps([*READ]), tmp_path))
    for (text, expected), made in zip(READ.items(), found, strict=True):
        if isinstance(expected, list) and text != "0.26599999999999996":
            assert [*map(_exact, made)] == [*map(_exact, expected)], text
        elif isinstance(expected, list):
            assert [*map(float, made)] == pytest.approx([*map(float, expected)], rel=1e-14)
        else:
            assert made == expected, text


def _exact(text):
    return Fraction(text)
