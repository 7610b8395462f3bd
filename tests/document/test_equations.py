"""Numbers of equations: the same in every format, and only where a sentence refers to one."""

import re
from itertools import pairwise

import pytest

import symcnn as sc
from symcnn.document.blocks import Citation, Diagram, Heading, Paragraph, Reference, Rows
from symcnn.document.numbering import numbered, texts
from symcnn.document.traversal import all_rows
from symcnn.writing.formula.latex import latex
from tests.document.shared import SEED, explained, problem_named
from tests.draws import slow, some

NAMES = (SEED, "batch normalisation", "strided, padded, grouped")
LEVELS = ("brief", "standard", "full")


def rows(document):
    return {row.number: row for row in all_rows(document.blocks) if row.number}


def references(document):
    parts = (part for words in texts(document.blocks) for part in words)
    return [p.number for p in parts if isinstance(p, Reference) and p.kind == "equation"]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", some(NAMES))
def test_what_is_numbered_is_referred_to_and_nothing_else(name, level):
    document = explained(name, level)
    numbers = [*rows(document)]
    assert numbers == [str(n + 1) for n in range(len(numbers))]
    assert set(references(document)) == set(numbers)
    assert not any(isinstance(part, Citation) for words in texts(document.blocks) for part in words)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", NAMES)
def test_a_sentence_stands_between_a_heading_and_a_figure(name, level):
    """A figure that floats would leave a section empty."""
    blocks = explained(name, level).blocks
    pairs = [(type(before), type(block)) for before, block in pairwise(blocks)]
    assert (Heading, Diagram) not in pairs


def test_every_format_has_the_same_number_at_the_same_equation():
    document, known = explained(SEED), rows(explained(SEED))
    lefts = {number: latex(row.left) for number, row in known.items()}
    tex = re.findall(r"^(.*?) &.*\\tag\{(\d+)\}\\label\{equation-\2\}", document.to_latex(), re.M)
    assert {number: left for left, number in tex} == lefts
    markdown = re.findall(r"^(.*?) &=.* && \\text\{\((\d+)\)\}", document.to_markdown(), re.M)
    assert {number: left for left, number in markdown} == lefts
    html = re.findall(
        r'<span class="number" id="equation-(\d+)">.*?\(\1\)</span>', document.to_html()
    )
    assert html == [*lefts]


def test_text_has_them_at_the_end_of_80_columns():
    pytest.importorskip("rich")
    page = explained(SEED).to_text()
    lines = re.findall(r"^.* {2}\((\d+)\)$", page, re.MULTILINE)
    assert lines == [*rows(explained(SEED))]
    ends = [len(x) for x in page.split("\n") if re.search(r" {2}\(\d+\)$", x)]
    assert set(ends) == {80}


@slow
def test_where_every_entry_is_worked_the_rule_is_named_that_is_used():
    """The rule stands in the section before, so that the numbers below need its number."""
    made = explained(SEED)
    heads = [block for block in made.blocks if isinstance(block, Paragraph)]
    named = [b.text[1] for b in heads if b.text[0] == "By " and b.text[2:] == (":",)]
    found = [rule.number for rule in named if rule.kind == "equation"]
    lefts = [latex(rows(made)[number].left) for number in found]
    assert lefts == [
        r"\frac{\partial L}{\partial w_{uk}}",
        r"\frac{\partial L}{\partial w^{(2)}_{k}}",
    ]


def test_without_the_equation_its_sentence_is_left_out():
    made = sc.explain(problem_named(SEED), sections=["weights"], detail="full")
    assert not rows(made)
    assert "By (" not in made.to_markdown()


def test_the_student_has_the_same_numbers():
    student = explained(SEED).with_blanks()
    assert set(references(student)) <= set(rows(student))
    assert rows(student).keys() == rows(explained(SEED)).keys()


def test_a_paragraph_that_says_nothing_else_is_left_out():
    unknown = Paragraph((Citation("nothing", "By {}:"),))
    assert numbered([unknown, Rows(())]) == (Rows(()),)
