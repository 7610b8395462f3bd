"""The files of a program: what they are called, and what no text of a problem can do in them."""

import json
import re
import subprocess

import pytest

import symcnn as sc
from symcnn import SymcnnError
from symcnn.cli import main
from symcnn.programs.backends.c.language import comment
from tests.draws import NETWORKS, one_of
from tests.programs.backends.c.compiled import STRICT, build, needs_gcc, run, written
from tests.programs.export.test_names import NAMES, PROBLEM, awkward, quoted

LOSS = 0.03043124508096392  # of the built-in example, worked by hand

MAIN = """#include <stdio.h>
#include "model.h"
static {0}_gradients g; static {0}_workspace w; static {0}_values v;
int main(void)
{{
  v = {0}_example;
  printf("%.17g ", (double){0}_loss_and_gradients(&v, &g, &w));
  {0}_step(&v, &g, 1);
  printf("%.17g\\n", (double){0}_loss(&v, &w));
  return 0;
}}
"""


def ran(folder, name="model", sources=("model.c",)):
    (folder / "main.c").write_text(MAIN.format(name))
    build([*STRICT, "main.c", *sources, "-o", "run", "-lm"], folder)
    done = subprocess.run([folder / "run"], capture_output=True, text=True, check=True)
    return [float(word) for word in done.stdout.split()]


@needs_gcc
def test_the_command_writes_a_source_and_a_header(tmp_path, capsys):
    target = tmp_path / "model.c"
    assert main(["export", "--to", "c", "-o", str(target)]) == 0
    assert capsys.readouterr().out == f"wrote {target}\nwrote {tmp_path / 'model.h'}\n"
    text, header = target.read_text(), (tmp_path / "model.h").read_text()
    assert "/* z[i, j, k] = sum over c, u, v of w[u, v, c, k]*x[i + u, j + v, c] */\n" in text
    assert "  const double z_11 = w_11*x_1 + w_21*x_2;\n" in text
    assert re.findall(r"\bmalloc\b|\bfree\b|\bstatic \w+ \w+\[", text) == []
    assert "  double conv1_weight[6]; /* conv1.weight: 2 x 1 x 1 x 3 */\n" in header
    assert "RAM, in bytes: values 104, gradients 96, workspace 8." in header
    loss, next_loss = ran(tmp_path)
    assert loss == pytest.approx(LOSS, rel=1e-15)
    assert next_loss == pytest.approx(loss_after_a_step(), rel=1e-14)


def loss_after_a_step():
    problem = sc.examples.cnn_by_hand()
    program, values = sc.lambdify(problem.derivation), dict(problem.values)
    gradients = program(values).gradients
    for tensor in problem.network.parameters:
        values[tensor.name] = program_value(values, tensor) - gradients[tensor.name]
    return float(program(values).loss)


def program_value(values, tensor):
    from symcnn.equations.values import float_array

    return float_array(values[tensor.name], tensor)


@needs_gcc
def test_numbers_lie_beside_it_and_names_begin_as_asked(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    line = "export --to c -o model.c --arrays --dtype float32 --name a-network"
    assert main(line.split()) == 0
    written_files = "wrote model.c\nwrote model.h\nwrote model_data.c\n"
    assert capsys.readouterr().out == written_files
    assert "0.4F" in (tmp_path / "model_data.c").read_text()
    assert "0.4F" not in (tmp_path / "model.c").read_text()
    loss, _ = ran(tmp_path, "a_network", ["model.c", "model_data.c"])
    assert loss == pytest.approx(LOSS, rel=1e-6)


def test_python_writes_the_same_files(tmp_path):
    problem = sc.examples.cnn_by_hand()
    files = sc.to_c(problem.derivation, problem.values, title=problem.title, data=True)
    main(["export", "--to", "c", "-o", str(tmp_path / "model.c"), "--arrays"])
    assert [*files] == ["model.c", "model.h", "model_data.c"]
    assert files == {path.name: path.read_text() for path in tmp_path.iterdir()}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--to c", "a program of C has two files, FILE.c and FILE.h: add -o FILE.c"),
        ("--to c -o model", "add -o FILE.c"),
        ("--to c -o a.c --arrays b.npz", "--arrays b.npz: give another FILE.c in the folder"),
        ("--to c -o a.c --arrays a.c", "--arrays a.c: give another FILE.c"),
        ("--to c -o a'.c", 'cannot be called "a\'": use letters, digits, - and _ alone'),
        ("--to numpy --name a", "--name applies only to programs of C: add --to c"),
        ("--to sympy --dtype float32", "--dtype applies only to programs of C"),
        ("--to numpy --arrays", "--arrays needs the name of a file"),
        ("--to sympy --results outputs", "--results applies only to programs"),
        ("--to numpy --results outputs", 'do not return results="outputs": choose "all"'),
        ("--to javascript --results training", 'choose "stages" or "outputs"'),
    ],
)
def test_what_cannot_be_written_is_one_line(line, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["export", *line.split()]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert [*tmp_path.iterdir()] == []


def test_what_python_refuses():
    problem = sc.examples.cnn_by_hand()
    with pytest.raises(SymcnnError, match="dtype = 'int8' is unknown"):
        sc.to_c(problem.derivation, problem.values, dtype="int8")
    with pytest.raises(SymcnnError, match='results="loss": choose "gradients" or "all" or'):
        sc.to_c(problem.derivation, problem.values, results="loss")
    with pytest.raises(SymcnnError, match=r"cannot be called '\.\./a'"):
        sc.to_c(problem.derivation, problem.values, "../a")
    with pytest.raises(SymcnnError, match="numbers for 'x' are missing"):
        sc.to_c(problem.derivation, {})
    with pytest.raises(SymcnnError, match=r"use symcnn export --to c$"):
        sc.lambdify(problem.derivation, "c")


def test_more_numbers_than_a_source_holds_are_refused(monkeypatch):
    problem = sc.examples.cnn_by_hand()
    monkeypatch.setattr(sc.limits, "GIVEN_NUMBERS", 12)
    with pytest.raises(sc.TooLargeError, match="would hold 13 numbers, more than the 12 of a"):
        sc.to_c(problem.derivation, problem.values)


HOSTILE = (
    *("*/ int evil; /*", "??/", "\\", "%s", "#include <x>", '"', "??/\n*/", "//", "/*", "ä\u2028"),
    *("_Pragma", "#pragma GCC error", "/", "*", "**//", "*/*/", "???/", "\u202e"),
)
WORDS = (
    *("double", "int", "main", "exp", "y0", "INFINITY", "NULL", "sum", "entries", "values", "new"),
    *(
        "class",
        "output",
        "larger",
        "fill",
        "I",
        "unix",
        "template",
        "workspace",
        "most",
        "RESTRICT",
    ),
)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_comment_cannot_be_left(text):
    written_text = comment(f"{text} and {text}")
    assert written_text.startswith("/* ")
    assert written_text.index("*/") == len(written_text) - 2
    assert "/*" not in written_text[2:]
    assert "??/" not in written_text
    assert "\n" not in written_text


@needs_gcc
@pytest.mark.parametrize("way", one_of(["loops", "entries"]))
def test_no_name_becomes_code(way, tmp_path):
    """A chain of neurons of such names, each twice the one before."""
    names = [name for name in (*HOSTILE, *WORDS) if name.isprintable()]
    layers = [sc.Dense(1, name=name, bias=False) for name in names]
    letters = dict(zip(names, ("I", r"\hat{y}", r"\mathbf{W}^{[1]}", r"\theta"), strict=False))
    derivation = sc.derive(sc.Network((1,), layers, sc.SumOfOutputs(), letters=letters))
    values = {"x": [1], **{f"{name}.weight": [[2]] for name in names}}
    made = written(derivation, values, way=way)
    (result,) = run([made], tmp_path, [*STRICT, "-trigraphs"])
    assert result.losses == (2.0 ** len(names),) * 2
    assert result.gradients["x"].tolist() == [2.0 ** len(names)]


MACROS = ("FP_NAN", "FP_ILOGB0", "MATH_ERRNO", "M_LN2", "M_2_SQRTPI", "X_TLOSS", "SNAN", "GPIOA")


@needs_gcc
def test_no_layer_is_called_like_a_macro(tmp_path):
    """Where outputs are returned, their members are called like layers alone."""
    layers = [sc.Dense(1, name=name, bias=False) for name in MACROS]
    derivation = sc.derive(sc.Network((1,), layers, sc.SumOfOutputs()))
    values = {"x": [1], **{f"{name}.weight": [[2]] for name in MACROS}}
    made = written(derivation, values)
    assert "double FP_NAN_[1]; /* FP_NAN: 1 */" in made.files["model.h"]
    flags = [flag for flag in STRICT if flag != "-std=c99"]
    (result,) = run([made], tmp_path, [*flags, "-std=gnu99", "-D_GNU_SOURCE", "-DGPIOA=0"])
    assert result.losses == (2.0 ** len(MACROS),) * 2


@needs_gcc
@pytest.mark.parametrize("number", range(max(1, NETWORKS // 20)))
def test_awkward_names_and_titles(number, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = awkward(100 + number)
    title = quoted(f"{' '.join(NAMES[number::2])[:900]} */ #error \\")
    text = PROBLEM.format(*map(quoted, names), title=title)
    (tmp_path / "problem.toml").write_text(text, encoding="utf-8")
    assert main(["export", "problem.toml", "--to", "c", "-o", "model.c"]) == 0, (
        capsys.readouterr().err
    )
    loss, _ = ran(tmp_path)
    capsys.readouterr()
    main(["evaluate", "problem.toml", "--json"])
    out = capsys.readouterr().out
    assert loss == pytest.approx(json.loads(out[out.index("{") :])["loss"], rel=1e-13)
