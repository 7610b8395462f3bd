"""What is printed is read back: a row in which one sign of its tree is wrong is found."""

import importlib
from dataclasses import replace
from itertools import islice
from random import Random

import pytest

import symcnn as sc
from symcnn.derivation.read_back import without_ranges
from symcnn.document.rows.read_back import RowReader
from symcnn.document.traversal import all_rows
from symcnn.writing.formula import tree
from symcnn.writing.formula.latex import latex
from tests.document.networks import NETWORKS, problem
from tests.draws import one_of, seeds


def explained_with_its_reader(monkeypatch, stated, **options):
    """Return a document, and what reads its rows."""
    module, found = importlib.import_module("symcnn.document.explanation.worked_out"), []
    made = module.checked_document

    def kept(context, *others):
        found.append(context)
        return made(context, *others)

    monkeypatch.setattr(module, "checked_document", kept)
    return sc.explain(stated, **options), RowReader(found[0])


def spoiled(node):
    """Run over trees that differ from one in a single place."""
    for n, part in enumerate(node):
        if isinstance(part, tuple):
            for other in _others(part):
                yield (
                    node._replace(**{node._fields[n]: other})
                    if hasattr(node, "_fields")
                    else (
                        *node[:n],
                        other,
                        *node[n + 1 :],
                    )
                )


def _others(node):
    if isinstance(node, tree.Fenced) and node.left == "(" and len(node.body.parts) > 1:
        yield tree.Formula(node.body.parts)  # its parentheses are missing
    if node == tree.Atom("+"):
        yield tree.Atom("-")
    if isinstance(node, tree.Fraction) and node.below != tree.Atom("1"):
        yield node.above
    is_sum = isinstance(node, tree.Scripts) and node.base == tree.Atom(r"\sum")
    if isinstance(node, tree.Scripts) and node.sup == tree.Atom("2") and not is_sum:
        yield node._replace(sup=tree.Atom("3"))
    yield from spoiled(node)


def matters(row):
    """Tell whether a row is a formula that the reader of trees reads."""
    terms = [term for side in row.sides for term in without_ranges(side.terms)]
    written = {node for term in terms for node in tree.nodes(term)}
    dots = {tree.Atom(r"\dots"), tree.Atom(r"\cdots")}
    return not written & dots and row.claim.left


@pytest.mark.parametrize("name", one_of(NETWORKS))
@pytest.mark.parametrize("base", one_of([0, 1]))
def test_a_row_with_a_wrong_sign_is_found(monkeypatch, name, base):
    document, reader = explained_with_its_reader(monkeypatch, problem(name), index_base=base)
    found = missed = 0
    for row in filter(matters, all_rows(document.blocks)):
        assert reader.fault(row) is None
        first, *others = row.sides
        formula = without_ranges(first.terms)
        for n, term in enumerate(formula):
            for other in islice(spoiled(term), 3):
                terms = (*first.terms[:n], other, *first.terms[n + 1 :])
                planted = replace(row, sides=(replace(first, terms=terms), *others))
                seen = is_found(reader, planted)
                found, missed = found + seen, missed + (not seen)
    assert found > 20
    assert missed <= found / 15  # a number alone, or a bracket that is seldom 1


def is_found(reader, planted):
    """Tell whether a row is refused, or cannot be read."""
    try:
        return bool(reader.fault(planted))
    except sc.SymcnnError:
        return True


@pytest.mark.parametrize("base", [0, 1])
def test_a_maximum_of_nothing_is_found(monkeypatch, base):
    """Where all indices lie outside it would be infinite, which is near to no number."""
    document, reader = explained_with_its_reader(monkeypatch, problem("an image"), index_base=base)
    rows = [row for row in all_rows(document.blocks) if "max" in latex(row.sides[0].formula)]
    general = next(row for row in rows if "u" in latex(row.sides[0].formula))
    assert reader.fault(general) is None
    first, *others = general.sides
    for term in first.terms:
        for other in spoiled(term):
            planted = replace(general, sides=(replace(first, terms=(other,)), *others))
            assert is_found(reader, planted), latex(other)


def saturated(number):
    """Draw logits of which floats do not hold the exponentials, before a softmax or softplus."""
    drawn = Random(number)
    behind = drawn.choice([sc.Softplus(), sc.Softmax(), sc.LogSoftmax()])
    network = sc.Network((2,), [sc.Dense(3), behind], sc.SumOfOutputs())
    size = 10.0 ** drawn.choice([3, 4, 5, 20, 99])
    signs = drawn.choice([(1,), (-1,), (-1, 1)])
    values = {
        "x": [round(drawn.uniform(0.5, 1), 3) for _ in range(2)],
        "dense1.weight": [
            [drawn.choice(signs) * round(drawn.uniform(1, 2), 3) * size for _ in range(2)]
            for _ in range(3)
        ],
        "dense1.bias": [0, 0, 1],
    }
    return sc.Problem(network, values)


@pytest.mark.parametrize("number", seeds(0, 0.3))
def test_saturated_rows_are_read_back_with_more_digits(monkeypatch, number):
    """log(e^(-917) + e^(-918)) and log(1 + e^(8e99)): no float holds the exponentials."""
    made, reader = explained_with_its_reader(monkeypatch, saturated(number))
    for row in all_rows(made.blocks):
        for n, side in enumerate(row.sides):
            if side.figures and r"\log" in latex(side.formula):
                assert reader.fault(row) is None
                turned = tree.Formula((tree.Atom("-"), *side.formula.parts))
                planted = replace(side, terms=(turned,))
                sides = (*row.sides[:n], planted, *row.sides[n + 1 :])
                assert is_found(reader, replace(row, sides=sides))
