"""What the README and the reference say works as they say; Python examples run as doctests."""

import re
import shlex
from pathlib import Path

import pytest

import symcnn as sc
from symcnn.cli import main
from tests.draws import some

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
FILES = (ROOT / "docs" / "problem-files.md").read_text(encoding="utf-8")
LINE = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
PROBLEM = re.search(r"```toml\n(.*?)```", FILES, re.DOTALL).group(1)
LAYERS = (ROOT / "docs" / "tutorials" / "backward-pass.md").read_text(encoding="utf-8")
LAYERS = re.search(r"```python.*?\n(.*?)```", LAYERS, re.DOTALL).group(1)
for old, new in (("columns] = np", "columns] += np"), (":-padding", " : -padding or None")):
    LAYERS = LAYERS.replace(old, new)
LAYERS += "\n\ndef relu_forward(x):\n    return x * (x > 0), x\n"
COMMANDS = {
    page: re.findall(r"^symcnn +(.*?) *#.*$", text, re.MULTILINE)
    for page, text in (("README", README), ("reference", LINE))
}


def test_the_problem_file_is_the_built_in_example(tmp_path):
    (tmp_path / "my.toml").write_text(PROBLEM, encoding="utf-8")
    assert sc.load(tmp_path / "my.toml") == sc.examples.cnn_by_hand()


@pytest.mark.parametrize(
    "command", some(sorted({*COMMANDS["README"], *COMMANDS["reference"]}), every=5)
)
def test_a_command_works(command, tmp_path, monkeypatch):
    for module in needed(command):
        pytest.importorskip(module)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("webbrowser.open", lambda address: True)  # --open opens one
    if command.split() != ["new", "my.toml"]:
        Path("my.toml").write_text(PROBLEM, encoding="utf-8")
    Path("answers.toml").write_text("loss = 0.0304\n", encoding="utf-8")
    Path("class.csv").write_text("student,loss\nAda,0.0304\n", encoding="utf-8")
    Path("handed-in").mkdir()
    Path("handed-in", "Ada.toml").write_text("loss = 0.0304\n", encoding="utf-8")
    if "layers.py" in command:
        Path("layers.py").write_text(LAYERS, encoding="utf-8")
    if "filled-in.xlsx" in command:
        blank = sc.spreadsheet(sc.examples.cnn_by_hand()).to_xlsx(blank=True)
        Path("filled-in.xlsx").write_bytes(blank)
    if "model.onnx" in command:
        written_model(Path("model.onnx"))
    assert main(shlex.split(command)) == 0


def written_model(path):
    import onnx

    node = onnx.helper.make_node("Relu", ["x"], ["y"])
    x, y = (onnx.helper.make_tensor_value_info(name, 1, [1, 3]) for name in "xy")
    graph = onnx.helper.make_graph([node], "model", [x], [y])
    opset = onnx.helper.make_opsetid("", 17)
    onnx.save(onnx.helper.make_model(graph, opset_imports=[opset], ir_version=8), path)


def needed(command):
    """List the packages that a command needs beside SymPy and NumPy."""
    evaluated = tuple(f"evaluate my.toml{how}" for how in ("", " --exact", " --results outputs"))
    marked = ("mark my.toml answers.toml", "mark my.toml handed-in")
    printed = (*evaluated, *marked, "theorem conv2d")
    words = " ".join(command.split())
    if words in printed or words.startswith("theorem relu") or "txt" in command:
        yield "rich"  # tables
    if "xlsx" in command:
        yield "xlsxwriter"
    if "onnx" in command:
        yield "onnx"


def test_all_commands_are_there():
    assert {page: len(commands) for page, commands in COMMANDS.items()} == {
        "README": 22,
        "reference": 47,
    }


def test_the_page_states_letters_as_a_file_does(tmp_path):
    letters = re.search(r"```toml\n(\[letters\].*?)```", FILES, re.DOTALL).group(1)
    (tmp_path / "my.toml").write_text(f"{PROBLEM}\n{letters}", encoding="utf-8")
    assert sc.load(tmp_path / "my.toml").network.tensors["conv1.weight"].label == "K"


def test_files_that_it_points_to_exist():
    targets = re.findall(r"\]\(([^):]+)\)", README)
    assert len(targets) > 10
    for target in targets:
        assert (ROOT / target).exists()
