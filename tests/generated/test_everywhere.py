"""Every function in every output: programs, modules, pages, workbooks and documents.

What is expected is mpmath's, by differences with 60 digits.
"""

import json

import numpy as np
import pytest
from sympy import Rational

import symcnn as sc
from symcnn.classroom.interactive.facts import figures_program
from symcnn.classroom.interactive.page import arithmetic
from symcnn.classroom.practice import practice_page
from symcnn.classroom.practice.page import engine
from symcnn.equations.functions import ELEMENTARY
from symcnn.errors import NotFiniteError
from symcnn.programs.export import sympy_module
from symcnn.programs.export.module import exported
from tests.classroom.practice.engine import by_marking, by_page, texts
from tests.draws import MANY, one_of, slow, some
from tests.generated.everywhere import (
    FACTOR,
    FUNCTIONS,
    NAMES,
    SLOPE,
    places,
    problem,
    registered,
    true,
)
from tests.programs.backends.c import compiled as c
from tests.programs.backends.c.compiled import needs_gcc
from tests.programs.backends.javascript.node import evaluation, module, needs_node, node, run


@pytest.fixture(autouse=True)
def _registered():
    with registered():
        yield


BOTH = pytest.mark.parametrize("number", [0, 1])


def check(number, values, slopes):
    """Compare values, and the derivatives of the loss with respect to w, with mpmath's."""
    for name, one, value, slope in zip(NAMES, true(number), values, slopes, strict=True):
        assert float(value) == pytest.approx(one.value, rel=1e-12, abs=1e-15), name
        assert float(slope) == pytest.approx(one.slope, rel=1e-12, abs=1e-15), name


def check_results(number, made):
    check(number, made.outputs["y"], made.gradients["z.weight"])


@BOTH
def test_evaluate(number):
    check_results(number, sc.evaluate(problem(number)))
    check_results(number, sc.evaluate(problem(number), exact=True).rounded())


@slow
@BOTH
def test_functions_of_pytorch(number):
    """Value, slope and second derivative, each by a pass of its own."""
    torch = pytest.importorskip("torch")
    made = {"__name__": "layer"}
    exec(sc.to_autograd(problem(number).network, problem(number).values), made)
    x = torch.full((1, len(NAMES)), float(FACTOR), dtype=torch.float64)
    net = made["Layer"](dtype=torch.float64)
    y = net(x)
    g = torch.full_like(y, float(SLOPE))
    (slopes,) = torch.autograd.grad(y, net.z_weight, g, create_graph=True)
    (bends,) = torch.autograd.grad(slopes.sum(), net.z_weight)
    check(number, y[0].tolist(), slopes.tolist())
    for name, one, bend in zip(NAMES, true(number), bends.tolist(), strict=True):
        assert bend == pytest.approx(one.bend, rel=1e-9, abs=1e-12), name


NOT_REAL = ["power 2/3", "fifth root", "power pi", "power -3/2", "z to the z", "square root", "log"]


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("name", NOT_REAL[:: 1 if MANY else 3])
def test_what_is_no_real_number_is_one_line(name, exact):
    """Python's own power of a negative float is a complex number, which was a TypeError."""
    given = problem(0, (name,))
    given = given.with_values({**given.values, "z.weight": [Rational(-3, 8)]})
    with pytest.raises(NotFiniteError, match=r"^y\[0\]: .* is undefined where z\[0\] = "):
        sc.evaluate(given, exact=exact)


@BOTH
@pytest.mark.parametrize("backend", ["scalar", "array", pytest.param("jax", marks=slow)])
def test_lambdify(number, backend):
    if backend == "jax":
        pytest.importorskip("jax")
    given = problem(number)
    check_results(number, sc.lambdify(given.derivation, backend)(given.values))


def test_a_module_of_numpy():
    given, number = problem(1), 1
    made, outputs = {}, {}
    exec(exported(given.derivation, given.values, "all", "numpy"), made)
    _, gradients = made["loss_and_gradients"](**made["VALUES"], outputs=outputs)
    check(number, outputs["y"], gradients["z.weight"])


def test_a_module_of_sympy():
    made = {}
    exec(sympy_module(problem().derivation, problem().values, "all"), made)
    rounded, known = made["rounded"], dict(made["values"])
    values = [rounded(y, known) for y in made["outputs"]["y"]]
    check(0, values, [rounded(slope, known) for slope in made["partials"].values()])


@needs_node
@pytest.mark.parametrize("way", one_of(["entries", "loops"]))
def test_modules_of_javascript(way, tmp_path):
    given = [problem(number) for number in (0, 1)]
    made = run([module(one.derivation, one.values, way) for one in given], tmp_path)
    for number, result in enumerate(made):
        check_results(number, evaluation(result))


@needs_gcc
@pytest.mark.parametrize("way", one_of(["loops", "entries"]))
def test_programs_of_c(way, tmp_path):
    given = [problem(number) for number in (0, 1)]
    texts = [
        c.written(one.derivation, one.values, f"m{number}", way=way)
        for number, one in enumerate(given)
    ]
    for number, ran in enumerate(c.run(texts, tmp_path)):
        check(number, ran.output, ran.gradients["z.weight"])


@needs_node
def test_the_program_of_a_page_whose_numbers_change(tmp_path):
    """In floats and fractions; at the second places the numbers have been changed."""
    given = problem()
    network, adjoint = given.network, given.derivation.adjoints["z.weight"]
    output = network.tensors["y"]
    figures = [tensor.symbol(p) for tensor in (output, adjoint) for p in tensor.positions()]
    program = figures_program(given.derivation, figures, None)
    rows = [
        {name: [f"{n.p}/{n.q}" for n in row] for name, row in problem(number).values.items()}
        for number in (0, 1)
    ]
    script = f"""
    const read = (row) => Object.fromEntries(
      Object.entries(row).map(([name, texts]) => [name, texts.map((text) => $.number([text]))]));
    const program = {json.dumps(program)};
    const rows = {json.dumps(rows)}.map((row) => evaluateFigures(program, read(row)));
    console.log(JSON.stringify(rows.map((row) => row.map(({{ x, e }}) => [x, e]))));
    """
    for number, row in enumerate(json.loads(node(arithmetic() + script, tmp_path))):
        numbers, errors = zip(*row, strict=True)
        check(number, numbers[: len(NAMES)], numbers[len(NAMES) :])
        assert max(errors) < 1e-12


@needs_node
def test_practice_marks_what_mpmath_finds_and_what_follows_from_other_numbers(tmp_path):
    """Where all z are taken to be those of the other place, every y follows, and none is right."""
    names = tuple(some(NAMES))
    given, size, here, there = problem(0, names), len(names), true(0, names), true(1, names)
    right, other = (
        {"z": [str(float(z)) for z in places(n, names)], "y": [f"{one.value:.9g}" for one in made]}
        for n, made in enumerate((here, there))
    )
    right["gradient of z.weight"] = [f"{one.slope:.9g}" for one in here]
    of_right, of_other = (texts(given, answers) for answers in (right, other))
    ((first, second),) = by_page([(given, [of_right, of_other])], tmp_path)
    for (verdict, *_), text in zip(first, of_right, strict=True):
        assert verdict == ("right" if text else "missing")
    apart = [k for k in range(size) if here[k].value != there[k].value]
    verdicts = {names[k]: second[size + k][0] for k in apart}
    assert verdicts == dict.fromkeys(verdicts, "follows")
    if MANY:
        assert by_marking(given, other) == second


@needs_node
def test_the_page_knows_every_function_of_the_table(tmp_path):
    script = "console.log(JSON.stringify(Object.keys(%s.functions)));"
    on_figures = json.loads(node(arithmetic() + script % "$", tmp_path))
    on_intervals = json.loads(node(engine() + script % "INTERVALS", tmp_path))
    assert set(ELEMENTARY) <= set(on_figures)
    assert set(ELEMENTARY) <= set(on_intervals)


@BOTH
def test_the_hessian_times_a_direction(number):
    given = problem(number)
    direction = {"z.weight": np.ones(len(NAMES))}
    made = sc.hessian_vector_product(given.derivation, given.values, direction)
    for name, one, value in zip(NAMES, true(number), made["z.weight"], strict=True):
        assert value == pytest.approx(one.bend, rel=1e-10, abs=1e-13), name


PARTS = [NAMES[start::8] for start in range(8)]
"""Documents of a few functions each: their checks evaluate all rows at many numbers."""


@pytest.mark.parametrize("names", some(PARTS, 8), ids=", ".join)
def test_documents_pages_and_second_derivatives(names):
    """Documents are checked when they are made; pages are documents in many regions."""
    given = problem(0, names)
    document = sc.explain(given, second_order=True)
    for format in ("tex", "md", "html"):
        assert document.files(format, "all")
    assert "evaluateFigures" in given.interactive(sections=("forward", "weights")).html
    assert "practice-data" in practice_page(given)


@slow
@pytest.mark.parametrize("name", NAMES)
def test_a_page_of_each_function_alone(name):
    assert "evaluateFigures" in problem(0, (name,)).interactive().html


@slow
@BOTH
def test_libreoffice_computes_the_workbook(number, tmp_path):
    pytest.importorskip("xlsxwriter")
    pytest.importorskip("openpyxl")
    from symcnn.classroom.spreadsheets import spreadsheet
    from tests.classroom.spreadsheets import libreoffice

    file = tmp_path / "all.xlsx"
    given = problem(number)
    assert libreoffice.without_results(spreadsheet(given).to_xlsx(), file) > 2 * len(NAMES)
    (made,) = libreoffice.recalculated([file], tmp_path / "out").values()
    found = [value for value in made.values() if isinstance(value, int | float)]
    for name, one in zip(NAMES, true(number), strict=True):
        for expected in (one.value, one.slope):
            assert np.min(np.abs(np.array(found) - expected)) <= 1e-9 * (1 + abs(expected)), name


def test_the_table_is_what_contributing_promises():
    promised = {"exp", "log", "erf", "Abs", "sign", "Max", "Min", "Heaviside", "sin", "atanh"}
    assert promised <= set(NAMES)
    assert {row.name for row in ELEMENTARY.values() if row.is_offered} <= set(NAMES)
    assert len(places(0)) == len(FUNCTIONS)
    assert MANY or len(some(PARTS, 8)) == 1
