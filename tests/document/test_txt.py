"""The text writer: 80 columns whatever the document, and nothing is lost or cut."""

import re
import sys
from io import StringIO

import pytest

from symcnn.document.blocks import (
    EQUAL,
    ROUNDED,
    Diagram,
    Inline,
    Note,
    Row,
    Rows,
    Side,
    Table,
    heading,
    paragraph,
)
from symcnn.document.claims import Claim
from symcnn.document.document import Document
from symcnn.document.pages.writers import txt
from symcnn.document.traversal import all_rows
from symcnn.errors import SymcnnError
from symcnn.writing.drawing.picture import Picture
from symcnn.writing.formula import read
from symcnn.writing.formula.unicode import text
from tests.document.shared import PUBLISHED, SEED, explained

NO_CLAIM = Claim((), lambda _: [])
DOCUMENTS = (SEED, PUBLISHED, "strided, padded, grouped", "batch normalisation")


def page(*blocks, title="T"):
    pytest.importorskip("rich")
    return txt.write(title, blocks, "a")["a.txt"]


def row(left, *sides):
    made = (Side(relation, tuple(map(read, terms))) for relation, terms in sides)
    return Row(read(left), tuple(made), NO_CLAIM)


def test_headings_are_underlined_and_sentences_hold_formulas():
    assert page(
        heading(1, "By ", Inline(read(r"\delta^{z}_{11}"))),
        paragraph("Here ", Inline(read("i = 1, 2")), "."),
        heading(2, "Two"),
    ) == ("T\n═\n\n\n1 By δᶻ₁₁\n═════════\n\nHere i = 1, 2.\n\n1.1 Two\n───────\n")


def test_rows_are_aligned_at_their_relations():
    rows = Rows(
        (
            row("z", (EQUAL, ("x_{1}", "+ x_{2}")), (ROUNDED, ("0.5",))),
            row(r"z^{(2)}", (EQUAL, ("- x_{1}", "- x_{2}"))),
        )
    )
    assert page(rows) == "T\n═\n\n     z = x₁ + x₂ ≈ 0.5\n  z⁽²⁾ = -x₁ - x₂\n"


def test_a_formula_is_broken_inside_of_parentheses_more_than_once():
    terms = " + ".join(f"x_{{{n}}}" for n in range(10, 50))
    inner = rf"\left(\left({terms}\right) + y\right) + z"
    made = page(Rows((row("z", (EQUAL, (inner,))),)))
    assert "".join(made.split()).endswith("+x₄₉)+y)+z")
    assert max(map(len, made.splitlines())) <= 80


def test_a_line_of_a_sentence_ends_before_an_operator_not_behind_it_nor_in_a_bracket():
    formula = read(r"y_{123} = \sum_{i} a_{i} b_{i} \left[c_{i} < 0\right] = d \cdot e - f_{2} + g")
    for before in range(30, 80):
        lines = page(paragraph("x" * before + " ", Inline(formula))).splitlines()
        assert not any(re.search(r"(=|∑\S*|·|-|\+|\[[^]]*)$", line.rstrip()) for line in lines)


def test_a_tuple_and_a_letter_with_its_single_size_stay_on_one_line():
    for before in range(60, 80):
        made = page(paragraph("x" * before + " kernel size (3, 3), b:\N{NO-BREAK SPACE}2"))
        assert "(3, 3)" in made
        assert "b: 2" in made


def test_a_wide_row_is_broken_between_sides_and_between_summands():
    summands = ("w_{1} x_{1}", *(f"+ w_{{{n}}} x_{{{n}}}" for n in range(2, 10)))
    assert page(Rows((row("z", (EQUAL, summands), (EQUAL, ("1 + 2 + 3",))),))) == (
        "T\n═\n\n"
        "  z = w₁ x₁ + w₂ x₂ + w₃ x₃ + w₄ x₄ + w₅ x₅ + w₆ x₆ + w₇ x₇ + w₈ x₈ + w₉ x₉\n"
        "    = 1 + 2 + 3\n"
    )
    assert page(Rows((row("z", (EQUAL, (*summands, "+ w_{10}", "- b"))),))) == (
        "T\n═\n\n"
        "  z = w₁ x₁ + w₂ x₂ + w₃ x₃ + w₄ x₄ + w₅ x₅ + w₆ x₆ + w₇ x₇ + w₈ x₈ + w₉ x₉\n"
        "        + w₁₀ - b\n"
    )


def test_a_summand_is_broken_outside_of_its_parentheses():
    numbers = range(20, 25)
    terms = " + ".join(rf"a_{{{n}}} \left(p_{{{n}}} - t_{{{n}}}\right)" for n in numbers)
    product = rf"w^{{(2)}} \left({terms}\right) \left[z > 0\right]"
    assert page(Rows((row("g", (EQUAL, (product,))),))) == (
        "T\n═\n\n  g = w⁽²⁾ (a₂₀ (p₂₀ - t₂₀) + a₂₁ (p₂₁ - t₂₁) + a₂₂ (p₂₂ - t₂₂)\n"
        "        + a₂₃ (p₂₃ - t₂₃) + a₂₄ (p₂₄ - t₂₄)) [z > 0]\n"
    )
    slope = read(r"y' = f(y) + y f(y) \left(1 - f(y)\right)")
    assert "y f(y)\n(1 - f(y))" in page(paragraph("x" * 60, " ", Inline(slope)))


def test_a_table_folds_what_is_too_wide_but_no_formula():
    entries = tuple(p for n in range(1, 8) for p in (Inline(read(rf"x_{{{n}}} = 0.25")), ", "))[:-1]
    header = (("Name",), ("Entries",), ("Size",))
    assert page(Table(header, (((Inline(read("x")),), entries, ("7",)),), "lXr")) == (
        "T\n═\n\n"
        "Name   Entries                                                              Size\n"
        "────────────────────────────────────────────────────────────────────────────────\n"
        "x      x₁ = 0.25, x₂ = 0.25, x₃ = 0.25, x₄ = 0.25, x₅ = 0.25, x₆ = 0.25,       7\n"
        "       x₇ = 0.25\n"
    )


def test_a_note_is_framed_and_a_picture_is_told():
    note = Note(("Theorem",), (paragraph("It is so."), Rows((row("a", (EQUAL, ("b",))),))))
    picture = Diagram(Picture(1, 1, (), "two nodes and an edge"), ("A network.",))
    assert page(note, picture) == (
        "T\n═\n\n"
        f"┌{'─' * 78}┐\n"
        f"│ {'Theorem':76} │\n"
        f"│ {'':76} │\n"
        f"│ {'It is so.':76} │\n"
        f"│ {'':76} │\n"
        f"│ {'  a = b':76} │\n"
        f"└{'─' * 78}┘\n"
        "\n    Picture: two nodes and an edge\n\n    A network.\n"
    )


def test_no_text_is_a_command_to_the_terminal():
    shown = page(title="\x1b[31mred\x1b[0m [bold]b[/bold] :smile:\nu202e\u202e")
    title = "[U+001B][31mred[U+001B][0m [bold]b[/bold] :smile: u202e[U+202E]"
    assert shown == f"{title}\n{'═' * len(title)}\n"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_line_is_too_wide_and_every_left_side_is_there(name):
    cells = pytest.importorskip("rich.cells")
    document = explained(name)
    written = page(*document.blocks, title=document.title)
    lines = written.split("\n")
    assert max(map(cells.cell_len, lines)) <= 80
    assert all(line.isprintable() and line == line.rstrip() for line in lines)
    starts = {line.split(" = ")[0].split(" ≈ ")[0].strip("│ ") for line in lines}
    assert {text(row.left) for row in all_rows(document.blocks)} <= starts


def test_the_seed_ends_where_it_was_published():
    written = page(*explained().blocks)
    assert "  ∂L/∂w₂₃ = δᶻ₁₃ x₂ + δᶻ₂₃ x₃ ≈ 0 · 0.4 + (-0.03659) · 0.7 ≈ -0.02561\n" in written


def test_a_wide_terminal_is_not_filled():
    console = pytest.importorskip("rich.console")
    file = StringIO()
    screen = console.Console(file=file, width=150, force_terminal=True, color_system="standard")
    screen.print(Document("T", (paragraph("word " * 40),)))
    assert "\x1b[1mT\x1b[0m" in file.getvalue()
    assert max(len(line.rstrip()) for line in file.getvalue().splitlines()[3:]) in range(90, 101)


def test_without_rich_one_line_says_what_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "rich.console", None)
    with pytest.raises(SymcnnError, match=r"^the format txt needs rich: pip install rich$"):
        txt.write("T", [], "a")
