"""Terms and letters: a sign, a term too much, an exponent, another tensor, another argument."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symcnn.classroom.checks.formulas.edits.edit import Draft, Edit
from symcnn.classroom.checks.formulas.meaning import Kind, Quantity, is_sample, letter_of
from symcnn.classroom.checks.formulas.tree import (
    Bin,
    Call,
    Node,
    Num,
    Put,
    Ref,
    Rel,
    number,
    places,
    plus,
    rebuilt,
)


def edits(draft: Draft) -> Iterator[Edit]:
    """Run over formulas with other terms, exponents and letters."""
    for node, put in places(draft.formula):
        if isinstance(node, Bin) and node.op in "+-":
            yield from _terms(draft, node, put)
        if isinstance(node, Bin) and node.op == "^":
            yield from _powers(draft, node, put)
        if isinstance(node, Num):
            yield from _numbers(draft, node, put)
        if isinstance(node, Call):
            yield from _calls(draft, node, put)
        if isinstance(node, Call) or (isinstance(node, Ref) and draft.quantity(node)):
            square: Node = Bin("^", node, number(2))
            sentence = _said(draft, "the square is missing", node, square)
            yield draft.edit("exponent", sentence, put(square))
        if isinstance(node, Rel):
            yield from _relations(draft, node, put)
        if isinstance(node, Bin) and node.op in ("*", "/"):
            yield from _quotients(draft, node, put)


def _said(draft: Draft, what: str, old: Node, new: Node) -> str:
    return f"{what}: {draft.written(old)} has to be {draft.written(new)}"


def _terms(draft: Draft, node: Bin, put: Put) -> Iterator[Edit]:
    swapped = Bin("-", node.right, node.left)
    if node.op == "-":
        sentence = _said(draft, "the difference has the wrong sign", node, swapped)
        yield draft.edit("sign", sentence, put(swapped))
    other = replace(node, op="-" if node.op == "+" else "+")
    yield draft.edit("sign", _said(draft, "the sign is wrong", node, other), put(other))
    for kept, lost in ((node.left, node.right), (node.right, node.left)):
        sentence = f"the term {draft.written(lost)} is too much"
        yield draft.edit("term too much", sentence, put(kept))


def _powers(draft: Draft, node: Bin, put: Put) -> Iterator[Edit]:
    if isinstance(node.left, Bin) and node.left.op in "+-":
        inner: Node = replace(node.left, right=replace(node, left=node.left.right))
        sentence = _said(draft, "the power belongs to one term", node, inner)
        yield draft.edit("exponent", sentence, put(inner))
    half = Bin("/", number(1), number(2))
    for power in (number(1), number(2), number(3), half, Bin("/", number(3), number(2))):
        if power != node.right:
            new: Node = node.left if power == number(1) else replace(node, right=power)
            sentence = _said(draft, "the exponent is wrong", node, new)
            yield draft.edit("exponent", sentence, put(new))


def _numbers(draft: Draft, node: Num, put: Put) -> Iterator[Edit]:
    for value in (node.value + 1, node.value - 1, 2 * node.value, node.value / 2, -node.value):
        if value != node.value:
            sentence = _said(draft, "the number is wrong", node, Num(value))
            yield draft.edit("number", sentence, put(Num(value)))


def _calls(draft: Draft, node: Call, put: Put) -> Iterator[Edit]:
    if node.name in ("exp", "log", "max", "min", "floor", "ceil", "abs"):
        if node.name in ("floor", "ceil"):
            other = replace(node, name="ceil" if node.name == "floor" else "floor")
            yield draft.edit(
                "rounding", _said(draft, "it is rounded wrongly", node, other), put(other)
            )
        return
    for primes in {0, 1} - {node.primes}:
        new = replace(node, primes=primes)
        what = "the function is meant" if not primes else "its derivative is meant"
        yield draft.edit("derivative of the function", _said(draft, what, node, new), put(new))
    sentence = f"the function {node.name} is too much"
    yield draft.edit("function too much", sentence, put(node.args[0]))


def _relations(draft: Draft, node: Rel, put: Put) -> Iterator[Edit]:
    turned = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "!=", "!=": "=="}
    new = replace(node, op=turned[node.op])
    yield draft.edit("condition", _said(draft, "the condition is wrong", node, new), put(new))


def _quotients(draft: Draft, node: Bin, put: Put) -> Iterator[Edit]:
    new = replace(node, op="/" if node.op == "*" else "*", sign="")
    what = "it is divided" if node.op == "*" else "it is multiplied"
    yield draft.edit("quotient for product", _said(draft, what, node, new), put(new))


def other_layers(draft: Draft) -> Iterator[Edit]:
    """Read the tensor of the layer before, or behind."""
    for ref in draft.refs():
        for node in ref.upper:
            if is_sample(node, draft.samples):
                continue
            for by in (-1, 1):
                new = replace(ref, upper=tuple(plus(n, by) if n == node else n for n in ref.upper))
                key = letter_of(new, draft.samples)
                for quantity in draft.letters.candidates(key, draft.reading.layer)[:2]:
                    if draft.case.tags.get(quantity.name) is None:
                        continue
                    letters = {**draft.reading.letters, key: quantity}
                    reading = replace(draft.reading, letters=letters)
                    sentence = _said(draft, "another layer is meant", ref, new)
                    made = rebuilt(draft.formula, lambda n, o=ref, m=new: m if n == o else n)  # type: ignore[misc]
                    yield draft.edit("another layer", sentence, made, reading)


_KINDS: tuple[Kind, ...] = ("value", "gradient")


def other_tensors(draft: Draft) -> Iterator[Edit]:
    """Read another tensor with the same axes: x for y, z for a, another error signal."""
    tensors = draft.case.network.tensors
    for ref in draft.refs():
        quantity, tags = draft.quantity(ref), draft.tags(ref)
        for name, tensor in tensors.items():
            for kind in _KINDS:
                other = Quantity(name, kind)
                same = draft.case.tags.get(name) == tags and other != quantity
                own = other == draft.reading.target or (
                    kind == "gradient" and tensor.role in ("target", "given")
                )
                if not same or own or tensor.role == "loss":
                    continue
                yield from _renamed(draft, ref, other, tensor.label)


def _renamed(draft: Draft, ref: Ref, other: Quantity, label: str) -> Iterator[Edit]:
    new = replace(
        ref,
        base=label.partition("^")[0],
        grad=other.kind == "gradient",
        upper=tuple(n for n in ref.upper if isinstance(n, Ref) and n.base in draft.samples),
    )
    letters = dict(draft.reading.letters)
    key = letter_of(new, draft.samples)
    while key in letters and letters[key] != other:
        new = replace(new, base=new.base + "'")
        key = letter_of(new, draft.samples)
    letters[key] = other
    reading = replace(draft.reading, letters=letters)
    sentence = f"{_said(draft, 'another tensor is meant', ref, new)}, {other.words}"
    for node, put in places(draft.formula):
        if node == ref:
            yield draft.edit("another tensor", sentence, put(new), reading)
