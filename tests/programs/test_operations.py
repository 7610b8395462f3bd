"""Operations are counted on formulas; Python's parser counts them in the text."""

import ast
from itertools import product

import pytest

from symcnn import derive, lambdify
from tests.draws import seeds, some
from tests.programs.random_networks import tiny_example


def in_text(node):
    """Count operators, comparisons and calls; of two branches the longer one is run."""
    if isinstance(node, ast.IfExp):
        return in_text(node.test) + max(in_text(node.body), in_text(node.orelse))
    if is_constant(node):
        return 0  # Python computes it when it compiles.
    return one(node) + sum(map(in_text, ast.iter_child_nodes(node)))


def is_constant(node):
    parts = [n for n in ast.walk(node) if not isinstance(n, ast.operator | ast.unaryop)]
    return all(isinstance(n, ast.Constant | ast.BinOp | ast.UnaryOp) for n in parts)


def one(node):
    match node:
        case ast.BinOp() | ast.UnaryOp(op=ast.USub()):
            return 1
        case ast.Compare():
            return len(node.ops)
        case ast.Call(func=ast.Attribute(attr="index", value=ast.Tuple(elts=terms))):
            return len(terms) - 1  # The last one needs no comparison.
        case ast.Call(func=ast.Name(id="float")):
            return 0  # A change of type.
        case ast.Call():
            return 1
    return 0


@pytest.mark.parametrize(("results", "seed"), some(product(["all", "training"], seeds(0, 0.3))))
def test_formulas_take_as_many_as_their_text(results, seed):
    network = tiny_example(seed).network
    listing = lambdify(derive(network), "scalar", results=results).listing
    for block in (*listing.forward, *listing.backward):
        assert block.operations == in_text(ast.parse("\n".join(block.lines)))
