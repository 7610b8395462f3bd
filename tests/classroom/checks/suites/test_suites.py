"""Files of courses: right ones pass, and what is planted is named."""

import json
import os
from functools import cache
from pathlib import Path
from runpy import run_path

import pytest

import symcnn as sc
from symcnn.classroom.checks.code.of_file import python_file
from symcnn.classroom.checks.suites import SUITES, MulticlassHinge, check_entry, check_file
from symcnn.errors import SymcnnError
from tests.classroom.checks.suites import layers
from tests.draws import slow, some

HERE = Path(__file__).parent
DOCS = HERE.parents[3] / "docs"
FILES = {"cs231n": HERE / "layers.py", "coursera": HERE / "notebook.py"}
ENTRIES = [(suite, entry) for suite, table in SUITES.items() for entry in table.entries]

# In the right file: what is replaced, and the function that is then wrong, with the mistake.
PLANTED = [
    (
        "dpadded[:, :, rows, columns] +=",
        "dpadded[:, :, rows, columns] =",
        ("conv_backward_naive", "gradient of x", "windows overwritten"),
    ),
    (
        "db = dout.sum(axis=0)",
        "db = dout.mean(axis=0)",
        ("affine_backward", "gradient of bias", "mean instead of sum"),
    ),
    (
        "return dout * (cache > 0)",
        "return dout",
        ("relu_backward", "gradient of x", "slope forgotten"),
    ),
    (
        "return loss, dx / len(x)\n\n\ndef svm",
        "return loss, dx\n\n\ndef svm",
        ("softmax_loss", "gradient of prediction", "multiplied by the number of samples"),
    ),
    ("dx = dpadded[:, :, pad :", "dx = dpadded[:, :, 0 :", ("conv_backward_naive", "", "")),
]


@cache
def file_of(suite):
    return python_file(FILES[suite])


@pytest.mark.parametrize(
    ("suite", "entry"), some(ENTRIES), ids=lambda part: getattr(part, "label", part)
)
def test_a_right_function_passes(suite, entry):
    verdict = check_entry(file_of(suite), entry, 30)
    assert verdict, verdict.to_text()


@pytest.mark.parametrize(("right", "wrong", "expected"), PLANTED)
def test_what_is_planted_is_found(tmp_path, right, wrong, expected):
    function, array, mistake = expected
    text = FILES["cs231n"].read_text(encoding="utf-8")
    assert right in text
    path = tmp_path / "layers.py"
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    checked = check_file(path, "cs231n", only=[function], seconds=30)
    assert not checked
    (verdict,) = (one.verdict for one in checked.checked)
    wrong_ones = {f.name: f.mistake for f in verdict.findings if f.verdict != "right"}
    if array:
        assert [*wrong_ones] == [array]
        assert mistake in wrong_ones[array]


@pytest.mark.parametrize(
    ("layer", "names"),
    [
        (sc.MaxPool2D, ("max_pool_forward_naive", "max_pool_backward_naive")),
        (sc.Conv2D, ("conv_forward_naive", "conv_backward_naive")),
    ],
)
def test_only_settings_that_are_read_from_a_dictionary_vary(layer, names):
    """pool_param has no padding: the function is not accused of ignoring it."""
    verdict = sc.check_backward([getattr(layers, name) for name in names], layer, layout="NCHW")
    assert verdict, str(verdict)
    varied = " ".join(verdict.cases)
    assert "stride = 3" in varied
    assert ("padding = 1" in varied) == (layer is sc.Conv2D)


@slow
@pytest.mark.parametrize("suite", SUITES)
def test_a_whole_file_is_right(suite):
    checked = check_file(FILES[suite], suite, seconds=30)
    assert checked, checked.to_text()
    assert not checked.missing


@pytest.fixture
def partly(tmp_path):
    """A file with a right function, one that is not written yet, and one without its forward."""
    text = (
        "def relu_forward(x):\n    return x * (x > 0), x\n\n"
        "def affine_forward(x, w, b):\n    pass\n\n"
        "def layernorm_backward(dout, cache):\n    return None, None, None\n"
    )
    path = tmp_path / "layers.py"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_there_is_checked_and_the_rest_is_listed(partly):
    told = []
    checked = check_file(partly, "cs231n", progress=lambda done, of: told.append((done, of)))
    assert told == [(0, 3), (1, 3), (2, 3)]
    lines = checked.to_text().splitlines()
    assert lines[:5] == [
        "layers.py: 1 of 3 functions of CS231n right.",
        "",
        "  affine_forward      crashed",
        "  relu_forward        right",
        "  layernorm_backward  not checked: it needs layernorm_forward, which is not there",
    ]
    assert lines[6:8] == ["affine_forward", "  The function returned nothing for y."]
    assert lines[9].startswith("Not found: affine_backward, relu_backward, ")
    assert max(map(len, lines)) <= 100
    data = json.loads(checked.to_json())
    assert [*data] == ["title", "right", "functions", "not_found"]
    assert [made["right"] for made in data["functions"].values()] == [False, True, False]
    assert len(data["not_found"]) == 18
    assert checked.verdicts["svm_loss"] == "There is no function of this name."
    assert checked.verdicts["relu_forward"]


@pytest.mark.parametrize(
    ("suite", "only", "line"),
    [
        ("cs231", None, "there is no suite 'cs231': did you mean 'cs231n'? choose from cs231n, "),
        ("cs231n", ["relu_back"], "there is no function 'relu_back' in the suite cs231n: did you "),
    ],
)
def test_what_no_suite_has_is_refused(partly, suite, only, line):
    with pytest.raises(SymcnnError) as error:
        check_file(partly, suite, only=only)
    assert str(error.value).startswith(line)


def test_a_file_with_none_of_the_functions_is_refused(partly):
    with pytest.raises(
        SymcnnError, match=r"layers\.py: no function of the suite coursera is there"
    ):
        check_file(partly, "coursera")


def test_the_hinge_loss_of_labels_is_what_courses_define():
    network = sc.Network((3,), [sc.Scale()], MulticlassHinge())
    problem = sc.Problem(network, {"x": [3, 1, 2], "target": [0, 1, 0]})
    # The second of the scores is right: margins 1 + 3 - 1 = 3 and 1 + 2 - 1 = 2.
    assert float(sc.evaluate(problem).loss) == pytest.approx(5.0, abs=1e-12)
    with pytest.raises(SymcnnError, match="a target is no label"):
        sc.evaluate(sc.Problem(network, {"x": [3, 1, 2], "target": [0.5, 0.5, 0]}))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_the_commands_of_the_tutorial_print_what_it_shows():
    """Before and after each mend, one after the other."""
    transcripts = run_path(str(DOCS / "transcripts.py"))
    text = transcripts["TUTORIAL"].read_text(encoding="utf-8")
    made, statuses = transcripts["filled"](text)
    assert statuses == [1, 1, 0]
    shown = transcripts["without_rounding"]
    assert shown(made) == shown(text), "run python docs/regenerate.py"
    assert max(map(len, made.splitlines())) <= 110
