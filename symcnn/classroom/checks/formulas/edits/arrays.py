"""Whole arrays: transposed, flipped, convolution for cross-correlation, full for valid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symcnn.classroom.checks.formulas.edits.edit import Draft, Edit
from symcnn.classroom.checks.formulas.tree import (
    Bin,
    Flipped,
    Node,
    Put,
    Ref,
    Transposed,
    places,
)


def edits(draft: Draft) -> Iterator[Edit]:
    """Run over formulas with other arrays."""
    for node, put in places(draft.formula):
        if isinstance(node, Transposed):
            yield _edit(draft, "transpose too much", _NOT_TURNED, node, node.body, put(node.body))
        if isinstance(node, Ref) and _is_whole(draft, node):
            turned = Transposed(node)
            yield _edit(draft, "transpose missing", _TURNED, node, turned, put(turned))
            flipped = Flipped(node)
            yield _edit(draft, "flip missing", _FLIPPED, node, flipped, put(flipped))
        if isinstance(node, Flipped):
            yield _edit(draft, "flip too much", _NOT_FLIPPED, node, node.body, put(node.body))
    for node, put in places(draft.formula):
        if isinstance(node, Bin):
            yield from _products(draft, node, put)
    yield from _both_transposed(draft)


_TURNED = "the matrix has to be transposed: {old} has to be {new}"
_NOT_TURNED = "the matrix must not be transposed: {old} has to be {new}"
_FLIPPED = "the kernel has to be flipped: {old} has to be {new}"
_NOT_FLIPPED = "the kernel must not be flipped: {old} has to be {new}"
_ORDER = "the factors are in the wrong order: {old} has to be {new}"
_ENTRIES = "the product is one of entries: {old} has to be {new}"
_MODE = "the convolution is another one: {old} has to be {new}"


def _edit(draft: Draft, name: str, sentence: str, old: Node, new: Node, formula: Node) -> Edit:
    said = sentence.format(old=draft.written(old), new=draft.written(new))
    return draft.edit(name, said, formula)


def _is_whole(draft: Draft, node: Ref) -> bool:
    return draft.quantity(node) is not None and len(node.subs or ()) < 2


def _products(draft: Draft, node: Bin, put: Put) -> Iterator[Edit]:
    if node.op == "star":
        for mode in ("full", "valid", "same"):
            if node.mode not in ("", mode):
                new: Node = replace(node, mode=mode)
                yield _edit(draft, f"{mode} missing", _MODE, node, new, put(new))
        other = {"star": "conv", "conv": "corr", "corr": "conv"}.get(node.sign)
        if other:
            new = replace(node, sign=other)
            name = "convolution for cross-correlation"
            yield _edit(draft, name, _MODE, node, new, put(new))
    if node.op in ("*", "odot", "outer"):
        swapped = replace(node, left=node.right, right=node.left)
        if node.op == "*" and isinstance(node.left, Ref | Transposed):
            yield _edit(draft, "order of factors", _ORDER, node, swapped, put(swapped))
            entries = replace(node, op="odot", sign="odot")
            yield _edit(draft, "product of entries", _ENTRIES, node, entries, put(entries))
            for side in _turned_products(node):
                yield _edit(draft, "transpose missing", _TURNED, node, side, put(side))
        if node.op == "odot":
            matrix = replace(node, op="*", sign="")
            sentence = "the product is one of matrices: {old} has to be {new}"
            yield _edit(draft, "product of matrices", sentence, node, matrix, put(matrix))


def _turned_products(node: Bin) -> Iterator[Bin]:
    """Run over a product in the other order, with one or both factors transposed."""
    left, right = node.left, node.right
    yield replace(node, left=right, right=_turn(left))
    yield replace(node, left=_turn(right), right=left)
    yield replace(node, left=_turn(right), right=_turn(left))
    yield replace(node, left=_turn(left), right=_turn(right))


def _turn(node: Node) -> Node:
    return node.body if isinstance(node, Transposed) else Transposed(node)


def _both_transposed(draft: Draft) -> Iterator[Edit]:
    sentence = "the result has to be transposed: {old} has to be {new}"
    whole = draft.formula
    yield _edit(draft, "transpose missing", sentence, whole, Transposed(whole), Transposed(whole))
