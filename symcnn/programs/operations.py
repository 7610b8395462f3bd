"""How many arithmetic operations a program emits."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import NamedTuple

from symcnn.backends.python.listing import Block, Listing


class Operations(NamedTuple):
    """Operations of the forward pass, and of the gradients after it."""

    forward: int
    gradients: int

    @property
    def ratio(self) -> float:
        """(forward + gradients) / forward."""
        return (self.forward + self.gradients) / self.forward


def operations(listing: Listing) -> Operations:
    """Count arithmetic operators, comparisons and calls in the statements."""
    return Operations(_in_blocks(listing.forward), _in_blocks(listing.backward))


def _in_blocks(blocks: Iterable[Block]) -> int:
    text = "\n".join(line for block in blocks for line in block.lines)
    return _all(ast.parse(text))


def _all(node: ast.AST) -> int:
    """Count inside a node too; of two branches the longer one is run."""
    if isinstance(node, ast.IfExp):
        return _all(node.test) + max(_all(node.body), _all(node.orelse))
    return _cost(node) + sum(map(_all, ast.iter_child_nodes(node)))


def _cost(node: ast.AST) -> int:
    match node:
        case ast.BinOp(left=ast.Constant(), right=ast.Constant()):
            return 0  # Python computes it when it compiles.
        case ast.BinOp() | ast.UnaryOp(op=ast.USub(), operand=ast.expr()):
            return 1
        case ast.Compare():
            return len(node.ops)
        case ast.Call(func=ast.Attribute(attr="index", value=ast.Tuple(elts=terms))):
            return len(terms) - 1  # The last one needs no comparison.
        case ast.Call(func=ast.Name(id="float")):
            return 0  # A change of type.
        case ast.Call():
            return 1
        case _:
            return 0
