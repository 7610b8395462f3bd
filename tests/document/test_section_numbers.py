"""Section numbers in every format, and a table of contents where pages are many."""

import re
from itertools import pairwise

import pytest

from symcnn.document.blocks import heading, paragraph
from symcnn.document.numbering import with_section_numbers
from tests.document.shared import SEED, explained

SECTIONS = ["1 The problem", "2 Symbols", "3 Forward pass", "4 Which entry wins each window"]
LONG = "a batch through two convolutions"
"""A network whose document in full detail has more pages than are leafed through."""


def test_subsections_are_counted_in_their_section():
    blocks = [heading(n, "T") for n in (1, 2, 2, 1, 2)]
    made = with_section_numbers([*blocks, paragraph("x")])
    titles = [block.title[0] for block in made if hasattr(block, "title")]
    assert titles == ["1 ", "1.1 ", "1.2 ", "2 ", "2.1 "]


def test_markdown_has_them():
    text = explained(SEED, "standard").to_markdown()
    assert re.findall(r"^## (.*)$", text, re.MULTILINE)[:4] == SECTIONS
    assert "### 3.2 pool1\n" in text


def test_text_has_them():
    pytest.importorskip("rich")
    lines = explained(SEED, "standard").to_text().split("\n")
    assert [above for above, rule in pairwise(lines) if rule[:1] == "═"][1:5] == SECTIONS
    assert "3.2 pool1" in lines


def test_a_student_counts_the_sections_that_are_left():
    text = explained().with_blanks().to_markdown()
    numbers = [int(n) for n in re.findall(r"^## (\d+) ", text, re.MULTILINE)]
    assert numbers == [n + 1 for n in range(len(numbers))]
    assert len(numbers) < len(re.findall("^## ", explained().to_markdown(), re.MULTILINE))


def test_a_long_document_has_contents_and_a_short_one_none():
    full = explained(LONG)
    for document, is_long in (
        (full, True),
        (explained(LONG, "standard"), False),
    ):
        assert ("\n\\contents{" in document.to_latex()) == is_long
    assert "\\contents{" not in full.to_latex(fragment=True)
