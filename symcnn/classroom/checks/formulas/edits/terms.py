"""Terms and letters: a sign, a term too much, an exponent, another tensor, another argument."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symcnn.classroom.checks.formulas.edits.edit import Draft, Edit
from symcnn.classroom.checks.formulas.meaning import Kind, Quantity, is_sample, letter_of
from symcnn.classroom.checks.formulas.tree import (
    HALF,
    Bin,
    Call,
    Node,
    Num,
    Ref,
    Rel,
    number,
    plus,
    rebuilt,
)

_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "!=", "!=": "=="}
_ROUNDED = {"floor": "ceil", "ceil": "floor"}
_FIXED = ("exp", "log", "max", "min", "abs", *_ROUNDED)
_POWERS = (number(1), number(2), number(3), HALF, Bin("/", number(3), number(2)))


def edits(draft: Draft) -> Iterator[Edit]:
    """Run over formulas with other terms, exponents, numbers, functions and conditions."""
    yield from draft.each(_changed)


def _changed(draft: Draft, node: Node) -> Iterator[tuple[str, str, Node]]:
    if isinstance(node, Bin):
        yield from _operations(draft, node)
    if isinstance(node, Num):
        value = node.value
        for other in (value + 1, value - 1, 2 * value, value / 2, -value):
            if other != value:
                yield "number", "the number is wrong:", Num(other)
    if isinstance(node, Call):
        yield from _calls(node)
    if isinstance(node, Call) or (isinstance(node, Ref) and draft.quantity(node)):
        yield "exponent", "the square is missing:", Bin("^", node, number(2))
    if isinstance(node, Rel):
        yield "condition", "the condition is wrong:", replace(node, op=_TURNED[node.op])


def _operations(draft: Draft, node: Bin) -> Iterator[tuple[str, str, Node]]:
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
        what = "it is divided:" if node.op == "*" else "it is multiplied:"
        other = replace(node, op="/" if node.op == "*" else "*", sign="")
        yield "quotient for product", what, other


def _calls(node: Call) -> Iterator[tuple[str, str, Node]]:
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
                    made = rebuilt(draft.formula, lambda n, o=ref, m=new: m if n == o else n)  # type: ignore[misc]
                    sentence = draft.told("another layer is meant:", ref, new)
                    yield draft.edit("another layer", sentence, made, reading)


_KINDS: tuple[Kind, ...] = ("value", "gradient")


def other_tensors(draft: Draft) -> Iterator[Edit]:
    """Read another tensor with the same axes: x for y, z for a, another error signal."""
    for ref in draft.refs():
        for name, tensor in draft.case.network.tensors.items():
            for kind in _KINDS if tensor.role != "loss" else ():
                other = Quantity(name, kind)
                is_known = other in (draft.quantity(ref), draft.reading.target)
                is_given = kind == "gradient" and tensor.role in ("target", "given")
                if draft.case.tags.get(name) == draft.tags(ref) and not is_known and not is_given:
                    yield from _renamed(draft, ref, other, tensor.label)


def _renamed(draft: Draft, ref: Ref, other: Quantity, label: str) -> Iterator[Edit]:
    upper = tuple(n for n in ref.upper if isinstance(n, Ref) and n.base in draft.samples)
    base, is_gradient = label.partition("^")[0], other.kind == "gradient"
    new = replace(ref, base=base, grad=is_gradient, upper=upper)
    letters = dict(draft.reading.letters)
    while letters.setdefault(letter_of(new, draft.samples), other) != other:
        new = replace(new, base=new.base + "'")
    reading = replace(draft.reading, letters=letters)
    sentence = f"{draft.told('another tensor is meant:', ref, new)}, {other.words}"
    yield from draft.each(
        lambda d, node: [("another tensor", sentence, new, reading)] if node == ref else []
    )
