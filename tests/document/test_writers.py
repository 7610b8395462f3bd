"""The writers: text is text, and mathematics is laid out once."""

from dataclasses import replace

import pytest

import symcnn as sc
from symcnn.document.blocks import EQUAL, Inline, Note, Row, Rows, Side, Table, heading, paragraph
from symcnn.document.claims import Claim
from symcnn.document.pages.dialects import GITHUB, JUPYTER
from symcnn.document.pages.writers import md, tex
from symcnn.writing.formula import read
from tests.document.shared import explained

ROW = Row(read("z_{1}"), (Side(EQUAL, (read("x"),)),), Claim((), lambda _: []))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (r"\input{/etc/passwd}", r"\textbackslash{}input\{/etc/passwd\}"),
        ("50% of $x_1$ & #3", r"50\% of \$x\_1\$ \& \#3"),
        (
            "<b>a^2 ~ b</b>",
            r"\textless{}b\textgreater{}a\textasciicircum{}2 "
            r"\textasciitilde{} b\textless{}/b\textgreater{}",
        ),
        ("Übung für Zoë", "Übung für Zoë"),
        ("Šumava", r"\v{S}umava"),
        ("卷积", "[U+5377][U+79EF]"),
        ("Łódź — ćwiczenia", r"\L{}ód\'{z} --- \'{c}wiczenia"),
        ("Νέα", r"N$\acute{\varepsilon}$$\alpha$"),
        ("x² ≤ ½, 5\u20136 …", r"x$^2$ $\leq$ $\frac12$, 5--6 \dots{}"),
        ("a\nb\x07", "a b[U+0007]"),
    ],
)
def test_latex_prints_text_as_it_stands(text, written):
    assert tex.escaped(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
        ("a *b* _c_ `d` # e", r"a \*b\* \_c\_ \`d\` \# e"),
        ("[x](http://y) | z", r"\[x\](http://y) \| z"),
        ("a\nb", "a b"),
    ],
)
def test_markdown_prints_text_as_it_stands(text, written):
    assert GITHUB.escaped(text) == written


BLOCKS = (
    heading(1, "One"),
    paragraph("With ", Inline(read("x")), ":"),
    Rows((ROW, ROW)),
    Table((("A",), ("B",)), (((Inline(read("1")),), ("b",)),), "lr"),
)


def test_a_latex_document_is_whole():
    text = tex.article("T", BLOCKS)
    assert text.startswith("\\documentclass")
    assert text.endswith("\\end{document}\n")
    heading = "\\leadingsection[{One}]{One.}"  # the paragraph begins on its line
    assert f"{heading}\n\nWith $x$:\n\\begin{{align*}}\nz_{{1}} &= x\\\\*\nz_{{1}} &= x\n" in text
    assert "\n\\section{One}\n" in tex.article("T", [BLOCKS[0], BLOCKS[2]])
    assert "\n\\section{One}\n" in tex.fragment("T", BLOCKS)
    assert "\\begin{longtable}[l]{@{}lr@{}}\n\\toprule\nA & B \\\\\n\\midrule\n" in text


def test_stacked_scripts_of_two_rows_do_not_touch():
    rows = tuple((("x",), (Inline(read(f)),)) for f in ("w^{(2)}_{uk}", "b^{(2)}_{k}", "b_{k}"))
    text = tex.article("T", [Table((("A",), ("B",)), rows, "ll")])
    assert "x & $w^{(2)}_{uk}$ \\\\*[2pt]\nx & $b^{(2)}_{k}$ \\\\*[2pt]\nx & $b_{k}$ \\\\\n" in text


def test_a_markdown_document_is_whole():
    assert md.page("T", BLOCKS) == (
        "# T\n\n## 1 One\n\nWith $`x`$:\n\n"
        "```math\n\\begin{aligned}\nz_{1} &= x \\\\\nz_{1} &= x\n\\end{aligned}\n```\n\n"
        "| A | B |\n| :-- | --: |\n| $`1`$ | b |\n"
    )


def test_a_theorem_is_quoted_in_markdown_but_not_in_jupyter_which_would_print_the_marks():
    note = Note(("A rule",), (paragraph("Then:"), Rows((ROW,))))
    aligned = "\\begin{aligned}\nz_{1} &= x\n\\end{aligned}"
    quoted = "\n".join(f"> {line}" for line in f"```math\n{aligned}\n```".split("\n"))
    assert md.page("T", [note]) == f"# T\n\n> **A rule.**\n>\n> Then:\n>\n{quoted}\n"
    plain = f"# T\n\n**A rule.**\n\nThen:\n\n$$\n{aligned}\n$$\n"
    assert md.page("T", [note], JUPYTER) == plain


def test_markdown_has_no_command_that_github_refuses():
    """It printed "The following macros are not allowed: operatorname" in place of the formula."""
    made = read(r"\operatorname{pad}_{1}\left(x\right)")
    row = Rows((replace(ROW, left=made, sides=(Side(EQUAL, (made,)),)),))
    shown = md.page("T", [paragraph("Here ", Inline(made), "."), row])
    assert shown.count(r"\mathrm{pad}_{1}") == 3
    assert "operatorname" not in shown


def test_lines_of_markdown_leave_room_for_numbers_and_a_plus_is_an_operator():
    summands = ["a_{1}", *(f"+ a_{{{n}}}" for n in range(2, 40))]
    row = Row(read("s"), (Side(EQUAL, tuple(map(read, summands))),), Claim((), lambda _: []))
    without, numbered = (md.page("T", [Rows((r,))]) for r in (row, replace(row, number="1")))
    assert "\\\\\n &{}\\quad + a_{" in without
    widest = [max(map(len, text.split("\n"))) for text in (without, numbered)]
    assert widest[0] > widest[1]


@pytest.mark.parametrize("name", ["docx", "__init__", "../tex", ""])
def test_a_format_that_is_none_is_refused(name):
    with pytest.raises(sc.SymcnnError, match="choose from html, md, pdf, tex, txt"):
        explained().files(name)


def test_a_long_row_in_markdown_leaves_room_for_a_wider_left_side_above_it():
    def made(left, *terms):
        return Row(read(left), (Side(EQUAL, tuple(map(read, terms))),), Claim((), lambda _: []))

    long = made("L", *(["+ 0.123456"] * 7))
    alone, beside = (
        md.write("T", [Rows(rows)], "a")["a.md"].count(r"\\")
        for rows in ((long, made("a", "b")), (long, made(r"f_{4(r-1)+2(s-1)+k}", "b")))
    )
    assert alone < beside
