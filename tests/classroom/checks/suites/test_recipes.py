"""The recipes of docs/checks.md, run as pytest, nbgrader, Otter, Gradescope and PrairieLearn do."""

import doctest
import json
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from symcnn.classroom.checks.suites import SUITES

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
RECIPES = dict(re.findall(r'^```python title="(.*?)"\n(.*?)^```', PAGE, re.DOTALL | re.MULTILINE))
RIGHT = Path(__file__).with_name("layers.py").read_text(encoding="utf-8")
WRONG = RIGHT.replace("+= np.tensordot(dout[:, :, i, j], w", "= np.tensordot(dout[:, :, i, j], w")
OVERLAP = "windows overwritten"


def notebook(text):
    """The names of a student's notebook whose cells are a text."""
    names = {"__name__": "student"}
    exec(compile(text, "layers.py", "exec"), names)
    return names


def test_pytest(monkeypatch):
    module = ModuleType("layers")
    monkeypatch.setitem(sys.modules, "layers", module)
    for text, fails in ((RIGHT, False), (WRONG, True)):
        vars(module).update(notebook(text))
        names = {}
        exec(RECIPES["test_layers.py"], names)
        if fails:
            with pytest.raises(AssertionError, match=OVERLAP):
                names["test_conv_backward"]()
        else:
            names["test_conv_backward"]()


def test_nbgrader():
    """A cell earns its points unless it raises; what stands between the marks is hidden."""
    cell = RECIPES["autograder test"]
    assert re.search(
        r"^### BEGIN HIDDEN TESTS\n.*^### END HIDDEN TESTS\n", cell, re.DOTALL | re.MULTILINE
    )
    exec(cell, notebook(RIGHT))
    with pytest.raises(AssertionError, match=OVERLAP):
        exec(cell, notebook(WRONG))


@pytest.mark.parametrize(("text", "failures"), [(RIGHT, 0), (WRONG, 1)])
def test_otter_in_the_ok_format(text, failures):
    names = {}
    exec(RECIPES["tests/q1.py"], names)
    test = names["test"]
    assert names["OK_FORMAT"] is True
    assert {*test} == {"name", "points", "suites"}
    (suite,) = test["suites"]
    assert suite["type"] == "doctest"
    for case in suite["cases"]:
        assert {*case} == {"code", "hidden", "locked"}
        parsed = doctest.DocTestParser().get_doctest(case["code"], notebook(text), "q1", None, 0)
        heard = []
        ended = doctest.DocTestRunner().run(parsed, out=heard.append)
        assert ended.attempted == 4
        assert ended.failed == failures
        assert (OVERLAP in "".join(heard)) == bool(failures)


def test_otter_in_the_format_of_exceptions(monkeypatch):
    """A test is given what the notebook calls by the names of its parameters."""
    cases = []
    files = ModuleType("otter.test_files")

    def test_case(name=None, points=None, hidden=False, success_message=None, failure_message=None):
        return lambda function: cases.append((function, points)) or function

    files.test_case = test_case
    monkeypatch.setitem(sys.modules, "otter", ModuleType("otter"))
    monkeypatch.setitem(sys.modules, "otter.test_files", files)
    names = {}
    exec(RECIPES["tests/q2.py"], names)
    assert (names["OK_FORMAT"], names["name"], names["points"]) == (False, "q2", 2)
    ((function, points),) = cases
    code, student = function.__code__, notebook(RIGHT)
    function(**{name: student[name] for name in code.co_varnames[: code.co_argcount]})
    assert points == 2


@pytest.fixture
def graded(tmp_path):
    """Run a grader's script on a file of a student, and return what it writes."""

    def grade(recipe, where, text):
        script = RECIPES[recipe]
        assert script.count(f'"{where}') == 2
        (tmp_path / "results").mkdir(exist_ok=True)
        for folder in ("student", "submission"):
            (tmp_path / folder).mkdir(exist_ok=True)
            (tmp_path / folder / "layers.py").write_text(text, encoding="utf-8")
        exec(script.replace(f'"{where}', f'"{tmp_path.as_posix()}'), {"__name__": "__main__"})
        return json.loads((tmp_path / "results" / "results.json").read_text(encoding="utf-8"))

    return grade


def test_gradescope(graded):
    wrong = graded(
        "run_autograder", "/autograder", WRONG.replace("max_pool_backward_naive", "other")
    )
    assert {*wrong} == {"score", "output_format", "tests"}
    assert wrong["score"] == 2
    tests = {test["name"]: test for test in wrong["tests"]}
    assert [test["max_score"] for test in tests.values()] == [2, 4, 4]
    assert OVERLAP in tests["conv_backward_naive"]["output"]
    assert tests["conv_backward_naive"]["status"] == "failed"
    assert tests["max_pool_backward_naive"]["output"] == "There is no function of this name."
    unread = graded("run_autograder", "/autograder", "def f(x:")
    assert unread["score"] == 0
    assert "this is no Python code" in unread["tests"][0]["output"]


def test_prairielearn(graded):
    right = graded("tests/grade.py", "/grade", RIGHT)
    assert (right["gradable"], right["score"]) == (True, 1)
    assert [test["points"] for test in right["tests"]] == [2, 4, 4]
    unread = graded("tests/grade.py", "/grade", "import not_there_at_all")
    assert unread["gradable"] is False
    assert "No module named 'not_there_at_all'" in unread["format_errors"][0]


def test_the_page_lists_the_functions_of_every_suite():
    for name, suite in SUITES.items():
        (row,) = re.findall(rf"^\| `{name}` \| [\w ]+ \| (.*) \|$", PAGE, re.MULTILINE)
        assert re.findall(r"`(\w+)`", row) == [*suite.names]
