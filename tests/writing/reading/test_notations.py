"""Every notation keeps the parentheses of a tree: what is read back of one is true of all."""

import pytest

import symcnn as sc
from symcnn.document.traversal import all_rows
from symcnn.writing.formula import tree
from symcnn.writing.formula.latex import latex
from symcnn.writing.formula.mathml import mathml
from symcnn.writing.formula.operators import explicit
from symcnn.writing.formula.reader import read
from symcnn.writing.formula.unicode import text
from tests.document.networks import problem_of
from tests.document.positioned import LAYERS
from tests.draws import one_of


def parentheses(formula):
    found = [*tree.nodes(formula)]
    fenced = sum(isinstance(node, tree.Fenced) and node.left == "(" for node in found)
    return fenced + found.count(tree.Atom("("))


@pytest.mark.parametrize("base", one_of([0, 1]))
@pytest.mark.parametrize("name", one_of(LAYERS))
def test_every_notation_has_the_parentheses_of_the_tree(name, base):
    stated = problem_of(LAYERS[name], name)
    values = {t: [abs(n) or 1 for n in own] for t, own in stated.values.items()}
    document, found = sc.explain(sc.Problem(LAYERS[name], values), index_base=base), 0
    for row in all_rows(document.blocks):
        for shown in (row.left, *(term for side in row.sides for term in side.terms)):
            count = parentheses(shown)
            found += count
            made = explicit(shown)
            parts = made.parts if isinstance(made, tree.Formula) else (made,)
            assert mathml(parts).count(">(</mo>") == count
            written = text(shown)
            assert written.count("(") + written.count("⁽") >= count  # a quotient has more
            assert parentheses(read(latex(shown))) == count
    assert found
