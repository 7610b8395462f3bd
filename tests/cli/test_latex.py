"""symcnn latex and symcnn macros: formulas by themselves."""

import re
import shutil
from pathlib import Path

import pytest
import sympy

import symcnn as sc
from symcnn.cli import main
from tests.document.latex import compiled, complaints

TOML = """
title = "Two"
[input]
shape = [3, 1, 1]
[[layers]]
type = "conv2d"
filters = 3
kernel_size = [2, 1]
bias = false
[[layers]]
type = "max_pool2d"
pool_size = [2, 1]
[[layers]]
type = "flatten"
[[layers]]
type = "dense"
units = 1
bias = false
[loss]
type = "half_squared_error"
"""


@pytest.fixture
def file(tmp_path):
    """Write a problem file without numbers."""
    path = tmp_path / "two.toml"
    path.write_text(TOML, encoding="utf-8")
    return str(path)


def printed(capsys, *arguments):
    assert main([*arguments]) == 0
    return capsys.readouterr().out


SLOPE = r"\frac{\partial L}{\partial w_{uk}} = \sum_{i=1}^{2} \delta^{z}_{ik} x_{i+u-1}"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--no-conditions"], SLOPE + "\n"),
        (["--width", "150", "--no-conditions"], SLOPE + "\n"),
        (
            ["--entry", "w_23", "--staged"],
            r"\frac{\partial L}{\partial w_{23}} = \delta^{z}_{13} x_{2} + \delta^{z}_{23} x_{3}"
            "\n",
        ),
        (["--format", "unicode", "--no-conditions"], "∂L/∂wᵤₖ = ∑ᵢ₌₁² δᶻᵢₖ xᵢ₊ᵤ₋₁\n"),
        (
            ["--notation", "convolution", "--no-conditions"],
            "\\frac{\\partial L}{\\partial w_{\\cdot k}} = x \\star \\delta^{z}_{\\cdot k}\n",
        ),
        (
            ["--macro", r"\delta^{#1}=\bar{#1}", "--macro", "w=W", "--no-conditions"],
            SLOPE.replace(r"\delta^{z}", r"\bar{z}").replace("w_", "W_") + "\n",
        ),
    ],
)
def test_one_formula_is_printed_alone(options, expected, file, capsys):
    assert printed(capsys, "latex", file, "conv1.weight", *options) == expected


def test_a_formula_is_broken_for_a_column(file, capsys):
    made = printed(capsys, "latex", file, "conv1.weight", "--width", "150")
    assert made.startswith("\\begin{aligned}\n")
    assert made.endswith("\n\\end{aligned}\n")
    assert made.count("\\\\\n") == 1


def test_python_for_sympy_computes_what_is_computed_by_hand(file, capsys):
    general = printed(capsys, "latex", file, "conv1.weight", "--format", "sympy")
    *lines, expression = general.splitlines()
    names = dict(vars(sympy))
    exec("\n".join(lines), names)
    made = eval(expression, names)
    at = {names["u"]: 1, names["k"]: 0}
    x, delta = ([3, 5, 7], [11, 13])
    numbers = {names["x"][i, 0, 0]: n for i, n in enumerate(x)}
    numbers |= {names["delta_z"][i, 0, 0]: n for i, n in enumerate(delta)}
    assert made.subs(at).doit().subs(numbers) == 11 * 5 + 13 * 7


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["conv1.wieght"], "there is no formula of 'conv1.wieght': did you mean 'conv1.weight'?"),
        (["conv1.weight", "--staged"], "--staged applies only to an entry: add --entry"),
        (["conv1.weight", "--entry", "w_99"], "there is no entry 'w_99'"),
        (["conv1", "--entry", "w_23"], "'w_23' is an entry of conv1.weight, not of 'conv1'"),
        (["conv1.weight", "--width", "40"], "width is 40: give at least"),
        (["conv1.weight", "--width", "-1"], "width is -1.0: give the points of a line"),
        (["pool1", "--format", "sympy"], "'pool1' is a maximum over indices"),
        (["conv1.weight", "--format", "unicode", "--width", "150"], "unicode has no aligned lines"),
        (["conv1", "--notation", "matrix"], "no formula of 'conv1' in matrices is known"),
        (["loss", "--macro", "w+1=W"], "the macro 'w+1' stands for no letter"),
        (["loss", "--macro", "w=W}"], "the macro 'w' is 'W}'"),
        (["loss", "--macro", "w"], "'w' is not of the form LETTER=LATEX"),
        (["loss", "--macro", "w=x", "--format", "mathml"], "mathml has no macros"),
        (["loss", "--macro", "w=x", "--format", "sympy"], "--format sympy has no --width"),
    ],
)
def test_what_is_wrong_is_one_line(arguments, message, file, capsys):
    assert main(["latex", file, *arguments]) == 2
    err = capsys.readouterr().err
    assert message in err
    assert err.count("\n") == 1


def commands(text):
    return re.findall(r"^\\newcommand\{(\\\w+)\}", text, re.MULTILINE)


def test_macros_have_names_of_letters_and_a_header(file, capsys, tmp_path):
    made = printed(capsys, "macros", file)
    assert made.startswith(f"% symcnn {sc.__version__}: symcnn macros two.toml\n")
    assert made == printed(capsys, "macros", file)
    names = commands(made)
    assert {"\\gradConvOneWeight", "\\deltaConvOne", "\\forwardLoss", "\\routingPoolOne"} <= {
        *names
    }
    assert len({*names}) == len(names)
    assert all(re.fullmatch(r"\\[A-Za-z]+", name) for name in names)
    assert f"\\newcommand{{\\countParameters}}{{{3 * 2 + 3}}}\n" in made
    place = tmp_path / "m.tex"
    printed(capsys, "macros", file, "-o", str(place), "--prefix", "own")
    assert all(name.startswith("\\own") for name in commands(place.read_text(encoding="utf-8")))
    assert main(["macros", file, "--prefix", "a1"]) == 2


def test_layers_that_are_spelled_alike_have_other_names():
    layers = [sc.Sigmoid(name=name) for name in ("a1", "a_1", "aOne")]
    network = sc.Network((2,), layers, sc.HalfSquaredError())
    names = commands(sc.macros(sc.derive(network)))
    alike = [name for name in names if name.startswith("\\forwardAOne")]
    assert alike == [f"\\forwardAOne{end}" for end in ("", "NoTwo", "NoThree")]
    assert len({*names}) == len(names)


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_macros_and_an_article_of_two_columns_compile(file, capsys, tmp_path):
    macros = printed(capsys, "macros", file, "--width", "229")
    used = "\n".join(f"\\[{name}\\]" for name in commands(macros))
    log = compiled(
        "\\documentclass[twocolumn]{article}\n\\usepackage{amsmath}\n"
        f"{macros}\\begin{{document}}\n{used}\n\\end{{document}}\n",
        tmp_path,
    )
    assert complaints(log) == []
    assert "Output written" in log
    assert Path(tmp_path / "a.pdf").exists()
