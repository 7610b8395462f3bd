"""PDFs by LaTeX and by Typst: the same numbers, the same bytes every time, no overflow."""

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
    Note,
    Row,
    Rows,
    Side,
    Table,
    heading,
    inline,
    paragraph,
)
from symcnn.document.claims import Claim
from symcnn.document.pages.typst import pages
from symcnn.document.pages.writers import pdf
from symcnn.document.pages.writers.tex import article
from symcnn.document.rows.layout import shrunk
from symcnn.errors import SymcnnError
from symcnn.writing.drawing.picture import Box, Disc, Label, Line, Picture
from symcnn.writing.drawing.typst import drawing
from symcnn.writing.formula import read
from symcnn.writing.formula.typst import formula, string
from tests.document.latex import compiled
from tests.document.shared import explained
from tests.draws import one_of, slow

needs_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext")
NO_CLAIM = Claim((), lambda _: [])
SEED = ["0.5533", "0.03043", "0.06098", "0.01463", "0.02561", "0.2128"]
"""The output, the loss, delta, a dense and a kernel derivative, an updated weight."""

MARGIN, WIDTH = 56.69, 595.28
"""2.5 cm and the width of A4, in points."""

HANGING = 4.0
"""How far commas and full stops may hang over the margin."""


@pytest.fixture(params=["latexmk", "typst"])
def route(request, monkeypatch):
    """Make PDFs in one way, as if the other were not there."""
    if request.param == "typst":
        pytest.importorskip("typst")
        monkeypatch.setattr(pdf, "which", lambda name: None)
    elif not (shutil.which("latexmk") and shutil.which("pdflatex")):
        pytest.skip("needs latexmk and pdflatex")
    return request.param


def made(title, *blocks):
    return pdf.write(title, blocks, "a")["a.pdf"]


def words(content, *options):
    run = subprocess.run(["pdftotext", *options, "-", "-"], input=content, capture_output=True)
    return run.stdout.decode()


@needs_pdftotext
def test_the_seed_has_its_numbers_and_the_same_bytes_twice(route):
    document = sc.explain(sc.examples.cnn_by_hand(), detail="brief")
    first, second = document.to_pdf(), document.to_pdf()
    assert first == second
    shown = words(first)
    assert [number for number in SEED if number not in shown] == []
    assert "Every weight" in shown


@needs_pdftotext
def test_a_title_full_of_markup_is_printed(route):
    title = r"\end{document} $100% <b>_{x}^2 & ~#{ Ünï卷 #] [* _ `a` @b = c // d"
    shown = words(made(title, paragraph('#import "x"; $y$ *z* \\')))
    assert r"\end{document} $100% <b>" in shown
    assert "[U+5377]" in shown
    assert "#import" in shown
    assert "$y$ *z* \\" in shown


@needs_pdftotext
def test_a_title_in_another_alphabet_is_printed(route):
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


@needs_pdftotext
def test_typst_prints_what_latex_has_no_letters_for():
    pytest.importorskip("typst")
    title = "Łódź — ćwiczenia, Ελληνικά, Свёрточная сеть"
    shown = unicodedata.normalize("NFC", words(made(title, paragraph("x"))))
    assert title in shown
    assert pdf.unprinted(title, []) == ""
    assert pdf.unprinted("畳 畳み", []) == "畳み"


def test_a_formula_that_is_none_is_one_line(route):
    with pytest.raises(SymcnnError) as error:
        made("T", paragraph(inline(r"\nonsense", "x")))
    assert "\\nonsense" in str(error.value)
    assert "\n" not in str(error.value)


def test_no_other_file_is_read(route, tmp_path):
    secret = tmp_path / "secret.tex"
    secret.write_text("secret")
    with pytest.raises(SymcnnError, match=r"ot (found|known)"):
        made("T", paragraph(inline(rf"\input{{{secret}}}")))


def test_no_temporary_file_is_named(route, monkeypatch):
    def full(path, *arguments, **options):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(SymcnnError) as error:
        made("T")
    assert str(error.value) == (
        "no PDF can be made in the folder for temporary files: No space left on device: "
        "make room there, or set TMPDIR"
    )


def test_typst_that_fails_is_one_line(monkeypatch):
    pytest.importorskip("typst")
    monkeypatch.setattr(pdf, "which", lambda name: None)
    monkeypatch.setattr(pdf, "pages", lambda title, blocks: "#nonsense")
    with pytest.raises(
        SymcnnError, match=r"^typst cannot make a PDF of this document: unknown var"
    ):
        made("T")


def test_without_latex_and_typst_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setattr(pdf, "which", lambda name: None)
    monkeypatch.setattr(pdf, "find_spec", lambda name: None)
    with pytest.raises(SymcnnError) as error:
        made("T")
    assert str(error.value) == (
        "a PDF needs latexmk (apt-get install latexmk texlive-latex-recommended "
        "texlive-pictures) or typst (pip install 'symcnn[pdf]')"
    )


@needs_pdftotext
@pytest.mark.parametrize("name", one_of(["strided, padded, grouped", "batch normalisation"]))
def test_typst_prints_nothing_outside_of_the_text(name, monkeypatch):
    pytest.importorskip("typst")
    monkeypatch.setattr(pdf, "which", lambda name: None)
    boxes = words(explained(name).to_pdf(), "-bbox")
    lefts, rights = (
        [float(x) for x in re.findall(rf'{side}="([\d.]+)"', boxes)] for side in ("xMin", "xMax")
    )
    assert len(rights) > 500
    assert min(lefts) > MARGIN - 1
    assert max(rights) < WIDTH - MARGIN + HANGING


@pytest.mark.parametrize(
    ("latex", "written"),
    [
        (r"w_{11} x_{1} + w_{21}", "attach(w, b: 11) attach(x, b: 1) + attach(w, b: 21)"),
        (r"\delta^{z(2)}_{1}", r"attach(δ, t: z \( 2 \), b: 1)"),
        (r"\frac{1}{2} \left(t - a\right)^{2}", r"frac(1, 2) attach(lr(\( t - a \)), t: 2)"),
        (r"\max_{1 \le u \le 2} z", "attach(max, b: 1 ≤ u ≤ 2) z"),
        (r"\tanh\left(x\right)", r'op("tanh") lr(\( x \))'),
        (r"\tanh^{2}\left(x\right)", r'attach(op("tanh"), t: 2) lr(\( x \))'),
        (r"x_{n, 2(i-1)}", r"attach(x, b: n \, 2 \( i - 1 \))"),
        (r"\left[a \geq b,\; c < d\right]", r"lr(\[ a ≥ b \, thick c < d \])"),
        (r"\left\lfloor{\frac{r}{2}}\right\rfloor", "lr(⌊ frac(r, 2) ⌋)"),
        (r"\hat{x} / \sqrt{2} \cdot 0{,}5", r'hat(x) \/ sqrt(2) dot.op 0 class("normal", \,) 5'),
    ],
)
def test_formulas_in_the_notation_of_typst(latex, written):
    assert formula(read(latex)) == written


def test_a_string_of_typst_ends_where_its_text_ends():
    assert string('a"b\\c\n#d\x07卷é') == '"a\\"b\\\\c #d[U+0007][U+5377]é"'


def test_a_page_of_typst_is_whole():
    row = Row(read("z"), (Side(EQUAL, (read("x_{1}"), read("+ x_{2}"))),), NO_CLAIM)
    table = Table((("A",), ("B",)), (((inline("1"),), ('"b"',)),), "lr")
    markup = pages("T", [heading(1, "One"), Rows((row, row)), Note(("N",), (table,))])
    assert markup.startswith('#set document(title: "T", date: none)\n')
    assert markup.endswith(
        '#heading(level: 1)[#"One";]\n\n'
        "$ z & = attach(x, b: 1) + attach(x, b: 2) \\\n"
        "z & = attach(x, b: 1) + attach(x, b: 2) $\n\n"
        "#block(width: 100%, breakable: false, stroke: (left: 1.5pt + gray), "
        "inset: (left: 12pt, y: 3pt))[\n"
        '#block(sticky: true)[#strong[#"N";.] ]\n\n'
        "#block(breakable: false)[\n"
        "#table(columns: 2, align: (left + horizon, right + horizon,),\n"
        "  table.hline(stroke: 0.8pt),\n"
        '  table.header([#"A";], [#"B";], table.hline(stroke: 0.5pt)),\n'
        '  [#box($1$);], [#"“b”";],\n  table.hline(stroke: 0.8pt),\n)\n]\n]\n'
    )


def test_letters_become_smaller_where_one_summand_is_wider_than_the_text():
    wide = Row(read("z"), (Side(EQUAL, (read("x_{1}" * 32),)),), NO_CLAIM)
    narrow = Row(read("z"), (Side(EQUAL, (read("x_{1}"),)),), NO_CLAIM)
    assert [shrunk([narrow]), shrunk([narrow, wide])] == [1.0, 0.92]


@slow
@needs_pdftotext
def test_a_picture_has_its_letters_and_stays_within_the_text(route):
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


def test_shapes_stand_where_the_picture_says():
    picture = Picture(10, 4, (Disc(5, 2, 1), Label(10, 2, read("x"), anchor="end")), "")
    assert drawing(picture) == (
        "box(width: 10pt, height: 4pt, {\n"
        "  place(top + left, dx: 4pt, dy: 1pt, circle(radius: 1pt, "
        'stroke: (paint: black, thickness: 0.7pt, cap: "round")));\n'
        "  place(right + horizon, dx: 0pt, dy: 0pt, text(size: 8pt, fill: black, $x$));\n"
        "})"
    )


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
