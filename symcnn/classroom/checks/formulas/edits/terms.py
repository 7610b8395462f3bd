"""Terms and letters: a sign, a term too much, an exponent, another tensor, another argument.

Whole arrays: transposed, flipped, convolution for cross-correlation, full for valid.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symcnn.classroom.checks.formulas.edits.edit import Changes, Draft, Edit
from symcnn.classroom.checks.formulas.meaning import Quantity, is_sample, letter_of, samples_above
from symcnn.classroom.checks.formulas.tree import (
    HALF,
    Bin,
    Call,
    Flipped,
    Node,
    Num,
    Ref,
    Rel,
    Transposed,
    exchanged,
    number,
    plus,
)

_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "!=", "!=": "=="}
_ROUNDED = {"floor": "ceil", "ceil": "floor"}
_FIXED = ("exp", "log", "max", "min", "abs", *_ROUNDED)
_POWERS = (number(1), number(2), number(3), HALF, Bin("/", number(3), number(2)))


def edits(draft: Draft) -> Iterator[Edit]:
    """Run over formulas with other terms, exponents, numbers, functions and conditions."""
    yield from draft.each(_changed)


def _changed(draft: Draft, node: Node) -> Changes:
    if isinstance(node, Bin):
        yield from _operations(draft, node)
    if isinstance(node, Num):
        value = node.value
        for other in (value + 1, value - 1, 2 * value, value / 2, -value):
            if other != value:
                yield "number", "the number is wrong:", Num(other)
    if isinstance(node, Call):
        yield from _calls(node)
    if isinstance(node, Call) or draft.is_tensor(node):
        yield "exponent", "the square is missing:", Bin("^", node, number(2))
    if isinstance(node, Rel) and node.op in _TURNED:
        yield "condition", "the condition is wrong:", replace(node, op=_TURNED[node.op])


def _operations(draft: Draft, node: Bin) -> Changes:
    left, right = node.left, node.right
    if node.op == "-":
        yield "sign", "the difference has the wrong sign:", Bin("-", right, left)
    if node.op in "+-":
        yield "sign", "the sign is wrong:", replace(node, op="-" if node.op == "+" else "+")
        for kept, lost in ((left, right), (right, left)):
            yield "term too much", f"the term {draft.written(lost)} is too much", kept
    if node.op == "^":
        if isinstance(left, Bin) and left.op in "+-":
            inner = replace(left, right=replace(node, left=left.right))
            yield "exponent", "the power belongs to one term:", inner
        for power in _POWERS:
            if power != right:
                new = left if power == number(1) else replace(node, right=power)
                yield "exponent", "the exponent is wrong:", new
    if node.op == "/" and not isinstance(right, Num | Ref | Call):
        square = replace(node, right=Bin("^", right, number(2)))
        yield "exponent", "the square of the divisor is missing:", square
    if node.op in ("*", "/"):
        what, op = ("divided", "/") if node.op == "*" else ("multiplied", "*")
        yield "quotient for product", f"it is {what}:", replace(node, op=op, sign="")


def _calls(node: Call) -> Changes:
    if node.name in _ROUNDED:
        yield "rounding", "it is rounded wrongly:", replace(node, name=_ROUNDED[node.name])
    if node.name in _FIXED:
        return
    for primes in {0, 1} - {node.primes}:
        what = "its derivative is meant:" if primes else "the function is meant:"
        yield "derivative of the function", what, replace(node, primes=primes)
    yield "function too much", f"the function {node.name} is too much", node.args[0]


def other_layers(draft: Draft) -> Iterator[Edit]:
    """Read the tensor of the layer before, or behind."""
    for ref in draft.refs():
        for node, by in ((n, by) for n in ref.upper for by in (-1, 1)):
            if is_sample(node, draft.samples):
                continue
            new = replace(ref, upper=tuple(plus(n, by) if n == node else n for n in ref.upper))
            key = letter_of(new, draft.samples)
            for quantity in draft.letters.candidates(key, draft.reading.layer)[:2]:
                if draft.case.tags.get(quantity.name) is not None:
                    letters = {**draft.reading.letters, key: quantity}
                    reading = replace(draft.reading, letters=letters)
                    made = exchanged(draft.formula, {ref: new})
                    sentence = draft.told("another layer is meant:", ref, new)
                    yield draft.edit("another layer", sentence, made, reading)


def other_tensors(draft: Draft) -> Iterator[Edit]:
    """Read another tensor with the same axes: x for y, z for a, another error signal."""
    for ref in draft.refs():
        for name, tensor in draft.case.network.tensors.items():
            if tensor.role == "loss" or draft.case.tags.get(name) != draft.tags(ref):
                continue
            is_given = tensor.role in ("target", "given")
            for other in (Quantity(name), *(() if is_given else (Quantity(name, "gradient"),))):
                if other not in (draft.quantity(ref), draft.reading.target):
                    yield from _renamed(draft, ref, other, tensor.label)


def _renamed(draft: Draft, ref: Ref, other: Quantity, label: str) -> Iterator[Edit]:
    upper, is_gradient = samples_above(ref, draft.samples), other.kind == "gradient"
    new = replace(ref, base=label.partition("^")[0], grad=is_gradient, upper=upper)
    letters = dict(draft.reading.letters)
    while letters.setdefault(letter_of(new, draft.samples), other) != other:
        new = replace(new, base=new.base + "'")
    reading = replace(draft.reading, letters=letters)
    sentence = f"{draft.told('another tensor is meant:', ref, new)}, {other.words}"
    yield from draft.each(
        lambda d, node: [("another tensor", sentence, new, reading)] if node == ref else []
    )


_TURN = "the matrix has to be transposed:"
_MODE = "the convolution is another one:"
_OTHER_SIGN = {"star": "conv", "conv": "corr", "corr": "conv"}


def other_arrays(draft: Draft) -> Iterator[Edit]:
    """Run over formulas with arrays that are transposed or flipped, and with other products."""
    yield from draft.each(_turned)
    yield from draft.each(_products)
    whole = Transposed(draft.formula)
    sentence = draft.told("the result has to be transposed:", draft.formula, whole)
    yield draft.edit("transpose missing", sentence, whole)


def _turned(draft: Draft, node: Node) -> Changes:
    if isinstance(node, Transposed):
        yield "transpose too much", "the matrix must not be transposed:", node.body
    if isinstance(node, Flipped):
        yield "flip too much", "the kernel must not be flipped:", node.body
    if isinstance(node, Ref) and draft.is_tensor(node) and len(node.below) < 2:
        yield "transpose missing", _TURN, Transposed(node)
        yield "flip missing", "the kernel has to be flipped:", Flipped(node)


def _products(draft: Draft, node: Node) -> Changes:
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
        yield "transpose missing", _TURN, replace(swapped, right=_turn(left))
        for first, second in ((right, left), (right, _turn(left)), (left, _turn(right))):
            yield "transpose missing", _TURN, replace(node, left=_turn(first), right=second)
    if node.op == "odot":
        matrix = replace(node, op="*", sign="")
        yield "product of matrices", "the product is one of matrices:", matrix


def _turn(node: Node) -> Node:
    return node.body if isinstance(node, Transposed) else Transposed(node)
