"""The pages: every document compiles, and no line is wider than the page."""

import re
import shutil
import subprocess

import pytest

import symcnn as sc
from tests.document.networks import NETWORKS, problem

pytestmark = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")

PROBLEMS = {
    "the seed": sc.examples.cnn_by_hand,
    "the seed as published": sc.examples.cnn_by_hand_as_published,
    **{name: lambda name=name: problem(name) for name in NETWORKS},
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_pdflatex_has_nothing_to_complain_of(name, tmp_path):
    log = compiled(sc.explain(PROBLEMS[name]()).to_latex(), tmp_path)
    assert not re.findall(r"^!.*|Overfull.*|.*undefined.*", log, re.MULTILINE)


def test_a_title_full_of_markup_is_printed(tmp_path):
    title = r"\end{document} $100% <b>_{x}^2 & ~#{ Ünïcödé 卷积"
    seed = sc.examples.cnn_by_hand()
    log = compiled(sc.explain(sc.Problem(seed.network, seed.values, title)).to_latex(), tmp_path)
    assert "Output written" in log
    assert not re.findall(r"^!.*", log, re.MULTILINE)


def compiled(tex, folder):
    (folder / "a.tex").write_text(tex, encoding="utf-8")
    for draft in (["-draftmode"], []):  # longtable takes its widths from the run before
        subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", *draft, "a.tex"],
            cwd=folder,
            capture_output=True,
            check=False,
        )
    return (folder / "a.log").read_text(encoding="utf-8", errors="replace")
