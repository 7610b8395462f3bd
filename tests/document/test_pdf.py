"""PDFs by LaTeX: the same numbers, the same bytes every time, no overflow."""

import re
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest

import symcnn as sc
from symcnn.document.blocks import (
    EQUAL,
    Diagram,
    Row,
    Side,
    heading,
    inline,
    paragraph,
)
from symcnn.document.claims import Claim
from symcnn.document.pages.writers import pdf
from symcnn.document.pages.writers.tex import article
from symcnn.document.rows.layout import shrunk
from symcnn.errors import SymcnnError
from symcnn.writing.drawing.picture import Box, Disc, Label, Line, Picture
from symcnn.writing.formula import read
from tests.document.latex import compiled
from tests.draws import slow

needs_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext")
NO_CLAIM = Claim((), lambda _: [])
SEED = ["0.5533", "0.03043", "0.06098", "0.01463", "0.02561", "0.2128"]
"""The output, the loss, delta, a dense and a kernel derivative, an updated weight."""


@pytest.fixture
def latex():
    """Skip where PDFs cannot be made."""
    if not (shutil.which("latexmk") and shutil.which("pdflatex")):
        pytest.skip("needs latexmk and pdflatex")


def made(title, *blocks):
    return pdf.write(title, blocks, "a")["a.pdf"]


def words(content, *options):
    run = subprocess.run(["pdftotext", *options, "-", "-"], input=content, capture_output=True)
    return run.stdout.decode()


@needs_pdftotext
def test_the_seed_has_its_numbers_and_the_same_bytes_twice(latex):
    document = sc.explain(sc.examples.cnn_by_hand(), detail="brief")
    first, second = document.to_pdf(), document.to_pdf()
    assert first == second
    shown = words(first)
    assert [number for number in SEED if number not in shown] == []
    assert "Every weight" in shown


@needs_pdftotext
def test_a_title_full_of_markup_is_printed(latex):
    title = r"\end{document} $100% <b>_{x}^2 & ~#{ Ünï卷 #] [* _ `a` @b = c // d"
    shown = words(made(title, paragraph('#import "x"; $y$ *z* \\')))
    assert r"\end{document} $100% <b>" in shown
    assert "[U+5377]" in shown
    assert "#import" in shown
    assert "$y$ *z* \\" in shown


@needs_pdftotext
def test_a_title_in_another_alphabet_is_printed(latex):
    shown = words(made("Gauß, Čapek, Erdős, œuvre, ş, αΩ", paragraph("x")))
    assert "Gauß, Čapek, Erdős, œuvre, ş, αΩ" in unicodedata.normalize("NFC", shown)


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_polish_and_lithuanian_letters_keep_their_hooks(tmp_path):
    """TeX's usual fonts have no ogonek; the outline names the letters."""
    says = "Zażółć gęślą jaźń, ĄĘĮŲ, įvesčių"
    text = article(says, [heading(1, says), paragraph(says)])
    assert text.count(r"g\k{e}\'{s}l\k{a} ja") == 4  # a heading is once more in the outline
    log = compiled(text, tmp_path)
    assert re.findall(r"^!.*|.*[Ww]arning: .*", log, re.MULTILINE) == []
    outline = (tmp_path / "a.out").read_text(encoding="utf-8")
    assert all(rf"\{byte}" in outline for byte in ("001\\004", "001\\030", "001\\056", "001\\163"))
    assert "csname OT1" not in article("Łódź", [paragraph("ş")])


def test_a_formula_that_is_none_is_one_line(latex):
    with pytest.raises(SymcnnError) as error:
        made("T", paragraph(inline(r"\nonsense", "x")))
    assert "\\nonsense" in str(error.value)
    assert "\n" not in str(error.value)


def test_no_other_file_is_read(latex, tmp_path):
    secret = tmp_path / "secret.tex"
    secret.write_text("secret")
    with pytest.raises(SymcnnError, match=r"ot (found|known)"):
        made("T", paragraph(inline(rf"\input{{{secret}}}")))


def test_no_temporary_file_is_named(latex, monkeypatch):
    def full(path, *arguments, **options):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(SymcnnError) as error:
        made("T")
    assert str(error.value) == (
        "no PDF can be made in the folder for temporary files: No space left on device: "
        "make room there, or set TMPDIR"
    )


def test_without_latex_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setattr(pdf, "which", lambda name: None)
    with pytest.raises(SymcnnError) as error:
        made("T")
    assert str(error.value) == (
        "a PDF needs latexmk (apt-get install latexmk texlive-latex-recommended "
        "texlive-pictures): without it, write html and print the page"
    )


def test_letters_become_smaller_where_one_summand_is_wider_than_the_text():
    wide = Row(read("z"), (Side(EQUAL, (read("x_{1}" * 32),)),), NO_CLAIM)
    narrow = Row(read("z"), (Side(EQUAL, (read("x_{1}"),)),), NO_CLAIM)
    assert [shrunk([narrow]), shrunk([narrow, wide])] == [1.0, 0.92]


@slow
@needs_pdftotext
def test_a_picture_has_its_letters_and_stays_within_the_text(latex):
    shapes = (
        Line(((0, 0), (500, 40)), ink=1, thick=True, dashed=True, arrow=True),
        Disc(20, 20, 8, ink=2, filled=True),
        Box(480, 5, 40, 30, dashed=True),
        Label(500, 20, read("x_{1}")),
        Label(0, 30, "words #[", anchor="start"),
    )
    content = made("T", Diagram(Picture(520, 60, shapes, "a line"), ("A line.",)))
    shown = words(content)
    assert "words #[" in shown
    assert "A line." in shown
    assert max(map(float, re.findall(r'xMax="([\d.]+)"', words(content, "-bbox")))) < 525


FAKE = """#!/bin/sh
echo "$openin_any $openout_any $shell_escape $SOURCE_DATE_EPOCH" > derivation.pdf
"""


def test_latex_runs_no_program_and_meets_no_file_but_its_own(tmp_path, monkeypatch):
    """TeX reads these settings: p is paranoid, f is no; so they hold whatever is installed."""
    for name in ("latexmk", "pdflatex"):
        (tmp_path / name).write_text(FAKE)
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("shell_escape", "t")
    assert made("title", paragraph("text")).decode().split() == ["p", "p", "f", "0"]


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_latex_sets_every_letter_that_it_is_given(tmp_path):
    """Its usual encoding has neither an eth nor a guillemet: an error there would cost the page."""
    ranges = (range(0xA1, 0x250), range(0x370, 0x400), range(0x1F00, 0x2000), range(0x2010, 0x2300))
    text = " ".join(chr(n) for numbers in ranges for n in numbers)
    log = compiled(article("Ð — Ω", [paragraph(text)]), tmp_path)
    assert re.findall(r"^!.*|.*Warning.*|.*unavailable.*|Missing character.*", log, re.M) == []
    assert "Output written" in log
