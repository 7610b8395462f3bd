"""The pages: every document compiles, and no line is wider than the page."""

import shutil

import pytest

import symcnn as sc
from tests.document.latex import compiled, complaints, one_after_the_other
from tests.document.shared import NAMES, explained
from tests.draws import some

pytestmark = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")


def test_pdflatex_has_nothing_to_complain_of(tmp_path):
    log = compiled(one_after_the_other([explained(n).to_latex() for n in some(NAMES)]), tmp_path)
    assert "Output written" in log
    assert complaints(log) == []


def test_a_title_full_of_markup_is_printed(tmp_path):
    title = r"\end{document} $100% <b>_{x}^2 & ~#{ Ünïcödé 卷积"
    seed = sc.examples.cnn_by_hand()
    log = compiled(sc.explain(sc.Problem(seed.network, seed.values, title)).to_latex(), tmp_path)
    assert "Output written" in log
    assert [line for line in complaints(log) if line.startswith("!")] == []
