"""The options of derive: what is followed, what is left open, how it is written."""

import pytest

from symcnn.cli import main
from tests.draws import slow
from tests.problems.example import TEXT

PROBLEM = """
[input]
shape = [2]
values = [1, 2]

[[layers]]
type = "dense"
units = 1
bias = false
weight = [1, 2]

[loss]
type = "half_squared_error"
target = [1]
"""


def derived(tmp_path, *options):
    assert main(["derive", "-o", str(tmp_path), "--format", "tex", *options]) == 0
    return {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}


def test_blanks_come_with_their_solution(tmp_path):
    (tmp_path / "derivation.tex").write_text("what was there before")
    files = derived(tmp_path, "--blanks")
    assert set(files) == {"derivation.tex", "student.tex", "solution.tex"}
    assert "0.5533" in files["solution.tex"]
    assert "0.5533" not in files["student.tex"]
    assert files["derivation.tex"] == "what was there before"


def test_the_page_for_practice_is_one_file(tmp_path):
    options = ["--format", "html", "--practice", "--letter", "x=I", "--digits", "4"]
    assert main(["derive", "-o", str(tmp_path), *options]) == 0
    (page,) = tmp_path.iterdir()
    assert page.name == "practice.html"
    assert "<mi>I</mi>" in page.read_text(encoding="utf-8")


def test_one_weight(tmp_path):
    (text,) = derived(tmp_path, "--weight", "conv1.weight[1,0,0,2]").values()
    assert r"\approx -0.02561" in text
    assert r"\frac{\partial L}{\partial w_{11}}" not in text


def test_a_fragment_has_no_preamble(tmp_path):
    (text,) = derived(tmp_path, "--fragment").values()
    assert "documentclass" not in text
    assert r"\section{" in text


@slow
def test_second_derivatives_are_asked_for(tmp_path):
    (text,) = derived(tmp_path, "--second-order", "--sections", "second-order").values()
    assert r"section[{Second derivatives}]" in text
    assert text.count("The block") == 3


def test_how_it_is_written(tmp_path):
    options = ["--digits", "3", "--index-base", "0", "--decimal-comma"]
    letters = ["--letter", "conv1.weight=K", "--letter", "x=I"]
    (text,) = derived(tmp_path, *options, *letters).values()
    assert r"K_{02} I_{1} + K_{12} I_{2} = (-0{,}1) \cdot 0{,}4 + 0{,}2 \cdot 0{,}7 = 0{,}1" in text
    assert r"\approx 0{,}553$" in text or r"\approx 0{,}553" in text
    before, _, quoted = text.partition("Reconciling with the notebook}")
    assert "0{,}5532" not in before
    assert r"\approx 0{,}553296756888$" in quoted  # as many digits as can be compared


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--fragment", "--format", "tex,md"], "--fragment applies only to LaTeX"),
        (["--prefix", "A"], "--heading-level and --prefix apply only to fragments"),
        (["--heading-level", "chapter"], "--heading-level and --prefix apply only to fragments"),
        (["--practice"], "--practice needs --format html"),
        (["--practice", "--format", "html", "--blanks"], "already: omit --blanks"),
        (["--weight", "conv1.weight"], "is a whole tensor: name one entry"),
        (["--letter", "conv1"], "'conv1' is not of the form TENSOR=LETTER"),
        (["--letter", "conv9=K"], "there is no tensor 'conv9'"),
        (["--second-order", "--weight", "w_11"], "omit weight or second_order"),
        (["--digits", "18"], "1 to 17"),
        (["--index-base", "2"], "--index-base"),
    ],
)
def test_mistakes_are_one_line_and_leave_no_files(tmp_path, capsys, options, said):
    assert main(["derive", "-o", str(tmp_path / "out"), *options]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_letters_that_a_format_has_not_are_named_in_a_line(tmp_path, capsys):
    (tmp_path / "p.toml").write_text(f'title = "Λ — 畳み込み"\n{PROBLEM}', encoding="utf-8")
    options = ["-o", str(tmp_path), "--detail", "brief", "--format", "tex,html"]
    assert main(["derive", str(tmp_path / "p.toml"), *options]) == 0
    assert capsys.readouterr().err == (
        "symcnn: warning: tex has no letters for '畳み込': it prints their numbers, such as "
        "[U+7573]; use the format html, or other words\n"
    )


@slow
def test_points_are_those_of_the_problem(tmp_path, capsys):
    """In brief detail the error signal that no weight needs has no boxes, in others it has."""
    stated = '[answers]\nquantities = ["pool1"]\npoints = { conv1 = 3, loss = 2.5 }\n'
    (tmp_path / "p.toml").write_text(f"{TEXT}\n{stated}", encoding="utf-8")
    options = ["--format", "tex", "--blanks", "-o", str(tmp_path)]
    assert main(["derive", str(tmp_path / "p.toml"), *options]) == 0
    assert "$ of 8.5\n" in (tmp_path / "student.tex").read_text(encoding="utf-8")
    assert "note" not in capsys.readouterr().err
    brief = derived(tmp_path / "brief", "--blanks", "--detail", "brief")["student.tex"]
    assert "$ of 38\n" in brief
    assert capsys.readouterr().err == (
        "symcnn: note: there are no boxes for some of the figures of gradient of pool1, which "
        "symcnn mark asks for: add --detail full, or state the quantities in the problem's "
        "[answers]\n"
    )
    for detail in ("standard", "full"):
        asked = derived(tmp_path / detail, "--blanks", "--detail", detail)["student.tex"]
        assert "$ of 41\n" in asked
        assert "Other boxes, such as those for formulas, winners" in asked
        assert capsys.readouterr().err == ""
