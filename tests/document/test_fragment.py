"""The fragment: what an author pastes fits the author's page and changes nothing else."""

import re
import shutil
from itertools import product

import pytest

import symcnn as sc
from symcnn.document.blocks import Note, Table, paragraph
from symcnn.document.outline import DETAILS
from symcnn.document.pages.writers import tex
from tests.document.latex import compiled, complaints, one_after_the_other
from tests.document.shared import SEED, explained
from tests.draws import some

NAMES = (SEED, "batch normalisation", "strided, padded, grouped")
CASES = some(product(DETAILS, NAMES), 4)
PAGES = some([("article's own", CASES), ("2.5 cm", CASES[:1])])
MARGINS = {"article's own": "", "2.5 cm": r"\usepackage[a4paper, margin=2.5cm]{geometry}"}


def pasted(fragment, margins=""):
    """Return an author's article that loads what the fragment says it needs."""
    needed = re.findall(r"^% (\\usepackage\{\w+\})$", fragment, re.MULTILINE)
    preamble = "\n".join([r"\documentclass{article}", margins, *needed])
    return f"{preamble}\n\\begin{{document}}\nBefore.\n\n{fragment}\nAfter.\n\\end{{document}}\n"


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
@pytest.mark.parametrize(
    ("margins", "cases"), some([("2.5 cm", CASES[:1]), ("article's own", CASES)])
)
def test_it_compiles_in_a_plain_article_and_fits(margins, cases, tmp_path):
    fragments = [explained(name, level).to_latex(fragment=True) for level, name in cases]
    articles = [pasted(fragment, MARGINS[margins]) for fragment in fragments]
    log = compiled(one_after_the_other(articles), tmp_path)
    assert complaints(log) == []
    assert "Output written" in log


def test_it_is_the_body_alone_below_the_packages_it_needs():
    table = Table((("A",),), ((("b",),),), "l")
    assert tex.fragment("50%\n\\input{x}", [paragraph("Words.")]) == (
        "% 50\\% \\textbackslash{}input\\{x\\}\n% \\usepackage{amsmath}\n"
        "\\begingroup\n\\allowdisplaybreaks\n\\setlength{\\emergencystretch}{3em}\n"
        "\\renewcommand{\\arraystretch}{1.25}\n\nWords.\n\n\\endgroup\n"
    )
    inside = tex.fragment("T", [Note(("N",), (table,))]).split("\n")[1:5]
    packages = ("amsmath", "array", "booktabs", "longtable")
    assert inside == [f"% \\usepackage{{{name}}}" for name in packages]


@pytest.mark.parametrize(
    ("level", "commands"),
    [
        ("chapter", {"chapter", "section"}),
        ("section", {"section", "subsection"}),
        ("subsection", {"subsection", "subsubsection"}),
        ("subsubsection", {"subsubsection", "paragraph"}),
    ],
)
def test_its_headings_begin_at_a_level(level, commands):
    made = explained(SEED, "standard").to_latex(fragment=True, heading_level=level)
    assert set(re.findall(r"^\\(chapter|\w*section|paragraph)\b", made, re.MULTILINE)) == commands


def test_its_numbers_are_not_those_of_the_author():
    made = explained(SEED).to_latex(fragment=True, prefix="A.")
    tags = re.findall(r"\\tag\{(.*?)\}", made)
    assert tags == [f"A.{n + 1}" for n in range(2)]
    assert not re.search(r"\\(label|ref|eqref|hyper\w+)\b|Theorem \d", made)
    assert "By (A.2)" in made
    assert "\\textbf{Theorem A.1 (chain rule).}" in made
    assert "Theorem D1 " in explained(SEED, "standard").to_latex(fragment=True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"heading_level": "part"},
            "heading_level is 'part': give one of chapter, section, subsection, subsubsection",
        ),
        (
            {"prefix": "}\\input{x}"},
            r"prefix is '}\\input{x}': give up to 10 ASCII letters, digits, '.' or '-'",
        ),
    ],
)
def test_what_is_no_level_or_prefix_is_one_line(options, message):
    with pytest.raises(sc.SymcnnError) as error:
        explained().to_latex(fragment=True, **options)
    assert str(error.value) == message
