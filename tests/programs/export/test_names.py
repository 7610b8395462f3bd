"""Layers may be called almost anything: whatever is written is still read by its own language."""

import json
from random import Random

import pytest

from symcnn.cli import main
from symcnn.writing.wrapping import filled, wrapped
from tests.draws import MANY, NETWORKS
from tests.parsed import Parsed, markup

NAMES = [
    *("the output of the first layer", "two  blanks", "a + b (c", "x = y + z", "w" * 60),
    *('it\'s "so"', "'''", '"""', "back\\", "\\", "\\n \\u0041", '\\"', "'", '"'),
    *("*/ end", "/* begin", "// x", "`${x}`", "`", "${", "__proto__", "constructor"),
    *("</script><b>", "--> <!--", "]]>", "<?xml ?>", "&amp;&#0;", "{{x}} {0}", "%s %d", "{"),
    *(
        "=1+1",
        "#{x} % $ & ~ ^ _",
        "@x",
        "ä 漢 \U0001f600",
        "\u05d0\u05d1",
        "e\u0301",
        "\\end{align}",
    ),
]
ENDS = ["", " and more", " and what stands behind it"]

PROBLEM = """
title = {title}
[input]
shape = [4, 1]
values = [0.25, 1, -0.123456789012, 3]
[[layers]]
type = "conv1d"
name = {0}
filters = 2
kernel_size = 2
bias = false
weight = [0.223456789012, -0.3, 0.4, 0.1]
[[layers]]
type = "max_pool1d"
name = {1}
pool_size = 3
[[layers]]
type = "flatten"
name = {2}
[[layers]]
type = "dense"
name = {3}
units = 1
weight = [0.25, 0.6]
bias_values = [0.1]
[[layers]]
type = "sigmoid"
name = {4}
[loss]
type = "half_squared_error"
target = [0.8]
[training]
learning_rate = 0.1
"""

COMMANDS = [
    *(f"export -o out/{to}.py --to {to}" for to in ("numpy", "jax", "sympy")),
    "export -o out/reads.py --to numpy --arrays out/numbers.npz",
    "export -o out/function.py --to torch",
    "export -o out/function_of_jax.py --to jax --results loss",
    "export -o out/module.mjs --to javascript",
    "derive -o out --format html --interactive --sections step",
]
SLOW = [
    "derive -o out --format html --interactive",
    "derive -o out/practice --format html --practice",
    "derive -o out --format tex,md,html --blanks",
    "worksheet -o out/class --format html --overwrite",
    "train -o out/trained --steps 2 --format html",
]
"""Documents, whose parts tests/document/test_hostile.py gives such names in the usual run."""

WORKBOOKS = ["export -o out/sheet.xlsx --to xlsx", "worksheet -o out/sheets --format xlsx"]


def awkward(number):
    """Return five names, all of them different."""
    drawn = Random(number)
    names = drawn.sample(NAMES, 5)
    return [(name + drawn.choice(ENDS))[:60].strip() for name in names]


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


@pytest.mark.parametrize("number", range(max(1, NETWORKS // 20)))
def test_every_file_is_read_by_the_parser_of_its_language(number, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = awkward(number)
    title = quoted(f"On {names[0]} and {names[1]}")
    text = PROBLEM.format(*map(quoted, names), title=title)
    (tmp_path / "problem.toml").write_text(text, encoding="utf-8")
    (tmp_path / "out").mkdir()
    slow = [*SLOW, *(WORKBOOKS if _has_workbooks() else [])]
    for line in (*COMMANDS, *(slow if MANY else [])):
        command, *options = line.split()
        assert main([command, "problem.toml", *options]) == 0, (names, capsys.readouterr().err)
    parsed = Parsed()
    for path in sorted(path for path in (tmp_path / "out").rglob("*") if path.is_file()):
        parsed.file(str(path.relative_to(tmp_path)), path.read_bytes())
    assert parsed.read >= (15 if MANY else 6)
    assert parsed.finished() == [], names


def _has_workbooks():
    try:
        import xlsxwriter  # noqa: F401
    except ImportError:
        return False
    return True


@pytest.mark.skipif(not MANY, reason="runs where SYMCNN_NETWORKS is 100 or more")
@pytest.mark.parametrize("number", range(8))
def test_every_page_is_well_formed(number, tmp_path, monkeypatch):
    pytest.importorskip("html5lib")
    monkeypatch.chdir(tmp_path)
    names = awkward(number)
    text = PROBLEM.format(*map(quoted, names), title=quoted(names[0]))
    (tmp_path / "problem.toml").write_text(text, encoding="utf-8")
    for options in ("--interactive", "--practice", "--blanks"):
        assert main(["derive", "problem.toml", "-o", "out", "--format", "html", options]) == 0
    for page in (tmp_path / "out").glob("*.html"):
        markup(page.read_text(encoding="utf-8"))


CODE = ["x_11", "+", "f(", "3.5", ")", "-", "w_2*x", "y", "=", "(a", "+", "b)", ", 'a'"]


@pytest.mark.parametrize("seed", range(60))
def test_a_literal_is_never_broken(seed):
    """The lines put together are what was broken, and no line ends inside of a literal."""
    drawn = Random(seed)
    parts = [
        drawn.choice([*CODE, quoted(drawn.choice(NAMES)), repr(drawn.choice(NAMES))])
        for _ in range(50)
    ]
    text = " ".join(parts)
    made = filled(text)
    assert " ".join(made.replace("\n    ", "\0").split("\0")) == text
    for line in made.splitlines():
        assert _is_closed(line)
    for line in wrapped(f"value = {text}").splitlines():
        assert _is_closed(line)


def _is_closed(line):
    """Tell whether no literal is open at the end of a line, by reading it letter by letter."""
    mark, letters = "", iter(line)
    for letter in letters:
        if mark and letter == "\\":
            next(letters, "")
        elif mark:
            mark = "" if letter == mark else mark
        elif letter in "\"'":
            mark = letter
    return not mark
