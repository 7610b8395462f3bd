"""Pictures in documents: in LaTeX, in Markdown and beside it, and for students."""

import re
import shutil
import subprocess
from base64 import b64decode
from functools import cache
from xml.etree import ElementTree

import pytest

import symcnn as sc
from symcnn.document.blocks import Diagram, Heading, Inline, Note, paragraph
from symcnn.document.pages.writers import md, tex
from symcnn.document.pictures.layers import layers
from symcnn.document.pictures.network import network
from symcnn.document.rows.blanks import blanked
from symcnn.document.story.pictures import network_picture
from symcnn.document.story.windows import window_pictures
from symcnn.writing.drawing.picture import Label, Picture
from symcnn.writing.drawing.tikz import tikz
from symcnn.writing.formula import read
from tests.document.pictures.contexts import MAKERS, context, material_of, said, words
from tests.document.shared import explained
from tests.draws import slow, some

SMALL = Diagram(
    Picture(40, 10, (Label(20, 5, read("x_{1}")),), "an x"), ("See ", Inline(read("x")), ".")
)


@cache
def seed_blocks():
    return explained().blocks


def test_latex_draws_with_tikz_where_there_is_a_picture():
    article = tex.article("T", [SMALL])
    assert "\\usepackage{longtable}\n" in article
    assert article.count("\\usepackage{tikz}\n") == 1
    assert "\\begin{center}\n\\begin{tikzpicture}" in article
    assert "\\small\nSee $x$.\n\\end{minipage}\n\\end{center}" in article
    assert "\\usepackage{tikz}" in tex.article("T", [Note(("N",), (SMALL,))])
    assert "tikz" not in tex.article("T", [paragraph("no picture")])


def test_markdown_has_its_pictures_beside_it():
    files = md.write("T", [SMALL, Note(("N",), (SMALL,))], "page")
    assert list(files) == ["page.md", "page-1.svg", "page-2.svg"]
    assert files["page.md"] == (
        "# T\n\n![an x](page-1.svg)\n\nSee $`x`$.\n\n"
        "> **N.**\n>\n> ![an x](page-2.svg)\n>\n> See $`x`$.\n"
    )
    assert ElementTree.fromstring(files["page-1.svg"]).get("width") == "53"


def test_markdown_alone_holds_its_pictures():
    (data,) = re.findall(r"!\[an x\]\(data:image/svg\+xml;base64,(.*?)\)", md.page("T", [SMALL]))
    assert ElementTree.fromstring(b64decode(data).decode()).get("aria-label") == "an x"


def test_a_document_has_its_pictures_where_they_belong():
    kinds = [
        "".join(part for part in block.title if isinstance(part, str))
        if isinstance(block, Heading)
        else block
        for block in seed_blocks()
        if isinstance(block, Heading | Diagram)
    ]
    places = [n for n, block in enumerate(kinds) if isinstance(block, Diagram)]
    before = [kinds[n - 1] for n in places[:2]]
    assert len(places) == 3
    assert before == ["The network", "Following one weight through the network"]
    assert kinds[places[0] + 1] == "Symbols"
    assert kinds[places[2] + 1] == "Backward pass"


def test_captions_say_what_is_seen():
    drawn, window, path = (b for b in seed_blocks() if isinstance(b, Diagram))
    assert "A thick edge starts at the winner of a window" in words(drawn.caption)
    assert words(drawn.caption).endswith(
        "In flatten1, entries are only renamed; they share their nodes."
    )
    assert words(window.caption).endswith(
        "each times the weight at the same place of the kernel, add up to z_{23}. Here the weight "
        "w_{23} (orange) meets x_{3}."
    )
    assert words(path.caption) == (
        "The way back to w_{23}. The weight meets a different entry of the input at each shaded "
        "position; its derivative is the sum of these entries, each times the error signal there."
    )


def test_students_are_told_what_belongs_into_the_boxes():
    drawn = next(b for b in blanked(seed_blocks(), 6) if isinstance(b, Diagram))
    assert (
        "Below each node stands its value, or a box for it. Error signals, which are computed in "
        "the opposite direction, go into the boxes with \\delta." in words(drawn.caption)
    )
    chain = sc.Network((1,), [sc.ReLU() for _ in range(12)], sc.SumOfOutputs())
    (_, _, drawn) = network_picture(material_of(sc.Problem(chain, {"x": [3]}, title="a chain")))
    assert "Write the value of each node below it." in words(drawn.redrawn().caption)


def test_captions_say_what_else_is_added():
    window, path = (
        b
        for b in window_pictures(context("a batch through two convolutions"))
        if isinstance(b, Diagram)
    )
    assert "of the kernel, and the bias b_{2} add up to z_{1222}" in words(window.caption)
    assert words(path.caption).endswith("Further terms come from the other sample.")
    _, _, drawn = network_picture(context("a batch through two convolutions"))
    assert "The layers for sample 1 of the batch, those with" in words(drawn.caption)
    network = sc.Network((2,), [sc.Dense(1, bias=False)], sc.SoftmaxCrossEntropy())
    given = {"x": [1, 2], "dense1.weight": [1, 2], "target": [1]}
    _, _, drawn = network_picture(material_of(sc.Problem(network, given), "full"))
    assert "In the log-sum-exp of the loss, entries are only renamed" in words(drawn.caption)


def test_students_see_no_answers():
    pictures = [b.picture for b in blanked(seed_blocks(), 6) if isinstance(b, Diagram)]
    texts = {said(s) for p in pictures for s in p.shapes if isinstance(s, Label)}
    assert {"0.4", "0.7", "0.8", "z_{23}"} <= texts
    assert not texts & {"0.24", "0.26", "0.214", r"\approx 0.5533", r"\approx -0.02561"}
    assert not any(getattr(s, "thick", False) for p in pictures for s in p.shapes)
    assert not any("0.24" in p.alt or "0.0256" in p.alt for p in pictures)


def log_of(source, folder):
    (folder / "a.tex").write_text(source, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "a.tex"]
    subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return (folder / "a.log").read_text(encoding="utf-8", errors="replace")


@slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_pdflatex_draws_every_picture(tmp_path):
    made = [context(name) for name in some(MAKERS, 7)]
    drawn = [found.picture for m in made if (found := network(m))]
    drawn += [layers(m).picture for m in made]
    drawn += [b.picture for m in made for b in window_pictures(m) if isinstance(b, Diagram)]
    article = tex.article("T", [Diagram(picture, ("c",)) for picture in drawn])
    log = log_of(article, tmp_path)
    assert "Output written" in log
    assert not re.findall(r"^!.*|Overfull.*|.*undefined.*", log, re.MULTILINE)


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_a_pasted_picture_needs_tikz_alone(tmp_path):
    picture, *_ = network(context("seed"))
    source = (
        "\\documentclass{article}\n\\usepackage{tikz}\n\\begin{document}\n\\noindent\n"
        f"{tikz(picture, tex.escaped)}\n\\end{{document}}\n"
    )
    log = log_of(source, tmp_path)
    assert "Output written" in log
    assert not re.findall(r"^!.*", log, re.MULTILINE)
