"""Every layer with every loss, in a batch or not, with a bias or not: whatever evaluates is
evaluated exactly, explained in every format and exported, with the same numbers."""

from importlib.util import find_spec
from types import ModuleType

import numpy as np
import pytest

import symcnn as sc
from symcnn.cli.arguments import FORMATS
from symcnn.problems import catalog
from symcnn.programs.backends import languages
from symcnn.programs.export import sympy_module
from symcnn.programs.export.module import exported
from tests.draws import spread
from tests.generated import cells

QUICK = sorted({*FORMATS} - {"pdf"} - (set() if find_spec("rich") else {"txt"}))
"""The formats that need no other program, nor a package that is not there."""

walked = pytest.mark.parametrize("cell", spread(cells.CELLS), ids=str)


@walked
def test_all_readings_have_the_same_numbers(cell):
    problem = cells.problem(cell)
    expected = sc.evaluate(problem, exact=True).rounded()
    assert_same(sc.evaluate(problem), expected)
    loss, gradients = run_numpy(problem)
    assert_same(sc.Evaluation(loss, {}, gradients), expected)
    loss, partials = run_sympy(problem)
    learned = [expected.gradients[t.name].ravel() for t in problem.network.parameters]
    assert loss == pytest.approx(expected.loss, rel=1e-11, abs=1e-13)
    assert partials == pytest.approx([*np.concatenate([*learned, []])], rel=1e-10, abs=1e-13)


@walked
def test_it_is_explained_in_every_format_and_exported_in_every_language(cell):
    problem = cells.problem(cell)
    document = sc.explain(problem)
    for name in QUICK:
        files = document.files(name, "derivation")
        assert f"derivation.{name}" in files
        assert all(files.values())
    for language in languages():
        text = exported(problem.derivation, problem.values, problem.title, language)
        if language not in ("javascript", "c"):  # tests/programs/backends run those
            compile(text, "m", "exec")


def test_the_table_has_every_layer_and_loss():
    assert {type(c.example.layer) for c in cells.CELLS} == {k.made for k in catalog.LAYERS.values()}
    assert {cell.loss for cell in cells.CELLS} == {k.made for k in catalog.LOSSES.values()}


def assert_same(made: sc.Evaluation, expected: sc.Evaluation) -> None:
    assert made.loss == pytest.approx(expected.loss, rel=1e-12, abs=1e-14)
    for name, gradient in made.gradients.items():
        assert gradient == pytest.approx(expected.gradients[name], rel=1e-10, abs=1e-13), name
    for name, output in made.outputs.items():
        assert output == pytest.approx(expected.outputs[name], rel=1e-12, abs=1e-14), name


def run_numpy(problem: sc.Problem):
    """Run the module of a problem, and return the loss and the gradients by its own names."""
    made = ModuleType("made")
    exec(exported(problem.derivation, problem.values, problem.title), made.__dict__)
    return made.loss_and_gradients(**made.VALUES)


def run_sympy(problem: sc.Problem):
    """Run the module of a problem, and return the loss and the partials in their order."""
    made = ModuleType("made")
    exec(sympy_module(problem.derivation, problem.values, problem.title), made.__dict__)
    loss, *partials = (
        float(made.rounded(formula, dict(made.values)))
        for formula in (made.loss, *made.partials.values())
    )
    return loss, partials
