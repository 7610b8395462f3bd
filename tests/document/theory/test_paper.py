"""Theorems for papers, and an article that inputs nothing but what symcnn writes."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import symcnn as sc
from symcnn.cli import main
from symcnn.document.theory.bibliography import bibliography, keys
from symcnn.network.layers import sources
from tests.document.latex import complaints
from tests.draws import slow

pytestmark = pytest.mark.usefixtures("few_sizes")

ARTICLE = Path(__file__).parents[3] / "docs" / "authors"


def test_a_theorem_has_the_environments_and_labels_of_a_paper():
    made = sc.theorem_for_paper(sc.Dense, environment="proposition", label="lin", checks=False)
    assert r"% \newtheorem{proposition}{Proposition}" in made
    assert r"\begin{proposition}[{Dense}]\label{thm:lin}" in made
    labels = re.findall(r"\\label\{(\S+)\}", made)
    assert labels == ["thm:lin", "eq:lin-z", "eq:lin-grad-w", "eq:lin-grad-b", "eq:lin-grad-x"]
    assert made.count(r"\begin{proof}") == made.count(r"\end{proof}") == 1
    assert not any(part in made for part in ("Checked", r"\cite", r"\section"))
    bare = sc.theorem_for_paper(sc.Dense, display="align*", proof=False)
    assert bare.count(r"\label") == 1
    assert all(part in bare for part in (r"\begin{align*}", r"~\cite{symcnn}."))
    assert r"\begin{proof}" not in bare


def test_an_author_has_letters_and_columns_of_their_own():
    macros = {r"\delta^{#1}": r"\bar{#1}", "w": r"\mathbf{w}"}
    layer = sc.Conv1D(4, 3, padding=1)
    made = sc.theorem_for_paper(layer, width=150, macros=macros, title="A convolution")
    assert not any(part in made for part in (r"\delta", r"\footnotesize", r"\small"))
    assert r"\bar{z}_{ik}" in made
    assert r"\mathbf{w}_{uck}" in made
    assert made.count(r"\notag\\") > 1
    assert r"[{A convolution}]\label{thm:a-convolution}" in made
    assert r"See~\cite{dumoulin2016}." in made


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"environment": "a b"}, "environment is 'a b': give letters"),
        ({"display": "equation"}, 'display is .equation.: give "align" or "align\\*"'),
        ({"label": "a}b"}, "label is 'a}b': give ASCII letters"),
        ({"width": 12}, "width is 12: give at least 100 points"),
    ],
)
def test_what_is_wrong_is_one_line(settings, message):
    with pytest.raises(sc.SymcnnError, match=message):
        sc.theorem_for_paper(sc.Dense, **settings)


def test_works_become_entries():
    works = [sources.CONVOLUTION, sources.HARD_SWISH, sources.ELU]
    assert list(keys(works).values()) == ["dumoulin2016", "howard2019", "clevert2015"]
    made = bibliography(works, "1.2")
    assert "  author = {V. Dumoulin and F. Visin},\n" in made
    assert "  author = {A. Howard and others},\n" in made
    assert "  title = {{Searching for MobileNetV3}},\n" in made
    assert "  howpublished = {International Conference on Computer Vision},\n" in made
    assert "  author = {D.-A. Clevert and T. Unterthiner and S. Hochreiter},\n" in made
    assert "  note = {Version 1.2},\n" in made


def test_titles_are_words_or_mathematics():
    assert sc.theorem(sc.Elementwise("atan(x)**2")).title == "Elementwise, (arctan(x))²"
    assert sc.theorem(sc.Dense, title="A map").to_latex().count("A map") == 3
    assert r"\textbf{A map.}" in sc.theorem(sc.Dense, title="A map").to_latex()


def test_the_command_line_prints_a_fragment(capsys, tmp_path):
    bib = tmp_path / "p.bib"
    options = ["--fragment", "--no-checks", "--no-proof", "--display", "align*", "--bib", str(bib)]
    assert main(["theorem", "relu", *options]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"% symcnn {sc.__version__}\n")
    assert out.endswith("\\end{theorem}\n")
    assert "@misc{symcnn," in bib.read_text(encoding="utf-8")
    assert main(["theorem", "relu", "--no-proof"]) == 2
    assert "apply only to fragments: add --fragment" in capsys.readouterr().err
    assert main(["theorem", "relu", "--fragment", "--format", "md"]) == 2
    assert "--fragment applies only to LaTeX" in capsys.readouterr().err


def run(folder, *command):
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def copied(folder):
    for file in ARTICLE.iterdir():
        if file.is_file():
            shutil.copy(file, folder)


@slow
@pytest.mark.skipif(
    shutil.which("pdflatex") is None or shutil.which("bibtex") is None, reason="needs pdflatex"
)
def test_the_article_of_two_columns_compiles(tmp_path):
    copied(tmp_path)
    run(tmp_path, sys.executable, "gated.py", ".")
    assert main(["theorem", "dense", "--fragment", "--bib", str(tmp_path / "paper.bib")]) == 0
    run(tmp_path, "pdflatex", "-interaction=nonstopmode", "article")
    run(tmp_path, "bibtex", "article")
    run(tmp_path, "pdflatex", "-interaction=nonstopmode", "article")
    run(tmp_path, "pdflatex", "-interaction=nonstopmode", "article")
    log = (tmp_path / "article.log").read_text(encoding="utf-8", errors="replace")
    assert complaints(log) == []
    assert "Output written" in log
