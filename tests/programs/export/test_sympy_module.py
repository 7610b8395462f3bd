"""The exported SymPy module: what it holds, what it needs, and its numbers."""

import random
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import mpmath
import pytest
from sympy import Expr, Rational, tanh

import symcnn as sc
from symcnn.programs.export import sympy_module
from tests.draws import one_of, slow, some

TRUE = {
    "w_11": -0.006097503928824672,
    "w_12": -0.03048751964412336,
    "w_13": -0.014634009429179213,
    "w_21": -0.002439001571529869,
    "w_22": -0.012195007857649345,
    "w_23": -0.02560951650106362,
    "w^(2)_1": -0.014634009429179213,
    "w^(2)_2": -0.015853510214944147,
    "w^(2)_3": -0.006097503928824672,
}

BLOCKER = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("symcnn", "numpy", "scipy", "torch", "rich"):
            raise ImportError(name + " is blocked")
sys.meta_path.insert(0, Blocker())
"""


def module(problem: sc.Problem) -> ModuleType:
    """Export a problem and execute the module."""
    made = ModuleType("model")
    exec(sympy_module(problem.derivation, problem.values, problem.title), made.__dict__)
    return made


def problem(shape: tuple[int, ...], *layers: sc.Layer, batch: int | None = None) -> sc.Problem:
    """Make a problem with numbers drawn from -1.6, -1.5, ..., 1.6."""
    draw = random.Random(1)
    network = sc.Network(shape, layers, sc.HalfSquaredError(), batch)
    given = [t for t in network.tensors.values() if t.role in ("input", "parameter", "target")]
    values = {t.name: [Fraction(draw.randint(-16, 16), 10) for _ in range(t.size)] for t in given}
    return sc.Problem(network, values)


PROBLEMS = {
    "seed": sc.examples.cnn_by_hand(),
    "as published": sc.examples.cnn_by_hand_as_published(),
    "relu, overlapping windows": problem(
        (3, 3, 1), sc.Conv2D(1, 2), sc.ReLU(), sc.MaxPool2D(2, 1), sc.Flatten(), sc.Dense(2)
    ),
    "split ties, batch": problem(
        (2, 2, 1), sc.MaxPool2D(2, ties="split"), sc.Flatten(), sc.Dense(1), sc.Tanh(), batch=2
    ),
    "average": problem((2, 2, 1), sc.Conv2D(1, 2, padding=1), sc.AvgPool2D(2), sc.Flatten()),
}


@slow
def test_it_needs_sympy_alone(tmp_path: Path) -> None:
    seed = sc.examples.cnn_by_hand()
    path = tmp_path / "model.py"
    path.write_text(sympy_module(seed.derivation, seed.values, seed.title), encoding="utf-8")
    run = f"{BLOCKER}\nimport runpy; runpy.run_path({str(path)!r}, run_name='__main__')"
    command = [sys.executable, "-I", "-W", "error", "-c", run]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = printed.splitlines()
    assert lines[:3] == [
        "CNN by hand",
        "L = (4/5 - 1/(1 + exp(-107/500)))**2/2",
        "    about 0.0304312450810",
    ]
    shown = dict(zip((line.split(" = ")[0] for line in lines[3::2]), lines[4::2], strict=True))
    assert list(shown) == [f"dL/d{name}" for name in TRUE]
    for name, value in TRUE.items():
        assert float(shown[f"dL/d{name}"].split()[1]) == pytest.approx(value, rel=1e-11)


def test_the_seed_has_nine_partials_with_the_true_values() -> None:
    model = module(sc.examples.cnn_by_hand())
    assert {str(w): float(model.at(p, model.values)) for w, p in model.partials.items()} == {
        name: pytest.approx(value, abs=1e-15) for name, value in TRUE.items()
    }
    assert float(model.at(model.loss, model.values)) == pytest.approx(0.03043124508096392)
    assert [model.at(z, model.values) for z in model.outputs["conv1"]] == [
        Rational(n, 100) for n in (24, 26, -2, 15, 5, 10)
    ]


def test_partials_are_closed_forms_in_what_is_given() -> None:
    model = module(sc.examples.cnn_by_hand())
    for partial in model.partials.values():
        assert {s.name.split("_")[0] for s in partial.free_symbols} <= {"x", "w", "w^(2)", "t"}


def test_symbols_are_those_of_symcnn() -> None:
    seed = sc.examples.cnn_by_hand()
    model = module(seed)
    assert list(model.partials) == list(seed.derivation.partials())


@pytest.mark.parametrize("name", one_of(list(PROBLEMS)))
def test_partials_are_the_derivatives_of_the_loss(name: str) -> None:
    """SymPy's own ``diff`` of the composed loss is the independent side."""
    model = module(PROBLEMS[name])
    draw = random.Random(2)
    point = {s: Rational(draw.randint(-30, 30), 17) for s in model.values}
    for weight, partial in model.partials.items():
        for numbers in (model.values, point):
            difference = model.at(model.loss.diff(weight) - partial, numbers)
            assert abs(difference.evalf(30, chop=True)) < 1e-25


def test_a_rational_network_stays_rational() -> None:
    model = module(PROBLEMS["relu, overlapping windows"])
    assert all(model.at(p, model.values).is_Rational for p in model.partials.values())
    assert model.at(model.loss, model.values).is_Rational


@pytest.mark.parametrize(
    "title",
    [
        'it\'s "quoted" \'\'\'three\'\'\' """times"""',
        "a \\ b \\n \\x",
        "line\nimport os",
        '"""\nraise SystemExit(1)\n"""',
        r"$\frac{1}{2}$ {title} %s",
        "Größe \u2028 \ud800",
        "a  title of many words,\tit's said " * 4,
        "'\n\"\\" * 60,
    ],
)
def test_a_title_is_data(title: str) -> None:
    seed = sc.examples.cnn_by_hand()
    text = sympy_module(seed.derivation, seed.values, title)
    text.encode("utf-8")
    made: dict[str, Any] = {}
    exec(text, made)
    assert made["title"] == title


def test_names_do_not_collide_with_python_or_sympy() -> None:
    class Named(sc.Dense):
        prefix, letter = "class", "E"

    made = problem((2,), Named(2, name="loss of 'x'"), sc.Dense(1), sc.Sigmoid())
    model = module(made)
    assert list(model.outputs) == ["loss of 'x'", "dense1", "sigmoid1"]
    assert len(model.partials) == 9


def test_a_function_that_sympy_does_not_have_needs_a_definition() -> None:
    from sympy import Function

    class swish(Function):  # noqa: N801
        def _numpycode(self, printer: Any) -> str:
            return "0"

    class Swish(sc.Activation):
        prefix = "swish"

        def function(self, z: Expr) -> Expr:
            return swish(z)

    made = problem((1,), sc.Dense(1), Swish())
    with pytest.raises(
        sc.SymcnnError, match="swish is not a function of SymPy: subclass DefinedFunction"
    ):
        module(made)


def test_a_function_of_sympy_is_imported() -> None:
    class TwoTanh(sc.Activation):
        prefix = "twotanh"

        def function(self, z: Expr) -> Expr:
            return 2 * tanh(z / 3)

    model = module(problem((1,), sc.Dense(1), TwoTanh()))
    assert model.loss.has(tanh)


def test_a_large_network_is_refused() -> None:
    for made in (
        problem((50, 50, 1), sc.Conv2D(3, 3)),
        problem((40, 40, 1), sc.Conv2D(1, 17), sc.Flatten(), sc.Dense(2)),
    ):
        with pytest.raises(sc.TooLargeError, match="export to numpy"):
            sympy_module(made.derivation, made.values, "large")


DEEP = {
    "five layers": [*[sc.Conv2D(2, 3, padding=1), sc.Tanh()] * 2, sc.Flatten(), sc.Dense(1)],
    "maxima of rectified ones": [
        *[sc.Conv2D(2, 2, padding=1), sc.ReLU(), sc.MaxPool2D(2, 1)] * 2,
        *(sc.Flatten(), sc.Dense(1)),
    ],
}


@slow
@pytest.mark.parametrize("name", some(DEEP))
def test_what_is_too_long_to_print_is_rounded(name: str) -> None:
    """Written out, the closed forms would fill a library; complex steps are the other side."""
    made = problem((3, 3, 1), *DEEP[name])
    model = module(made)
    assert "at" not in vars(model)
    known = dict(model.values)
    weights = {str(w): float(model.rounded(p, known)) for w, p in model.partials.items()}
    rows = [row for row in sc.gradcheck(made).rows if "." in row.tensor]
    tensors = made.network.tensors
    assert {tensors[r.tensor].symbol(r.position).name: r.numeric for r in rows} == pytest.approx(
        weights, rel=1e-9, abs=1e-12
    )


@slow
@pytest.mark.parametrize(("layers", "units"), some([(40, 1), (4, 2)]))
def test_a_module_of_sigmoids_of_sigmoids_is_run_in_seconds(layers: int, units: int) -> None:
    """SymPy evaluates one within another again and again: these took half a minute and minutes.

    The last layer reads ones, to 17 digits: z = 40 n, and dL/db = y^2 (1 - y) with y = sigma(z).
    """
    chain = [layer for _ in range(layers) for layer in (sc.Dense(units), sc.Sigmoid())]
    network = sc.Network((units,), chain, sc.HalfSquaredError())
    weights = {t.name: [40 * t.name.endswith("weight")] * t.size for t in network.parameters}
    made = sc.Problem(network, {"x": [1] * units, "target": [0] * units, **weights})
    text = sympy_module(made.derivation, made.values, "a chain")
    command = [sys.executable, "-I", "-c", text]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    z = 40 * units
    expected = 1 / (1 + mpmath.exp(z)) / (1 + mpmath.exp(-z)) ** 2
    assert float(done.stdout.split()[-1]) == pytest.approx(float(expected), rel=1e-9)


def test_what_cancels_is_rounded_to_digits_that_are_right() -> None:
    """SymPy's own ``evalf(12)`` of the sum is 161.503293070."""
    network = sc.Network((2,), [sc.Sigmoid()], sc.BinaryCrossEntropy())
    model = module(sc.Problem(network, {"x": [180, 150], "target": [0, 1]}))
    assert str(model.rounded(model.loss, dict(model.values))) == "180.000000000"


def test_what_no_precision_settles_is_no_number() -> None:
    """1 - sigma(9000) is 10^-3908: with fewer digits its logarithm is that of a negative number."""
    network = sc.Network((2,), [sc.Sigmoid()], sc.BinaryCrossEntropy())
    model = module(sc.Problem(network, {"x": [9000, -8000], "target": [0, 1]}))
    assert str(model.rounded(model.loss, dict(model.values))) in ("nan", "17000.0000000")


def test_what_rounds_to_a_number_that_it_is_not() -> None:
    """The sigmoid of 160 is 1.000 to 69 digits, whose logarithm is 0; it is -exp(-160)."""
    network = sc.Network((1,), [sc.Dense(1, bias=False), sc.Sigmoid()], sc.CrossEntropy())
    values = {"x": [2], "dense1.weight": [[80]], "target": [1]}
    model = module(sc.Problem(network, values))
    (partial,) = model.partials.values()
    loss, slope = (float(model.rounded(f, dict(model.values))) for f in (model.loss, partial))
    assert loss == pytest.approx(3.257488532207521e-70, rel=1e-12)
    assert slope == pytest.approx(-2 * 3.257488532207521e-70, rel=1e-12)


def test_what_cancels_to_nothing_beside_what_does_not() -> None:
    """d GELU = Phi(z) + z phi(z), and Phi(-30) = (1 + erf)/2 is nothing until 197 digits."""
    network = sc.Network((1,), [sc.Dense(1, bias=False), sc.GELU()], sc.SumOfOutputs())
    model = module(sc.Problem(network, {"x": [1], "dense1.weight": [[-30]]}))
    (partial,) = model.partials.values()
    with mpmath.workdps(400):
        z = mpmath.mpf(-30)
        expected = mpmath.ncdf(z) + z * mpmath.npdf(z)
        assert float(model.rounded(partial, dict(model.values))) == pytest.approx(
            float(expected), rel=1e-12
        )


def test_the_same_problem_gives_the_same_text() -> None:
    texts = {
        sympy_module(p.derivation, p.values, p.title)
        for p in (sc.examples.cnn_by_hand(), sc.examples.cnn_by_hand())
    }
    assert len(texts) == 1
