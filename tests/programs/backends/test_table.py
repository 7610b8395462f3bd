"""The table of backends: what it knows, it loads when it is asked for."""

import shutil
import subprocess
import sys

import numpy as np
import pytest

import symcnn as sc
from symcnn import SymcnnError
from symcnn.programs import backends
from symcnn.programs.backends import BACKENDS, Backend, languages
from symcnn.programs.plans.plan import plan_of

LINE = sc.derive(sc.Network((3,), [sc.Dense(2), sc.Sigmoid()], sc.HalfSquaredError()))
VALUES = {"x": [1, 2, 3], "dense1.weight": [[1, 0, -1], [0.5, 1, 0]], "dense1.bias": [0, 1]}
VALUES["target"] = [0, 1]


@pytest.mark.parametrize("name", sorted(BACKENDS.keys() - {"javascript", "c"}))
def test_every_backend_gives_the_same_numbers(name):
    backend = backends.chosen(name, plan_of(LINE))
    if backend.needs:
        pytest.importorskip(backend.needs)
    if name == "native" and shutil.which("cc") is None:
        pytest.skip("needs a C compiler")
    evaluation, expected = sc.lambdify(LINE, name)(VALUES), 1 / (1 + np.exp([2, -3.5]))
    assert float(evaluation.loss) == pytest.approx(
        (expected[0] ** 2 + (1 - expected[1]) ** 2) / 2, rel=1e-14
    )
    slopes = (expected - [0, 1]) * expected * (1 - expected)
    assert evaluation.gradients["dense1.bias"] == pytest.approx(slopes, rel=1e-14)


@pytest.mark.parametrize("name", ["scalar", "array", "jax"])
def test_second_order_with_every_backend(name):
    """Of 1/2 (t - w x)^2 by w: H = x x^T."""
    if name == "jax":
        pytest.importorskip("jax")
    linear = sc.derive(sc.Network((2,), [sc.Dense(1, bias=False)], sc.HalfSquaredError()))
    values = {"x": [3, 4], "dense1.weight": [[1, 0]], "target": [3]}
    product = sc.HessianVectorProduct(linear, name)(values, {"dense1.weight": [[1, 0]]})
    assert product["dense1.weight"].tolist() == [[9, 12]]


def test_what_is_not_known_lists_what_is():
    known = 'backend = \'java\' is unknown: choose "auto", "scalar", "array", "native", '
    known += '"jax", "javascript", "c"'
    with pytest.raises(SymcnnError, match=f"^{known}$"):
        sc.lambdify(LINE, "java")
    with pytest.raises(SymcnnError, match=f"^{known}$"):
        sc.HessianVectorProduct(LINE, "java")(VALUES, {})


def test_a_language_for_export_alone(monkeypatch):
    only_text = Backend(lambda plan, dtype: (), lambda *given: "text")
    monkeypatch.setattr("symcnn.programs.backends.numpy.backend.BACKEND", only_text)
    with pytest.raises(
        SymcnnError, match="'array' cannot be called from Python: use symcnn export"
    ):
        sc.lambdify(LINE, "array")


def test_the_table_loads_nothing():
    loaded = "(m for m in sys.modules if 'symcnn.programs.backends' in m)"
    code = f"import sys, symcnn.programs.backends; print(*{loaded})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["symcnn.programs.backends"]


def test_languages_are_those_of_the_table():
    assert set(languages().values()) <= {"auto", *BACKENDS}
    assert languages() == {"numpy": "auto", "jax": "jax", "javascript": "javascript", "c": "c"}
