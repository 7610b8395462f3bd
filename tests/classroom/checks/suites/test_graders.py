"""The files that Gradescope and PrairieLearn read, by their documentation of these."""

import json

import pytest

from symcnn.classroom.checks.testing import gradescope, prairielearn
from symcnn.classroom.checks.verdict import Finding, Verdict
from symcnn.errors import SymcnnError

RIGHT = Verdict("Backward pass of ReLU()", [Finding("gradient of x", "right", error=0.0)])
WRONG = Verdict(
    "Backward pass of Dense(3)",
    [
        Finding("gradient of x", "right", error=0.0),
        Finding("gradient of bias", "wrong", "mean for sum", "The mean was taken.", error=1e13),
    ],
)
VERDICTS = {"relu_backward": RIGHT, "affine_backward": WRONG, "svm_loss": "It is not there."}
POINTS = {"relu_backward": 1, "affine_backward": 3.5, "svm_loss": 0.5}


def test_gradescope_adds_the_points_of_what_is_right():
    made = json.loads(gradescope(VERDICTS, POINTS))
    assert made["score"] == 1
    tests = {test["name"]: test for test in made["tests"]}
    assert [(n, t["score"], t["max_score"], t["status"]) for n, t in tests.items()] == [
        ("relu_backward", 1, 1, "passed"),
        ("affine_backward", 0, 3.5, "failed"),
        ("svm_loss", 0, 0.5, "failed"),
    ]
    assert "mean for sum" in tests["affine_backward"]["output"]
    assert tests["svm_loss"]["output"] == "It is not there."


def test_prairielearn_takes_a_share():
    made = json.loads(prairielearn(VERDICTS, POINTS))
    assert (made["gradable"], made["score"]) == (True, 0.2)
    keys = {"name", "description", "points", "max_points", "output"}
    assert all({*test} == keys for test in made["tests"])
    assert [test["points"] for test in made["tests"]] == [1, 0, 0]
    assert made["tests"][1]["description"] == "Backward pass of Dense(3)"


def test_what_cannot_be_graded_costs_no_attempt():
    made = json.loads(prairielearn("layers.py: line 3: invalid syntax"))
    assert made == {"gradable": False, "format_errors": ["layers.py: line 3: invalid syntax"]}


@pytest.mark.parametrize("write", [gradescope, prairielearn])
@pytest.mark.parametrize(
    ("points", "line"),
    [
        (
            {"relu_backward": 1},
            "there are no points for affine_backward: state how many it is worth",
        ),
        (-1, "the points for relu_backward are -1: give 0 or more"),
        (float("nan"), "the points for relu_backward are nan: give 0 or more"),
    ],
)
def test_points_are_stated_and_no_debts(write, points, line):
    with pytest.raises(SymcnnError) as error:
        write(VERDICTS, points)
    assert str(error.value) == line


def test_a_share_of_nothing_is_refused():
    with pytest.raises(SymcnnError, match="there are no points in all"):
        prairielearn(VERDICTS, 0)
