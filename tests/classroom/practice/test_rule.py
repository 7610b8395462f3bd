"""One rule of marks: practice and ``symcnn mark`` agree on thousands of answers of every kind."""

import json
from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from random import Random

import pytest

import symcnn as sc
from symcnn.classroom.marking.asked import asked
from symcnn.classroom.practice.page import PracticeProgram, _text, engine
from symcnn.problems import Worth
from symcnn.reference.enclosures import to_decimal
from tests.classroom.marking.simulation.networks import drawn
from tests.classroom.practice.engine import by_page
from tests.draws import SHEETS, one_of
from tests.programs.backends.javascript.node import needs_node, node

pytestmark = needs_node

RULES = (
    {"digits": 3},
    {"digits": 2, "imprecise": "none"},
    {"digits": 4, "truncation": "accepted", "imprecise": "full"},
    {"digits": 3, "tolerance": "1 unit"},
    {"digits": 8},
    {"digits": 5, "tolerance": "0.1 %"},
    {"digits": 6, "tolerance": "0.002", "truncation": "accepted"},
    {"digits": 7, "imprecise": "full"},
)

COUNT = 4 if SHEETS >= 100 else 1
"""The sheets of a network."""

WAYS = (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN)
STRANGE = ("0", "0.0", "0.000", "-0.00000", "1/3", "-2/7", "1e-3", "17", "0.20000000000000001", "?")


def answer(value, given, random, digits):
    """Write a value in one of the ways in which people do, or something else."""
    way = random.random()
    if way < 0.08:
        return random.choice(STRANGE)
    if way < 0.2:
        return f"{float(random.choice(given)):g}"
    value *= Decimal(random.choice((1, 1, 1, 1, 1, 2, -1)))
    if way < 0.3:
        value += value * Decimal(random.randint(-30, 30)).scaleb(-digits - 1)
    count = random.choice((1, digits - 1, digits, digits, digits, digits + 1, 16))
    made = Context(prec=max(count, 1), rounding=random.choice(WAYS)).plus(value)
    text = f"{made:f}" if random.random() < 0.8 else f"{made:E}"
    if "." in text and "E" not in text and random.random() < 0.3:
        text = text.rstrip("0")
    return text.replace(".", ",") if random.random() < 0.1 else text


def sheets(problem, random, digits, count):
    """Draw sheets: every figure by itself, so that what is carried on is mostly wrong."""
    given = [number for row in problem.values.values() for number in row]
    values = {name: [*map(to_decimal, problem.quantity(name))] for name in asked(problem)}
    for _ in range(count):
        left_out = random.choice((0, 0, 0.1, 0.5))
        yield {
            name: [
                "?" if random.random() < left_out else answer(n, given, random, digits)
                for n in numbers
            ]
            for name, numbers in values.items()
        }


def reading_twice(shape, *layers):
    """A network with a function that reads an entry several times."""
    network = sc.Network(shape, [*layers, sc.Dense(2)], sc.SoftmaxCrossEntropy())
    given, values = Random("reading twice"), {}
    for tensor in network.given:
        values[tensor.name] = [Decimal(given.randint(-9, 9)) / 10 for _ in tensor.positions()]
    return sc.Problem(network, {**values, "target": [1, 0]}, learning_rate=Decimal("0.1"))


ATTENTION = sc.Attention(inputs=("x",) * 3, causal=True)
TWICE = {
    "leaky": lambda: reading_twice((2,), sc.Dense(3), sc.LeakyReLU(Decimal("0.1"))),
    "elu": lambda: reading_twice((2,), sc.Dense(3), sc.ELU()),
    "softmax": lambda: reading_twice((2,), sc.Dense(3), sc.Softmax()),
    "log_softmax": lambda: reading_twice((3, 2), sc.LogSoftmax(axis=0), sc.Flatten()),
    "attention": lambda: reading_twice((2, 2), ATTENTION, sc.Flatten()),
}


@pytest.mark.parametrize("number", range(max(1, SHEETS // 4)))
def test_practice_and_mark_give_the_same_marks(number, tmp_path):
    agree(drawn(number // 2).problem, number, tmp_path)


@pytest.mark.parametrize("name", one_of([*TWICE]))
def test_they_do_where_formulas_read_an_entry_twice(name, tmp_path):
    for number in range(max(1, SHEETS // 8)):
        agree(TWICE[name](), number, tmp_path)


def agree(problem, number, tmp_path):
    rule = RULES[number % len(RULES)]
    problem = replace(problem, worth=Worth(carried=(0.5, 1.0)[number % 2]))
    made = [*sheets(problem, Random(f"rule {number}"), rule["digits"], COUNT)]
    markings = [sc.mark(problem, answers, **rule) for answers in made]
    texts = [[f.answer.text if f.answer else "" for f in m.figures] for m in markings]
    (found,) = by_page([(problem, texts)], tmp_path, **rule)
    for marking, marked in zip(markings, found, strict=True):
        for figure, (verdict, share, *names) in zip(marking.figures, marked, strict=True):
            own = [mistake.name for mistake in figure.mistakes]
            said = [name for name in names if not name.endswith("?")]
            assert (verdict, share, said) == (figure.verdict, marking.share(figure), own), figure


def test_what_cancels_is_shown_as_0(tmp_path):
    """delta p_1 + ... (-0.12) 0.5 + 0.12 0.5 is 0, though intervals around it have some width."""
    layers = [sc.Dense(2, bias=False), sc.Softmax(), sc.Dense(1, bias=False)]
    network = sc.Network((1,), layers, sc.HalfSquaredError())
    numbers = {"x": ["0.7"], "dense1.weight": ["0.3"] * 2, "dense2.weight": ["0.4"] * 2}
    values = {name: [*map(Decimal, row)] for name, row in numbers.items()}
    problem = sc.Problem(network, {**values, "target": [Decimal("0.1")]})
    script = """
    const program = %s, carried = new AsWritten(program, new Map());
    const due = program.figures.map(([, , entry]) => carried.due(formulaOf(program, entry)));
    console.log(JSON.stringify(due.map((one) => shown(one, 4))));
    """
    program = PracticeProgram(problem, asked(problem)).data()
    text = f"{engine()}\n{_text('hints')}\n{script % json.dumps(program)}"
    told, names = json.loads(node(text, tmp_path)), dict.fromkeys(f[0] for f in program["figures"])
    true = [float(value) for name in names for value in problem.quantity(name)]
    assert [float(text) for text in told] == pytest.approx(true, rel=1e-3, abs=0)
    assert "0" in told
