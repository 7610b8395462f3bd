"""Factors: a number, a size such as 1/N, the slope of an activation, an entry of a tensor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

from symcnn.classroom.checks.formulas.axes import Tags
from symcnn.classroom.checks.formulas.edits.edit import Changes, Draft, Edit
from symcnn.classroom.checks.formulas.meaning import Quantity, samples_above
from symcnn.classroom.checks.formulas.tree import (
    HALF,
    ONE,
    Bin,
    Call,
    Neg,
    Node,
    Put,
    Ref,
    Sum,
    Where,
    nodes,
    number,
    places,
    summed,
    walk,
    with_part,
)
from symcnn.classroom.checks.formulas.uses import free_letters
from symcnn.network.layers.activation import Activation


def edits(draft: Draft) -> Iterator[Edit]:
    """Run over formulas with another factor."""
    yield from draft.each(_left_out)
    for rule in (_signs, _slopes, _sizes, _complements, _entries):
        yield from draft.each(rule, _terms)
    yield from _missing_terms(draft)


def _terms(whole: Node) -> Iterator[tuple[Node, Put]]:
    """Run over the whole formula, the terms of its sums, what is summed, and arguments."""
    yield whole, lambda new: new
    for node, put in places(whole):
        if isinstance(node, Bin) and node.op in "+-":
            yield node.left, _inside(node, ("left", None), put)
            yield node.right, _inside(node, ("right", None), put)
        if isinstance(node, Sum):
            yield node.body, _inside(node, ("body", None), put)
        if isinstance(node, Call) and len(node.args) == 1:
            yield node.args[0], _inside(node, ("args", 0), put)


def _inside(node: Node, where: Where, put: Put) -> Put:
    return lambda new: put(with_part(node, where, new))


def _left_out(draft: Draft, node: Node) -> Changes:
    if not isinstance(node, Bin) or node.op not in ("*", "odot", "/", "star"):
        return
    left, right = node.left, node.right
    kept = [(left, right), (right, left)]
    if node.op == "/":
        yield "divisor too much", f"the divisor {draft.written(right)} is too much", left
        kept = [(Bin("/", ONE, right), left)] if left != ONE else []
    for rest, lost in kept:
        yield "factor too much", f"the factor {draft.written(lost)} is too much", rest


def _signs(draft: Draft, node: Node) -> Changes:
    minus = node.body if isinstance(node, Neg) else Neg(node)
    yield "sign", f"the sign of {draft.written(node)} is wrong", minus
    for factor, text in ((number(2), "2"), (HALF, "1/2")):
        yield "factor missing", f"the factor {text} is missing", Bin("*", factor, node)


def _slopes(draft: Draft, node: Node) -> Changes:
    """Multiply by the slope of the activation, at the indices of a letter that is there."""
    used = (n.name for n in nodes(Call, draft.formula) if n.name not in _OTHER)
    function = next(used, draft.fresh(("f", "sigma")))
    stages = draft.case.network.stages
    for name in [s.input.name for s in stages if isinstance(s.layer, Activation)]:
        base, reading = draft.with_letter(draft.case.network.tensors[name].label, Quantity(name))
        for ref in _places_for(draft, node, draft.case.tags[name]):
            above = samples_above(ref, draft.samples)
            slope = Call(function, (replace(ref, base=base, upper=above),), 1)
            op, sign = ("odot", "odot") if ref.subs is None else ("*", "")
            sentence = f"the slope of the activation is missing: the factor {draft.written(slope)}"
            yield "slope missing", sentence, Bin(op, slope, node, sign), reading


_OTHER = ("exp", "log", "max", "min", "abs", "floor", "ceil", "sqrt", "diag")


def _places_for(draft: Draft, node: Node, tags: Tags) -> Iterator[Ref]:
    """Run over letters with the indices at which a tensor with given axes can be read."""
    left, is_like_target = draft.reading.left, draft.case.tags[draft.reading.target.name] == tags
    found = [left] if left is not None and is_like_target else []
    found += [r for r in nodes(Ref, node) if draft.quantity(r) and draft.tags(r) == tags]
    if left is None and not found and is_like_target:
        found.append(Ref(""))
    yield from dict.fromkeys(replace(r, base="", grad=False) for r in found)


def _sizes(draft: Draft, node: Node) -> Changes:
    """Multiply by, or divide by, a size."""
    for word in draft.case.sizes:
        if " of " not in word or "number" in word or "stride" in word:
            letter, reading = draft.with_size(word)
            size, name = Ref(letter), draft.written(Ref(letter))
            factors: list[tuple[Node, str]] = [(Bin("/", ONE, size), f"1/{name}"), (size, name)]
            if word.startswith("the number of features"):
                root = Bin("/", ONE, Bin("^", size, HALF))
                factors.append((root, draft.written(root)))
            for factor, text in factors:
                sentence = f"the factor {text} is missing, where {name} is {word}"
                yield "factor missing", sentence, Bin("*", factor, node), reading


def _complements(draft: Draft, node: Node) -> Changes:
    """Multiply by 1 minus something that is there."""
    for part in dict.fromkeys(walk(node)):
        if isinstance(part, Call) or draft.is_tensor(part):
            factor = Bin("-", ONE, part)
            sentence = f"the factor {draft.written(factor)} is missing"
            yield "factor missing", sentence, Bin("*", node, factor)


def _entries(draft: Draft, node: Node) -> Changes:
    """Multiply by an entry of a tensor, at indices that are there."""
    near = [
        tensor
        for s in draft.letters.near[:2]
        for tensor in (*s.parameters.values(), *s.auxiliaries.values(), s.output, *s.inputs)
    ]
    end = draft.case.network.loss_stage
    if end.given is not None and draft.case.network.output in near:
        near.append(end.given)
    inside = {n.base for n in nodes(Ref, node)}
    bound = [name for name in summed(draft.formula) if name in inside]
    names = [*dict.fromkeys([*draft.left_indices, *free_letters(node), *bound])]
    for tensor in dict.fromkeys(near) if len(names) <= 5 else ():
        axes = draft.axes(tensor.name)
        tags = tuple(tag for tag in axes if tag != "n")
        base, reading = draft.with_letter(tensor.label, Quantity(tensor.name))
        for chosen in permutations(names, len(tags)) if len(tags) in (1, 2) else ():
            ref = Ref(base, tuple(map(Ref, chosen)))
            orders = {(own, len(tags), False): tags for own in (axes, tags)} | {**reading.orders}
            sentence = f"the factor {draft.written(ref)} is missing"
            yield "factor missing", sentence, Bin("*", ref, node), replace(reading, orders=orders)


def _missing_terms(draft: Draft) -> Iterator[Edit]:
    """Add an entry of a parameter: a bias that was forgotten."""
    for tensor in (t for stage in draft.letters.near[:1] for t in stage.parameters.values()):
        if len(tensor.shape) == 1:
            base, reading = draft.with_letter(tensor.label, Quantity(tensor.name))
            tags = draft.axes(tensor.name)
            reading = replace(reading, orders={**reading.orders, (tags, 1, False): tags})
            for subs in (None, *((Ref(name),) for name in draft.left_indices)):
                term = Ref(base, subs)
                sentence = f"the term {draft.written(term)} is missing"
                yield draft.edit("term missing", sentence, Bin("+", draft.formula, term), reading)
