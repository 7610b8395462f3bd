"""Whole arrays: transposed, flipped, convolution for cross-correlation, full for valid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symcnn.classroom.checks.formulas.edits.edit import Draft, Edit
from symcnn.classroom.checks.formulas.tree import Bin, Flipped, Node, Ref, Transposed


def edits(draft: Draft) -> Iterator[Edit]:
    """Run over formulas with other arrays."""
    yield from draft.each(_turned)
    yield from draft.each(_products)
    whole = Transposed(draft.formula)
    sentence = draft.told("the result has to be transposed:", draft.formula, whole)
    yield draft.edit("transpose missing", sentence, whole)


_TURN = "the matrix has to be transposed:"
_MODE = "the convolution is another one:"
_OTHER_SIGN = {"star": "conv", "conv": "corr", "corr": "conv"}


def _turned(draft: Draft, node: Node) -> Iterator[tuple[str, str, Node]]:
    if isinstance(node, Transposed):
        yield "transpose too much", "the matrix must not be transposed:", node.body
    if isinstance(node, Flipped):
        yield "flip too much", "the kernel must not be flipped:", node.body
    if isinstance(node, Ref) and draft.quantity(node) is not None and len(node.subs or ()) < 2:
        yield "transpose missing", _TURN, Transposed(node)
        yield "flip missing", "the kernel has to be flipped:", Flipped(node)


def _products(draft: Draft, node: Node) -> Iterator[tuple[str, str, Node]]:
    if not isinstance(node, Bin):
        return
    left, right = node.left, node.right
    if node.op == "star":
        for mode in ("full", "valid", "same"):
            if node.mode not in ("", mode):
                yield f"{mode} missing", _MODE, replace(node, mode=mode)
        if other := _OTHER_SIGN.get(node.sign):
            yield "convolution for cross-correlation", _MODE, replace(node, sign=other)
    if node.op == "*" and isinstance(left, Ref | Transposed):
        swapped = replace(node, left=right, right=left)
        yield "order of factors", "the factors are in the wrong order:", swapped
        entries = replace(node, op="odot", sign="odot")
        yield "product of entries", "the product is one of entries:", entries
        yield "transpose missing", _TURN, replace(node, left=right, right=_turn(left))
        for first, second in ((right, left), (right, _turn(left)), (left, _turn(right))):
            yield "transpose missing", _TURN, replace(node, left=_turn(first), right=second)
    if node.op == "odot":
        matrix = replace(node, op="*", sign="")
        yield "product of matrices", "the product is one of matrices:", matrix


def _turn(node: Node) -> Node:
    return node.body if isinstance(node, Transposed) else Transposed(node)
