"""The table of layers in LaTeX: no column is printed over the next one."""

import shutil

import pytest

import symcnn as sc
from symcnn.document.blocks import Table
from symcnn.document.pages.writers.tex import article
from symcnn.document.traversal import flat
from tests.document.latex import compiled, complaints

LONG = sc.Network(
    (9, 9, 24),
    [
        sc.Conv2D(128, (3, 2), stride=(2, 1), padding=((1, 0), (0, 1)), dilation=(1, 2), groups=8),
        sc.AvgPool2D(2, stride=(2, 1), padding=((1, 0), (0, 1)), count_include_pad=False),
    ],
    sc.SumOfOutputs(),
    batch=16,
    letters={"conv1": r"z^{[1]}_{\text{hidden}}", "conv1.weight": r"w^{[1]}_{\text{hidden}}"},
)


def layers():
    problem = sc.Problem(LONG, {t.name: [0.5] * t.size for t in LONG.given})
    made = sc.explain(problem, detail="brief")
    tables = (block for block in flat(made.blocks) if isinstance(block, Table))
    return next(table for table in tables if ("Settings",) in table.header)


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_latex_has_room_for_every_word(tmp_path):
    """The settings had 60 points, and were printed over the shape of the output."""
    assert complaints(compiled(article("T", [layers()]), tmp_path)) == []
