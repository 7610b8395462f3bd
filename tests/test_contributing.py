"""CONTRIBUTING.md is true: its worked diffs are taken from the page and run."""

import os
import re
import shutil
import subprocess
import sys
from itertools import chain
from pathlib import Path
from shutil import copytree
from textwrap import dedent
from types import SimpleNamespace

import pytest
from sympy import Rational

from symcnn import (
    AvgPool1D,
    Dense,
    GlobalAvgPool2D,
    HalfSquaredError,
    Network,
    SymcnnError,
    derive,
    evaluate,
    examples,
    explain,
    gradcheck,
    lambdify,
    mark,
)
from symcnn.classroom.marking import catalogue, mistakes
from symcnn.classroom.marking.mistakes.mistake import by_file
from symcnn.cli import main
from symcnn.document.facts import operation
from symcnn.document.pages import writers
from symcnn.document.story import insights
from symcnn.document.words import operations
from symcnn.network.layers import pooling, reducing
from symcnn.network.layers.declarations import Auxiliary
from symcnn.problems import Problem
from symcnn.programs import backends
from tests.network.layers import check, reference
from tests.network.layers import examples as listed
from tests.programs import seed
from tests.test_structure import ROOMS

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
DIFFS = "\n".join(re.findall(r"```diff\n(.*?)```", PAGE, re.DOTALL))
FILES = re.split(r"^--- .*\n\+\+\+ b/", DIFFS, flags=re.MULTILINE)[1:]
ADDED = {}
for part in FILES:
    name, _, body = part.partition("\n")
    ADDED[name] = "\n".join(line[1:] for line in body.splitlines() if line.startswith("+"))


@pytest.fixture(scope="module")
def names():
    """Run the page's lines in the files that the page puts them in."""
    made = dict(vars(pooling))
    exec(ADDED["symcnn/network/layers/pooling.py"], made)
    plain = dict(vars(reference))
    exec(ADDED["tests/network/layers/reference.py"], plain)
    return {"EnergyPool2D": made["EnergyPool2D"], "r": SimpleNamespace(**plain)}


@pytest.fixture(scope="module")
def example(names):
    line = ADDED["tests/network/layers/examples.py"].strip().rstrip(",")
    return eval(line, {**vars(listed), **names})


def test_the_new_layer_is_short():
    assert len(ADDED["symcnn/network/layers/pooling.py"].splitlines()) <= 22


def test_the_new_layer_passes_what_every_layer_passes(example):
    assert check.network(example).output.shape == example.output_shape
    check.assert_forward(example)
    check.assert_derivatives(example)


def test_the_new_layer_has_its_latex_and_its_numpy_code(example):
    net = check.network(example)
    problem = Problem(net, check.as_given(check.random_values(net, seed=2)))
    latex = explain(problem).to_latex()
    assert r"p_{11} &= x_{11}^{2} + x_{12}^{2} + x_{21}^{2} + x_{22}^{2}" in latex
    assert "and the squares of the entries in it are summed." in latex.replace("\n", " ")
    assert gradcheck(problem).max_abs_error < 1e-12
    evaluation = lambdify(derive(net))(problem.values)
    assert evaluation.outputs["pool1"].shape == example.output_shape


def test_a_public_name_is_all_that_the_new_layer_needs(tmp_path):
    """Everything else follows, in a copy of the package with the page's lines in it."""
    copytree(ROOT / "symcnn", tmp_path / "symcnn")
    for name in ("symcnn/network/layers/pooling.py", "symcnn/network/layers/__init__.py"):
        with (tmp_path / name).open("a", encoding="utf-8") as file:
            file.write(f"\n\n{ADDED[name]}\n")
    (tmp_path / "problem.toml").write_text(
        """
        input = {shape = [2, 2, 1], values = [1, 2, 3, 4]}
        layers = [{type = "energy_pool2d", pool_size = 2}]
        loss = {type = "sum"}
        """
    )
    code = """
        import symcnn
        problem = symcnn.load("problem.toml")
        assert problem.network.layers == (symcnn.EnergyPool2D(2),)
        print(symcnn.__file__, symcnn.evaluate(problem).loss)
    """
    command = [sys.executable, "-c", dedent(code)]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    ended = subprocess.run(
        command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
    )
    assert ended.stdout.split() == [str(tmp_path / "symcnn" / "__init__.py"), "30.0"]


def test_the_modules_that_the_page_names_are_there():
    named = re.findall(r"`((?:symcnn|tests|derivations|benchmarks|docs)/[^`\s]*)`", PAGE)
    assert len(named) > 5
    made_by_its_diffs = {name for name in ADDED if not (ROOT / name).exists()}
    assert [n for n in named if not (ROOT / n).exists() and n not in made_by_its_diffs] == []


def test_the_rooms_of_the_page_are_those_that_are_kept():
    table = PAGE.split("| room |")[1].split("\n\n")[0]
    rows = [line.split("|")[1] for line in table.splitlines()[2:]]
    assert [row.strip(" `/") for row in rows] == ROOMS


def test_the_page_shows_lines_that_are_there():
    for part in FILES:
        name, _, body = part.partition("\n")
        context = [line[1:] for line in body.splitlines() if line.startswith(" ")]
        assert all(line in (ROOT / name).read_text(encoding="utf-8") for line in context)


@pytest.mark.parametrize("root", [True, False])
def test_the_new_meaning(root):
    """It is that of its setting, on the way and back; the larger entry gets the larger share."""
    made = {**vars(reducing), "Auxiliary": Auxiliary, "Rational": Rational}
    exec(ADDED["symcnn/network/layers/reducing.py"], made)
    network = Network((2,), [made["MeanSquare"](root)], HalfSquaredError())
    problem = Problem(network, {"x": [3, 4], "target": [0]})
    text = " ".join(explain(problem).to_markdown().split())
    on_the_way = "We first compute the mean square $`V`$, the mean of the squares of $`x`$."
    assert (on_the_way in text) == ("Its root $`y`$ is the size of a typical entry" in text) == root
    assert ("the less its root changes with it." in text) == root
    assert ("$`y`$ is the mean of the squares of $`x`$." in text) == (not root)
    assert "An entry receives the error signal the more strongly" in text
    small, large = evaluate(problem).gradients["x"]
    assert 0 < small < large


def test_the_new_sentence(monkeypatch):
    """Windows of 2 that move by 1 share entries, and those that move by 2 do not."""
    namespace = {}
    exec(dedent(ADDED["symcnn/document/facts/operation.py"]), namespace)
    monkeypatch.setattr(operation.Operation, "overlaps", namespace["overlaps"], raising=False)
    added = eval(f"({ADDED['symcnn/document/words/operations.py']})", vars(operations))
    monkeypatch.setattr(operations, "_BESIDES", (*operations._BESIDES, *added))
    said = "Neighbouring windows share entries of"
    assert said in explain(examples.cnn_by_hand()).to_latex()
    network = Network((4, 2), [AvgPool1D(2)], HalfSquaredError())
    problem = Problem(network, {"x": [[1, 2]] * 4, "target": [[0, 0]] * 2})
    assert said not in explain(problem).to_latex()


def test_the_new_insight(monkeypatch):
    """The two weights of a sum of equal entries have one derivative; else they have two."""
    pytest.importorskip("rich", reason="needs rich")
    function, _, entry = ADDED["symcnn/document/story/insights.py"].rpartition("\n")
    namespace = dict(vars(insights))
    exec(function, namespace)
    added = eval(f"({entry})", namespace)
    monkeypatch.setattr(insights, "INSIGHTS", (*insights.INSIGHTS, *added))
    network = Network((2,), [Dense(1, bias=False)], HalfSquaredError())
    for x, are_equal in (([3, 3], True), ([3, 4], False)):
        problem = Problem(network, {"x": x, "dense1.weight": [1, 2], "target": [0]})
        said = "The derivatives with respect to all entries of w are equal."
        assert (said in explain(problem).to_text().replace("\n", " ")) == are_equal


def test_the_new_output_format(tmp_path, monkeypatch):
    name = "symcnn/document/pages/writers/outline.py"
    (tmp_path / Path(name).name).write_text(ADDED[name], encoding="utf-8")
    monkeypatch.setattr(writers, "__path__", [*writers.__path__, str(tmp_path)])
    files = explain(examples.cnn_by_hand()).files("outline", "seed")
    lines = files["seed.outline"].splitlines()
    assert lines[0] == "CNN by hand"
    assert "  Forward pass" in lines
    assert all(line.strip() for line in lines)


@pytest.fixture
def awk(tmp_path, monkeypatch):
    """The backend of the page, in its table."""
    (tmp_path / "awk").mkdir()
    text = ADDED["symcnn/programs/backends/awk/backend.py"]
    (tmp_path / "awk/backend.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(backends, "__path__", [*backends.__path__, str(tmp_path)])
    for name, module in eval(f"{{{ADDED['symcnn/programs/backends/__init__.py']}}}").items():
        monkeypatch.setitem(backends.BACKENDS, name, module)
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("symcnn.programs.backends.awk")]:
        del sys.modules[name]


@pytest.mark.skipif(shutil.which("awk") is None, reason="needs awk")
def test_the_new_backend_computes_the_published_numbers(awk, capsys):
    assert main(["export", "--to", "awk", "-o", str(awk / "seed.awk")]) == 0
    command = ["awk", "-f", awk / "seed.awk"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    numbers = {name: float(value) for name, value in re.findall("(.*) = (.*)", printed)}
    assert numbers["L"] == pytest.approx(seed.LOSS, rel=1e-15)
    gradients = [numbers[f"delta_w_{i}{k}"] for i in (1, 2) for k in (1, 2, 3)]
    assert gradients == pytest.approx(seed.GRADIENTS["conv1.weight"], rel=1e-14)


def test_the_new_backend_is_known_and_is_for_export(awk):
    with pytest.raises(SymcnnError, match="'awk' cannot be called from Python"):
        lambdify(derive(seed.NETWORK), "awk")
    with pytest.raises(SymcnnError, match=r'"javascript", "c", "awk"$'):
        lambdify(derive(seed.NETWORK), "java")


def test_the_new_mistake_is_named(tmp_path, monkeypatch):
    """The mean of 1, 2, 3 and 4 is 2.5; who writes 4 took the largest of them."""
    name = "symcnn/classroom/marking/mistakes/means.py"
    (tmp_path / Path(name).name).write_text(ADDED[name], encoding="utf-8")
    monkeypatch.setattr(mistakes, "__path__", [*mistakes.__path__, str(tmp_path)])
    found = by_file(mistakes.__name__, mistakes.__path__)
    monkeypatch.setattr(catalogue, "CATALOGUE", tuple(chain.from_iterable(found.values())))
    net = Network((2, 2, 1), [GlobalAvgPool2D()], HalfSquaredError())
    problem = Problem(net, {"x": [1, 2, 3, 4], "target": [0]})
    marking = mark(problem, {net.stages[0].output.name: [4]})
    assert [m.name for m in marking.first_wrong.mistakes] == ["maximum for mean"]
    del sys.modules["symcnn.classroom.marking.mistakes.means"]


def test_a_network_of_the_page_is_refused_like_any_other(example):
    with pytest.raises(ValueError, match="the window spans 2 entries along axis 0"):
        Network((1, 1, 1), [example.layer], HalfSquaredError())
