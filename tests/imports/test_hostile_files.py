"""Files that nobody should open run nothing, take little time and memory, and are one line."""

import signal
from pathlib import Path

import pytest

from symcnn import limits
from tests.draws import FILES

onnx = pytest.importorskip("onnx")
pytest.importorskip("safetensors")
pytest.importorskip("resource")  # only Unix has it

from tests.imports import hostile_arrays, hostile_models  # noqa: E402
from tests.imports.confined import MEMORY, SECONDS, confined  # noqa: E402

MANY = FILES >= 100
EVERY = 1 if MANY else 12
"""All files where many are drawn, and some of each kind otherwise."""

PROBLEM = """arrays = "{}"
input = {{shape = [3, 1, 1]}}
layers = [{{type = "conv2d", filters = 2, kernel_size = [1, 1], bias = false}}]
loss = {{type = "sum_of_outputs"}}
"""

WEIGHTS = """
import sys
import symcnn as sc
net = sc.Network((3,), [sc.Dense(1, bias=False)], sc.SumOfOutputs())
try:
    sc.with_safetensors(sc.Problem(net, {{"x": [1] * 3, "dense1.weight": [1] * 3}}), {!r})
except sc.SymcnnError as error:
    print(*(f"symcnn: error: {{line}}" for line in error.lines), sep="\\n", file=sys.stderr)
    raise SystemExit(2)
"""

MODULES = ["symcnn.cli", "symcnn.cli.results", "symcnn.imports.onnx.importing"]
MODULES += [
    "symcnn.problems.training",
    "symcnn._public",
    "symcnn.imports.from_safetensors",
    "safetensors.numpy",
]
"""What is loaded before commands run, which is no reading of files."""

SEVERAL = {"many": 10, "many arrays": 10, "a name of Python": 2, "another array": 2}
"""Files with several mistakes, each of which is a line."""


def written(files, ending):
    """Write some of the files, and return what is wrong with them by what they are called."""
    made = {}
    for number, (what, content) in enumerate(files):
        if MANY or number % EVERY == 0:
            made[f"{ending}{number}.{ending}"] = what
            Path(f"{ending}{number}.{ending}").write_bytes(content)
    return made


def commands_of(name):
    """Return what is done with a file."""
    if name.endswith(".onnx"):
        return [["import", name, "-o", "out.toml"]]
    if name.endswith(".safetensors"):
        return [WEIGHTS.format(name)]
    problem = Path(f"{name}.toml")
    problem.write_text(PROBLEM.format(name))
    return [
        ["evaluate", str(problem)],
        *([["train", "--steps", "1", "--data", name]] if MANY else []),
        *([["import", "sound.onnx", "-o", "out.toml", "--data", name]] if MANY else []),
    ]


def test_hostile_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("sound.onnx").write_bytes(hostile_models.graph([hostile_models.RELU]))
    refused = [what for what in LINES if MANY or what != "nodes"]
    for what in refused:
        Path(f"{what}.onnx").write_bytes(said(what))
    files = {
        **{f"{what}.onnx": what for what in refused},
        **(written(hostile_models.models(), "onnx") if MANY else {}),
        **written(hostile_arrays.archives(MANY), "npz"),
        **written(hostile_arrays.files_of_safetensors(), "safetensors"),
    }
    told = [(name, command) for name in files for command in commands_of(name)]
    there = {*tmp_path.iterdir()}
    outcomes = confined([command for _, command in told], tmp_path, modules=MODULES)
    assert {*tmp_path.iterdir()} == there  # nothing ran, and nothing was written
    found = list(zip([name for name, _ in told], outcomes, strict=True))
    assert [f"{files[n]}: {fault}" for n, o in found for fault in faults_of(files[n], o)] == []
    for name, outcome in found[: len(refused)]:  # why, and not that memory was at an end
        assert outcome.err == f"symcnn: error: {name}: {LINES[files[name]]}\n"
        assert outcome.peak < MEMORY / 4
    assert len(files) >= (150 if MANY else 20)


def test_limits_hold(tmp_path):
    """The limits under which files are read here are limits."""
    commands = ["print(len(bytes(2**31)))", "while True: pass", "1 / 0", ["--version"]]
    large, endless, fault, version = confined(commands, tmp_path, seconds=1)
    assert (large.status, large.err[-12:]) == (70, "MemoryError\n")
    assert endless.status == -signal.SIGXCPU
    assert fault.err.endswith("ZeroDivisionError: division by zero\n")
    assert (version.status, version.out[:7], version.err) == (0, "symcnn ", "")
    assert version.peak < 2**30


def faults_of(what, outcome):
    """Say what is wrong with a refusal."""
    lines = outcome.err.splitlines()
    if outcome.status != 2 or not all(line.startswith("symcnn: error: ") for line in lines):
        yield f"{outcome.status}, {outcome.err[:300]!r}, {outcome.out[:100]!r}"
    if len(lines) > SEVERAL.get(what, 1) or not lines:
        yield f"{len(lines)} lines: {outcome.err[:300]!r}"
    if outcome.seconds > SECONDS or outcome.peak > MEMORY:
        yield f"takes {outcome.seconds:.1f} s and {outcome.peak >> 20} MiB"


LINES = {
    "Range": (
        "node 'big' (Range): an output of shape 1000000000 is too much: use a smaller network"
    ),
    "ConstantOfShape": (
        "node 'big' (ConstantOfShape): an output of shape 250000000 is too much: use a "
        "smaller network"
    ),
    "functions": (
        f"the model has {2**23:,} nodes, functions included, more than the "
        f"{limits.IMPORTED_NODES:,} that are imported: import a part of it"
    ),
    "ring": "a function of the model calls itself: export it without functions",
    "input": (
        "the input has 300,000,000 entries, more than the 200,000,000 of a network that is "
        "imported: use a smaller one"
    ),
    "negative": (
        "the model states an input of shape [-3]: give it an axis of samples, at most 8 more, "
        "and lengths above 0"
    ),
    "huge": (
        f"the input has {2**124:,} entries, more than the 200,000,000 of a network that is "
        "imported: use a smaller one"
    ),
    "nodes": (
        "node 't5000' (Relu, output 1x4): the network has more than the 5,000 layers that symcnn "
        "derives: import a part of it, or give a smaller input"
    ),
    "zero": "node 'y' (Div, output 1x4): a tensor is divided by 0: remove the division",
    "infinite": "the output is not finite, as after a division by 0: give another input",
    "condition": (
        "node 'r1' (If): graphs inside of nodes are not imported: export it without conditions"
    ),
}


def said(what):
    """Return the model that a line is said of."""
    small, node = hostile_models.graph, hostile_models.node
    relu = [hostile_models.RELU]
    made = {
        "functions": lambda: hostile_models.doubling(23),
        "ring": hostile_models.recursive,
        "input": lambda: small(relu, (1, 300_000_000)),
        "negative": lambda: small(relu, (-3,)),
        "huge": lambda: small(relu, (2**62, 2**62)),
        "nodes": lambda: hostile_models.chain("Relu", 5_999),
        "zero": lambda: dict(hostile_models.broken())["divided by 0"],
        "infinite": lambda: small([node("Sub", "x x", "z"), node("Div", "z z")]),
        "condition": lambda: hostile_models.branches(1),
    }
    return made[what]() if what in made else dict(hostile_models.spread(10**9))[what]
