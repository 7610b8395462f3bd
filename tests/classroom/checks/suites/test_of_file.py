"""Functions of a file: what the file holds runs in a process of its own alone."""

import os
import sys

import numpy as np
import pytest

from symcnn.classroom.checks.code.of_file import python_file
from symcnn.errors import SymcnnError
from symcnn.limits import functions as bounds
from tests.draws import slow

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def written(tmp_path, text, name="mine.py"):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def refused(path, **options):
    with pytest.raises(SymcnnError) as error:
        python_file(path, **options)
    (line,) = error.value.lines
    return line.partition(f"{path.name}: ")[2]


def test_the_parameters_and_the_source_are_known(tmp_path):
    text = "def double(x, times=2, *, last=None):\n    return times * x\n\n\nNUMBER = 3\n"
    file = python_file(written(tmp_path, text))
    assert [*file.functions] == ["double"]
    found = file.function("double")
    assert str(found.__signature__) == "(x, times=None, *, last=None)"
    assert found.source == text.partition("\n\n\n")[0] + "\n"
    assert (found.__name__, found.package) == ("double", "numpy")


def test_nothing_of_a_file_runs_in_this_process(tmp_path):
    text = f"import os\n\nassert os.getpid() != {os.getpid()}\nprint('here')\n"
    before = {*sys.modules}
    python_file(written(tmp_path, text, "never_imported.py"))
    assert {*sys.modules} - before == set()
    assert str(tmp_path) not in sys.path


def test_calling_a_function_loads_its_file(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "modules", {**sys.modules})
    written(tmp_path, "FACTOR = 3\n", "beside_it.py")
    text = "from beside_it import FACTOR\n\ndef scaled(x):\n    return FACTOR * x\n"
    found = python_file(written(tmp_path, text, "scaling.py")).function("scaled")
    assert found(np.array([1.0, 2.0])).tolist() == [3.0, 6.0]


def test_a_file_of_a_package_finds_what_stands_beside_it(tmp_path):
    written(tmp_path, "", "course/__init__.py")
    written(tmp_path, "def columns(x):\n    return x\n", "course/im2col.py")
    path = written(
        tmp_path, "from .im2col import columns\n\ndef f(x): return x\n", "course/layers.py"
    )
    assert {*python_file(path).functions} == {"columns", "f"}


def test_a_file_that_is_called_like_a_module_is_itself(tmp_path):
    assert [*python_file(written(tmp_path, "def f(x): return x\n", "json.py")).functions] == ["f"]


def test_what_is_not_there_is_named_with_what_is_near(tmp_path):
    text = (
        "from math import sqrt\n\ndef conv_backward(dout): return dout\n\ndef other(x): return x\n"
    )
    file = python_file(written(tmp_path, text))
    with pytest.raises(SymcnnError, match=r"mine\.py: there is no function 'conv_bakward': did you "
                       r"mean 'conv_backward'\? choose from conv_backward, other$"):  # fmt: skip
        file.function("conv_bakward")


UNLOADED = "the file cannot be loaded: "
FAULTS = {
    "x = 1\ny ==\n": "line 2: invalid syntax: this is no Python code: correct the file",
    "import numpy\nimport not_there_at_all\n": (
        "line 2: ModuleNotFoundError: No module named 'not_there_at_all': install it, or put it "
        "beside the file"
    ),
    "x = [0]\nx[1]\n": f"{UNLOADED}line 2: IndexError: list index out of range",
    "raise SystemExit(3)\n": f"{UNLOADED}line 1: SystemExit: 3",
    "import os\nos._exit(0)\n": "the file ends the process in which it is loaded: remove that call",
    '{"cells": []}': "this is a notebook: save it as a Python file, .py, and name that",
}


@pytest.mark.parametrize(("text", "line"), FAULTS.items())
def test_what_cannot_be_loaded_is_one_line(tmp_path, text, line):
    assert refused(written(tmp_path, text)) == line


def test_what_cannot_be_asked_is_no_function(tmp_path):
    text = (
        "class Odd:\n    def __call__(self, x): return x\n"
        "    def __getattr__(self, name): raise RuntimeError(name)\n\n"
        "odd = Odd()\n\ndef plain(x): return x\n"
    )
    assert {*python_file(written(tmp_path, text)).functions} == {"Odd", "plain"}


def test_null_bytes_are_no_python(tmp_path):
    line = refused(written(tmp_path, "x = '\0'"))
    assert "this is no Python code" in line
    assert line.endswith(": correct the file")


def test_an_endless_loop_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(bounds, "LOADING_SECONDS", 0)
    line = refused(written(tmp_path, "while True: pass\n"), seconds=0.3)
    assert line == "loading the file takes longer than 0.3 s: let it only define functions"


def test_too_much_memory_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(bounds, "BYTES", 2**28)
    line = refused(written(tmp_path, "import numpy\nhuge = numpy.ones(10**10)\n"))
    assert line.startswith("the file cannot be loaded: line 2: ")
    assert "MemoryError: Unable to allocate 74.5 GiB" in line


def test_a_file_that_is_not_there_is_one_line(tmp_path):
    assert refused(tmp_path / "none.py").startswith("cannot read the file: ")


@slow
def test_functions_of_torch_are_known_as_such(tmp_path):
    pytest.importorskip("torch")
    text = (
        "import torch\n\n\nclass Double(torch.autograd.Function):\n    @staticmethod\n"
        "    def forward(ctx, x, weight):\n        return 2 * x\n\n"
        "def relu(x):\n    return torch.relu(x)\n"
    )
    file = python_file(written(tmp_path, text))
    double, relu = file.function("Double"), file.function("relu")
    assert (double.apply, double.package, relu.apply, relu.package) == (
        True,
        "torch",
        False,
        "torch",
    )
    assert str(double.__signature__) == "(x, weight)"
