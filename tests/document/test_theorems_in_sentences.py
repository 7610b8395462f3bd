"""LaTeX sets the short formulas of a theorem in its sentences, the others below them."""

import re
from collections import Counter

import pytest

import symcnn as sc
from symcnn.document.blocks import Inline, Note, Paragraph, Rows
from symcnn.document.pages.latex_theorems import run_in
from symcnn.document.rows.layout import TEXT
from symcnn.document.traversal import flat
from symcnn.writing.formula import Fraction
from symcnn.writing.formula.build import joined
from symcnn.writing.formula.build import row as build_row
from symcnn.writing.formula.tree import nodes
from symcnn.writing.formula.width import width
from tests.document.networks import NETWORKS
from tests.document.shared import explained
from tests.draws import some

NAMES = some(["the seed", *NETWORKS])


def notes(name):
    return [block for block in flat(explained(name).blocks) if isinstance(block, Note)]


def formulas(blocks):
    """Run over the formulas of rows, whole."""
    rows = (row for block in blocks if isinstance(block, Rows) for row in block.rows)
    return [build_row(row.left, joined([side.formula for side in row.sides])) for row in rows]


def inline(blocks):
    """Run over the formulas in sentences."""
    parts = (part for block in blocks if isinstance(block, Paragraph) for part in block.text)
    return [part.formula for part in parts if isinstance(part, Inline)]


@pytest.mark.parametrize("name", NAMES)
def test_no_formula_is_lost_and_what_is_wide_or_high_stays_below(name):
    for note in notes(name):
        made = run_in(note)
        before = inline(note.blocks) + formulas(note.blocks)
        assert Counter(inline(made.blocks) + formulas(made.blocks)) == Counter(before)
        for block in made.blocks:
            if isinstance(block, Rows) and len(block.rows) == 1:
                (formula,) = formulas([block])
                is_high = any(isinstance(node, Fraction) for node in nodes(formula))
                assert width(formula) > 0.5 * TEXT or is_high


@pytest.mark.parametrize("name", NAMES)
def test_a_sentence_that_ends_in_a_formula_has_a_full_stop(name):
    for note in notes(name):
        *_, last = run_in(note).blocks
        if isinstance(last, Paragraph):
            assert isinstance(last.text[-1], str)
            assert last.text[-1].rstrip().endswith((".", ")"))


def test_a_theorem_reads_as_one_paragraph():
    layers = [sc.Dense(2), sc.Tanh(), sc.Dense(2)]
    values = {"x": [1, 2], "dense1.weight": [[1, 2], [3, 4]], "dense1.bias": [0, 0]}
    more = {"dense2.weight": [[1, 2], [3, 4]], "dense2.bias": [0, 0], "target": [0, 0]}
    problem = sc.Problem(sc.Network((2,), layers, sc.HalfSquaredError()), {**values, **more})
    text = " ".join(sc.explain(problem).to_latex().split())
    (stated,) = re.findall(
        r"\\textbf\{Theorem \d \(function of single entries\)\.\} (.*?) \\end", text
    )
    assert stated.startswith(r"\itshape Suppose that $a_{m} = \varphi")
    assert re.search(r"Then \$\\delta\^\{z\}_\{m\} = [^$]*\$\.$", stated)
    assert "align" not in stated
