"""Random networks on paper: one article holds them all, and no line of it is too wide."""

import shutil

import pytest

import symcnn as sc
from tests.document.latex import compiled, complaints
from tests.draws import seeds
from tests.programs.random_networks import tiny_example

HEAD = r"""\documentclass[a4paper,10pt]{article}
\usepackage[margin=2.5cm]{geometry}
\usepackage{amsmath,array,booktabs,longtable,tikz}
\allowdisplaybreaks
\begin{document}
"""


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_no_line_is_wider_than_the_page(tmp_path):
    documents = [sc.explain(sc.Problem(*tiny_example(n))) for n in seeds(0, 0.1)]
    bodies = [document.to_latex(fragment=True) for document in documents]
    text = HEAD + "\n\\clearpage\n".join(bodies) + "\n\\end{document}\n"
    log = compiled(text, tmp_path)
    assert "Output written" in log
    assert complaints(log) == []
