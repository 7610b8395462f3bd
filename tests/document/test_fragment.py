"""The fragment: what an author pastes fits the author's page and changes nothing else."""

import re
import shutil

import pytest

from symcnn.document.blocks import Note, Table, paragraph
from symcnn.document.writers import tex
from tests.document.latex import compiled, complaints, one_after_the_other
from tests.document.shared import SEED, explained

NAMES = (SEED, "strided, padded, grouped", "batch normalisation")
MARGINS = {"article's own": "", "2.5 cm": r"\usepackage[a4paper, margin=2.5cm]{geometry}"}


def pasted(fragment, margins=""):
    """Return an author's article that loads what the fragment says it needs."""
    needed = re.findall(r"^% (\\usepackage\{\w+\})$", fragment, re.MULTILINE)
    preamble = "\n".join([r"\documentclass{article}", margins, *needed])
    return f"{preamble}\n\\begin{{document}}\nBefore.\n\n{fragment}\nAfter.\n\\end{{document}}\n"


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
@pytest.mark.parametrize(("margins", "names"), [("article's own", NAMES), ("2.5 cm", NAMES[:1])])
def test_it_compiles_in_a_plain_article_and_fits(margins, names, tmp_path):
    fragments = [explained(name).to_latex(fragment=True) for name in names]
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
