"""Theorems and figures that sentences refer to: links in pages that have them, words elsewhere."""

import re
import shutil
import subprocess

import pytest

import symcnn as sc
from symcnn.document.document import Document
from tests.document.latex import compiled, complaints
from tests.document.shared import explained
from tests.draws import slow


def document():
    return explained("strided, padded, grouped")


@pytest.mark.parametrize(("kind", "fewest"), [("theorem", 2), ("figure", 2)])
def test_every_link_leads_to_a_place_of_its_page(kind, fewest):
    for page, target, link in (
        (document().to_latex(), rf"\\hypertarget{{{kind}-(\d+)}}", rf"\\hyperlink{{{kind}-(\d+)}}"),
        (document().to_html(), rf'id="{kind}-(\d+)"', rf'href="#{kind}-(\d+)"'),
    ):
        targets, links = re.findall(target, page), re.findall(link, page)
        assert targets == [str(n + 1) for n in range(len(targets))]
        assert len(links) >= fewest
        assert set(links) <= set(targets)


@pytest.mark.parametrize(
    "written",
    [lambda made: made.to_latex(fragment=True), Document.to_markdown, Document._repr_html_],
    ids=["fragment", "markdown", "notebook"],
)
def test_elsewhere_they_are_words(written):
    """An author's article may load no hyperref, and a notebook shows several documents."""
    page = written(document())
    assert re.search(r"as in Theorem D?\d", page)
    assert re.search(r"Figure D?2 shows the window", page)
    assert re.search(r"Figure D?2\.\W.*The window of conv1", page)
    assert not re.search(r"hyper(link|target)|#(theorem|figure)|id=\"(theorem|figure)", page)


@slow
@pytest.mark.skipif(
    None in map(shutil.which, ("pdflatex", "pdfinfo")), reason="needs pdflatex and pdfinfo"
)
def test_a_pdf_has_its_title_and_bookmarks(tmp_path):
    seed = sc.examples.cnn_by_hand()
    titled = sc.Problem(seed.network, seed.values, title="Łódź — сеть 畳: 50 % of {x} & $y$")
    log = compiled(sc.explain(titled, sections=["backward"]).to_latex(), tmp_path)
    assert complaints(log) == []
    assert "Warning: Token not allowed" not in log
    told = subprocess.run(["pdfinfo", tmp_path / "a.pdf"], capture_output=True, text=True)
    assert re.search(r"^Title: +Łódź — сеть 畳: 50 % of {x} & \$y\$$", told.stdout, re.MULTILINE)
    outline = (tmp_path / "a.out").read_bytes().decode()
    assert outline.count("BOOKMARK [1]") == 1
    assert outline.count("BOOKMARK [2]") == 5
