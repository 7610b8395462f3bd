"""What is left out of standard and brief documents, and that full detail and students have it."""

import re

import pytest
from sympy import Rational, Symbol

import symcnn as sc
from symcnn.document.blocks import Matrices
from symcnn.document.rows import rows
from symcnn.document.traversal import all_rows
from symcnn.equations import Loop
from symcnn.writing.formula.latex import latex
from symcnn.writing.printing.subscripts import ranges
from symcnn.writing.printing.summands import summands
from tests.document.networks import problem_of
from tests.document.shared import explained

OMITTED = "In long sums, terms that are 0 may be left out."
ONE_MATRIX = "Of computed values or error signals that fill"
NOT_NEEDED = (
    r"No \w+'s derivative needs (?:the one|those) with respect to [^.]*: (?:it is|they are) left"
)
N = Symbol("N")


@pytest.mark.parametrize(
    ("sizes", "first", "printed"),
    [
        ({"i": 4, "j": 4, "k": 2}, 1, r"i, j = 1, \dots, 4,\; k = 1, 2"),
        ({"i": 4, "k": 2, "j": 4}, 1, r"i, j = 1, \dots, 4,\; k = 1, 2"),
        ({"i": 2, "j": 2}, 0, "i, j = 0, 1"),
        ({"i": 2, "j": 3}, 0, r"i = 0, 1,\; j = 0, 1, 2"),
        ({"i": N, "j": N, "k": N + 1}, 1, r"i, j = 1, \dots, N,\; k = 1, \dots, N + 1"),
        ({"i": N, "j": N + 1}, 0, r"i = 0, \dots, N - 1,\; j = 0, \dots, N"),
    ],
)
def test_indices_with_equal_ranges_share_one_and_others_do_not(sizes, first, printed):
    loops = [Loop(Symbol(name, integer=True), size) for name, size in sizes.items()]
    assert latex(ranges(loops, first)) == printed


def dense(x, **options):
    network = sc.Network((len(x),), [sc.Dense(1, bias=False)], sc.HalfSquaredError())
    weights = [Rational(n + 1, 10) for n in range(len(x))]
    values = {"x": x, "dense1.weight": weights, "target": [1]}
    return sc.explain(sc.Problem(network, values), **options)


@pytest.mark.parametrize("detail", ["brief", "standard", "full"])
@pytest.mark.parametrize(
    ("x", "is_shorter"),
    [
        ([1, 0, 2, 0, 3, 0, 4], True),
        ([1, 0, 2, 0, 3, 5, 4], False),  # two are 0
        ([1, 0, 2, 0, 3, 0], False),  # six terms
        ([0] * 7, False),  # nothing would be left
        ([1, Rational(1, 10**30), 2, Rational(1, 10**30), 3, Rational(1, 10**30), 4], False),
    ],
)
def test_of_many_terms_those_that_are_exactly_0_are_left_out(x, is_shorter, detail):
    made = dense(x, detail=detail)
    rows = [row for row in all_rows(made.blocks) if latex(row.left) == "z" and row.claim.left]
    worked = next((row for row in rows if "w_{1}" in latex(row.sides[0].formula)), None)
    is_shorter = is_shorter and detail != "full"
    if worked is not None:
        assert worked.omits == is_shorter
        shown = latex(worked.sides[0].formula)
        kept = [n for n, number in enumerate(x, 1) if number or not is_shorter]
        assert [int(n) for n in re.findall(r"w_\{(\d)\}", shown)] == kept
        every = [int(n) for n in re.findall(r"w_\{(\d)\}", latex(worked.open.sides[0].formula))]
        assert every == [*range(1, len(x) + 1)]
    told, asked = made.to_markdown(), made.with_blanks().to_markdown()
    assert told.count(OMITTED) == (worked is not None and is_shorter)
    assert OMITTED not in asked
    if detail != "brief":  # where what a reader gets alone depends on the room for it
        assert (r"\sum_{q=1}" in told) == (r"\sum_{q=1}" in asked)  # students see no zeros


@pytest.mark.parametrize("x", [[1, 0, 2, 0, 3, 0, 4], [1, 0, 2, 0, 3, 0, 4, 5, 6, 7]])
def test_a_row_of_many_lines_has_dots_if_more_than_four_terms_are_not_0(monkeypatch, x):
    monkeypatch.setattr(rows, "_LINES", 0)
    worked = [row for row in all_rows(dense(x).blocks) if row.omits]
    assert worked
    formulas = [latex(row.sides[0].formula) for row in worked]
    assert {r"\cdots" in formula for formula in formulas} == {len(x) > 7}


RELU = sc.Network((8,), [sc.Dense(9), sc.ReLU(), sc.Dense(1), sc.Sigmoid()], sc.HalfSquaredError())
IMAGE = sc.Network(
    (5, 5, 1), [sc.Conv2D(3, 3), sc.ReLU(), sc.Flatten(), sc.Dense(2)], sc.HalfSquaredError()
)
COLOURED = sc.Network(
    (4, 4, 3), [sc.Conv2D(2, 2), sc.Tanh(), sc.Flatten(), sc.Dense(1)], sc.HalfSquaredError()
)


@pytest.mark.parametrize("network", [RELU, IMAGE, COLOURED])
def test_what_a_worked_row_leaves_out_is_0_and_students_have_it(network):
    problem = problem_of(network, "left out")
    made = sc.explain(problem)
    entries, value = problem.derivation.entries, sc.evaluate(problem, exact=True)
    assert value.loss is not None
    omitting = [row for row in all_rows(made.blocks) if row.omits]
    assert (OMITTED in made.to_markdown()) == bool(omitting)
    for row in omitting:
        (symbol,) = row.claim.left
        formula = entries.formula(symbol)
        terms = formula if formula is None else summands(formula)
        shown, whole = (latex(made.sides[0].formula) for made in (row, row.open))
        assert len(whole) > len(shown) or r"\cdots" in whole
        if terms is not None:
            assert len(terms) > 6
    assert OMITTED not in made.with_blanks().to_markdown()


def matrices(blocks, name):
    found = (m for b in blocks if isinstance(b, Matrices) for m in b.matrices)
    return [latex(m.left) for m in found if latex(m.left).startswith(name + r"_{\cdot")]


def test_of_many_matrices_the_one_of_the_worked_entry_is_printed_and_a_students_for_students():
    made = sc.explain(problem_of(IMAGE, "followed"), follow="w_112")
    assert ONE_MATRIX + " more than two matrices, at most one is printed" in made.to_markdown()
    for blocks in (made.blocks, made.with_blanks().blocks):
        assert matrices(blocks, "z") == [r"z_{\cdot\cdot2}"]
        assert matrices(blocks, "a") == [r"a_{\cdot\cdot2}"]
    free = sc.explain(problem_of(IMAGE, "free"))
    for text, blocks in (
        (free.to_markdown(), free.blocks),
        (free.with_blanks().to_markdown(), free.with_blanks().blocks),
    ):
        (filter_,) = re.findall(r"on the path of \$`w_\{\d\d(\d)\}`\$ wherever", text)
        assert matrices(blocks, "z") == [rf"z_{{\cdot\cdot{filter_}}}"]
    assert ONE_MATRIX not in sc.explain(problem_of(IMAGE, "whole"), detail="full").to_markdown()


@pytest.mark.parametrize(("filters", "brief", "standard"), [(1, 0, 0), (2, 1, 0), (3, 1, 1)])
def test_that_one_matrix_is_printed_is_said_where_others_are_not(filters, brief, standard):
    network = sc.Network((3, 3, 1), [sc.Conv2D(filters, 2), sc.Tanh()], sc.HalfSquaredError())
    problem = problem_of(network, "said")
    for detail, said in (("brief", brief), ("standard", standard), ("full", 0)):
        made = sc.explain(problem, detail=detail)
        assert made.to_markdown().count(ONE_MATRIX) == said
        if detail == "standard":
            assert len(matrices(made.blocks, "z")) == (
                0 if filters == 1 else 1 if said else filters
            )


DEEP = [sc.Dense(3), sc.Tanh(), sc.Dense(2), sc.Sigmoid()]


@pytest.mark.parametrize(
    ("layers", "options", "is_there"),
    [
        (DEEP, {}, False),
        (DEEP, {"detail": "brief"}, False),
        (DEEP, {"detail": "full"}, True),
        (DEEP, {"follow": "x_1"}, True),
        (DEEP[:3], {}, True),  # three layers
        (DEEP[:3], {"detail": "brief"}, True),
        ([sc.Tanh(), sc.Sigmoid(), sc.ReLU(), sc.Softplus()], {}, True),  # no parameters
        ([sc.Dense(2), *[sc.Tanh()] * 2, sc.Add(inputs=("x", "tanh2"))], {}, False),
    ],
)
def test_the_derivative_with_respect_to_the_input_is_left_out_where_no_weight_needs_it(
    layers, options, is_there
):
    made = sc.explain(problem_of(sc.Network((2,), layers, sc.HalfSquaredError()), "x"), **options)
    text = made.to_markdown()
    assert (r"\delta^{x}_{" in text) == is_there
    assert bool(re.search(NOT_NEEDED, text)) == (not is_there and options.get("detail") != "brief")


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        (
            DEEP,
            "carries the error signals from the loss back to the first layer with parameters, l",
        ),
        (
            [*DEEP[:2], sc.Sigmoid(), sc.ReLU()],
            "to dense1, the only layer with parameters, layer by",
        ),
        (
            [*[sc.Tanh()] * 4, sc.Dense(1)],
            "carries the error signal from the loss back to dense1, t",
        ),
        ([*[sc.Tanh()] * 4, sc.Dense(1)], "the only layer with parameters."),
        ([sc.Tanh(), sc.Sigmoid()], "the error signals from the loss back to the input, layer by"),
    ],
)
def test_it_is_said_how_far_error_signals_are_followed(layers, said):
    problem = problem_of(sc.Network((2,), layers, sc.HalfSquaredError()), "back")
    assert said in " ".join(sc.explain(problem).to_markdown().split())
    brief = " ".join(sc.explain(problem, detail="brief").to_markdown().split())
    follows = re.search(r", from the loss back to \$`(\S+)`\$: ```math", brief)
    assert follows
    signals = re.findall(r"\\delta\^\{([^{}]*)\}(?:_\{\w+\})? &", brief)
    assert signals[-1] == follows[1]


def test_in_standard_detail_the_followed_weight_alone_is_updated():
    problem = sc.examples.cnn_by_hand()
    updated = [r for r in all_rows(sc.explain(problem).blocks) if r"\eta" in latex(r.left)]
    assert [latex(r.left)[:6] for r in updated] == ["w_{23}"]


def test_students_update_every_weight():
    """There are nine: all of them earn points."""
    asked = explained(detail="standard").with_blanks().blocks
    assert not [r for r in all_rows(asked) if r"\eta" in latex(r.left)]
    matrices = [m for b in asked if isinstance(b, Matrices) for m in b.matrices]
    updated = [m for m in matrices if r"\eta" in latex(m.left)]
    assert sum(len(line) for m in updated for line in m.figures) == 9


def test_closed_forms_are_left_out_where_that_of_the_followed_weight_is_too_long(monkeypatch):
    problem = sc.examples.cnn_by_hand()
    assert "Closed forms" in sc.explain(problem).to_markdown()
    monkeypatch.setattr("symcnn.limits.PRINTED_NODES", 20)
    assert "Closed forms" not in sc.explain(problem).to_markdown()
    assert "Closed forms" in sc.explain(problem, follow="dense1.weight[0,0]").to_markdown()
    assert "Closed forms" in sc.explain(problem, sections=["closed-forms"]).to_markdown()


def test_error_signals_that_are_constants_are_told_where_parameters_need_them():
    layers = [sc.Tanh(), sc.Scale(2), sc.PReLU(), sc.Scale(1), sc.Flatten()]
    network = sc.Network((2, 2), layers, sc.SumOfOutputs())
    text = " ".join(sc.explain(problem_of(network, "constants")).to_markdown().split())
    before, _, _ = text.partition("one step remains for the weight.")
    assert "the output of prelu1" in before
    assert "the output of scale1" not in before.partition("Backward pass")[2]


def test_a_brief_speaks_of_a_path_only_where_a_derivative_is_worked_out():
    said = "fill several matrices, at most one is printed"
    layers = [sc.Flatten(), sc.Dense(2), sc.Tanh(), sc.Dense(1)]
    for first in ([], [sc.Conv1D(2, 2)]):
        network = sc.Network((4, 2, 3)[: 3 - len(first)], [*first, *layers], sc.HalfSquaredError())
        brief = sc.explain(problem_of(network, "path"), detail="brief").to_markdown()
        text = " ".join(brief.split())
        is_followed = f"{said}, on the path of" in text
        assert is_followed or f"{said}." in text or said not in text
        assert ("we work out its derivative" in text) == bool(first)
        assert not is_followed or first
