"""Writing a problem file: what is written says what the problem says, exactly."""

import tomllib
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from sympy import Rational, sqrt

import symcnn as sc
from symcnn.problems import Accuracy
from symcnn.problems.write import problem_file
from tests.problems.example import GRAPH, TEXT, written

DERIVATIONS = Path(__file__).parents[2] / "derivations"


def again(problem, folder):
    return sc.load(written(folder, problem_file(problem)))


def numbers(*values):
    network = sc.Network((len(values),), [sc.Sigmoid()], sc.SumOfOutputs())
    return sc.Problem(network, {"x": values})


@pytest.mark.parametrize("text", [TEXT, GRAPH], ids=["chain", "graph"])
def test_a_file_says_the_same_when_it_is_written_again(text, tmp_path):
    problem = sc.load(written(tmp_path, text))
    assert again(problem, tmp_path) == problem


ANSWERS = """\
[answers]
digits = 4
tolerance = "1 unit"
truncation = "accepted"
"""


def test_how_exact_answers_have_to_be_is_read_and_written(tmp_path):
    problem = sc.load(written(tmp_path, f"{TEXT}\n{ANSWERS}"))
    assert problem.answers == Accuracy(4, "1 unit", "accepted")
    assert f"\n\n{ANSWERS}" in problem_file(problem)
    assert again(problem, tmp_path) == problem
    by_number = sc.load(written(tmp_path, f"{TEXT}\n[answers]\ntolerance = 0.0010"))
    assert by_number.answers == Accuracy(tolerance="0.0010")
    usual = sc.load(written(tmp_path, f"{TEXT}\n[answers]\ndigits = 3"))
    assert "[answers]" not in problem_file(usual)


@pytest.mark.parametrize(
    "path", sorted(DERIVATIONS.glob("*/problem.toml")), ids=lambda p: p.parent.name
)
def test_published_problems_too(path, tmp_path):
    problem = sc.load(path)
    assert again(problem, tmp_path) == replace(problem, reconciliation=None)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (Decimal("0.4"), "0.4"),
        (Fraction(-1, 3), '"-1/3"'),
        (Fraction(1, 8), "0.125"),
        (Decimal("-12.50"), "-12.5"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1.5e-9, "1.5e-9"),
        (-1e-300, "-1e-300"),
        (0.00012, "0.00012"),
        (sqrt(2), "1.4142135623730951"),
    ],
)
def test_a_number_is_exact(value, text, tmp_path):
    made = problem_file(numbers(value))
    assert f"values = [{text}]\n" in made
    exact = Rational(text.strip('"'))
    assert sc.load(written(tmp_path, made)).values["x"] == (exact,)


def test_many_numbers_are_broken_into_lines(tmp_path):
    problem = numbers(*(Fraction(n, 7 * 2**n) for n in range(100)))
    made = problem_file(problem)
    assert "values = [  # 100\n" in made
    assert max(map(len, made.splitlines())) <= 88
    assert again(problem, tmp_path) == problem


def test_text_and_letters_are_quoted(tmp_path):
    title = 'a "quoted" \\ title: é'
    network = sc.Network((1,), [sc.Dense(1)], sc.SumOfOutputs(), letters={"dense1.weight": "W^(2)"})
    values = {"x": [1], "dense1.weight": [2], "dense1.bias": [3]}
    problem = sc.Problem(network, values, title)
    assert tomllib.loads(problem_file(problem))["title"] == title
    assert again(problem, tmp_path) == problem


def test_comments_stand_above():
    assert problem_file(numbers(1), ["one", "two"]).startswith('# one\n# two\ntitle = "')


def test_a_layer_of_ones_own_cannot_be_written():
    class Own(sc.Sigmoid):
        pass

    network = sc.Network((1,), [Own()], sc.SumOfOutputs())
    with pytest.raises(sc.SymcnnError, match="Own has no name in problem files"):
        problem_file(sc.Problem(network, {"x": [1]}))
