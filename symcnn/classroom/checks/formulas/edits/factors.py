"""Factors: a number, a size such as 1/N, the slope of an activation, an entry of a tensor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import permutations

from symcnn.classroom.checks.formulas.edits.edit import Draft, Edit
from symcnn.classroom.checks.formulas.free import free_letters
from symcnn.classroom.checks.formulas.meaning import Quantity, is_sample
from symcnn.classroom.checks.formulas.tree import (
    ONE,
    Bin,
    Call,
    Neg,
    Node,
    Ref,
    Sum,
    number,
    places,
    walk,
)
from symcnn.network.layers.activation import Activation

Put = Callable[[Node], Node]


def edits(draft: Draft) -> Iterator[Edit]:
    """Run over formulas with another factor."""
    yield from _left_out(draft)
    yield from _numbers(draft)
    yield from _slopes(draft)
    yield from _sizes(draft)
    yield from _complements(draft)
    yield from _entries(draft)
    yield from _missing_terms(draft)


def _terms(draft: Draft) -> Iterator[tuple[Node, Put]]:
    """Run over the whole formula, the terms of its sums, and what is summed."""
    whole = draft.formula
    yield whole, lambda new: new
    for node, put in places(whole):
        if isinstance(node, Bin) and node.op in "+-":
            for side in ("left", "right"):
                yield getattr(node, side), _inside(node, side, put)
        if isinstance(node, Sum):
            yield node.body, _inside(node, "body", put)


def _inside(node: Node, side: str, put: Put) -> Put:
    return lambda new: put(replace(node, **{side: new}))  # type: ignore[type-var]


def _left_out(draft: Draft) -> Iterator[Edit]:
    """Leave a factor out, or a divisor."""
    for node, put in places(draft.formula):
        if isinstance(node, Bin) and node.op in ("*", "odot", "/", "star"):
            sides = ((node.left, node.right), (node.right, node.left))
            for kept, lost in sides[: 1 if node.op == "/" else 2]:
                what = "divisor" if node.op == "/" else "factor"
                sentence = f"the {what} {draft.written(lost)} is too much"
                yield draft.edit(f"{what} too much", sentence, put(kept))
            if node.op == "/" and node.left != ONE:
                sentence = f"the factor {draft.written(node.left)} is too much"
                yield draft.edit("factor too much", sentence, put(Bin("/", ONE, node.right)))


def _numbers(draft: Draft) -> Iterator[Edit]:
    for node, put in _terms(draft):
        minus = node.body if isinstance(node, Neg) else Neg(node)
        sentence = f"the sign of {draft.written(node)} is wrong"
        yield draft.edit("sign", sentence, put(minus))
        for factor, text in ((number(2), "2"), (Bin("/", ONE, number(2)), "1/2")):
            sentence = f"the factor {text} is missing"
            yield draft.edit("factor missing", sentence, put(Bin("*", factor, node)))


def _slopes(draft: Draft) -> Iterator[Edit]:
    """Multiply by the slope of the activation, at the indices of a letter that is there."""
    pairs = [
        (stage.input.name, "f'")
        for stage in draft.case.network.stages
        if isinstance(stage.layer, Activation)
    ]
    for name, _ in pairs:
        base, reading = draft.with_letter(draft.case.network.tensors[name].label, Quantity(name))
        tags = draft.case.tags[name]
        function = _function_name(draft)
        for node, put in _terms(draft):
            for ref in _places_for(draft, node, tags):
                above = tuple(n for n in ref.upper if is_sample(n, draft.samples))
                slope = Call(function, (replace(ref, base=base, upper=above),), 1)
                product = Bin(
                    "odot" if ref.subs is None else "*",
                    slope,
                    node,
                    "odot" if ref.subs is None else "",
                )
                sentence = (
                    f"the slope of the activation is missing: the factor {draft.written(slope)}"
                )
                yield draft.edit("slope missing", sentence, put(product), reading)


def _function_name(draft: Draft) -> str:
    used = [n.name for n in walk(draft.formula) if isinstance(n, Call) and n.name not in _OTHER]
    return used[0] if used else "f" if "f" not in draft.taken else "sigma"


_OTHER = ("exp", "log", "max", "min", "abs", "floor", "ceil", "sqrt", "diag")


def _places_for(draft: Draft, node: Node, tags: tuple[str, ...]) -> Iterator[Ref]:
    """Run over letters with the indices at which a tensor with given axes can be read."""
    found = list[Ref]()
    left = draft.reading.left
    if left is not None and draft.case.tags.get(draft.reading.target.name) == tags:
        found.append(left)
    for ref in walk(node):
        if isinstance(ref, Ref) and draft.quantity(ref) and draft.tags(ref) == tags:
            found.append(ref)
    if left is None and not found and draft.case.tags[draft.reading.target.name] == tags:
        found.append(Ref(""))
    yield from dict.fromkeys(replace(r, base="", grad=False) for r in found)


def _sizes(draft: Draft) -> Iterator[Edit]:
    """Multiply by, or divide by, a size."""
    words = [w for w in draft.case.sizes if " of " not in w or "number" in w or "stride" in w]
    values = dict[str, float]()
    for word in words:
        values.setdefault(word, draft.case.sizes[word])
    for node, put in _terms(draft):
        for word in values:
            letter, reading = draft.with_size(word)
            size = Ref(letter)
            said = f"{draft.written(size)} is {word}"
            inverse = Bin("/", ONE, size)
            sentence = f"the factor 1/{draft.written(size)} is missing, where {said}"
            yield draft.edit("factor missing", sentence, put(Bin("*", inverse, node)), reading)
            sentence = f"the factor {draft.written(size)} is missing, where {said}"
            yield draft.edit("factor missing", sentence, put(Bin("*", size, node)), reading)


def _entries(draft: Draft) -> Iterator[Edit]:
    """Multiply by an entry of a tensor, at indices that are there."""
    tensors = draft.case.network.tensors
    near = [
        t
        for s in draft.letters.near[:2]
        for t in (*s.parameters.values(), *s.auxiliaries.values(), s.output, *s.inputs)
    ]
    for tensor in dict.fromkeys(near):
        tags = tuple(t for t in draft.case.tags[tensor.name] if t not in ("-", "n"))
        quantity = Quantity(tensor.name)
        base, reading = draft.with_letter(tensors[tensor.name].label, quantity)
        for node, put in _terms(draft):
            for subs in _subscripts(draft, node, len(tags)):
                ref = Ref(base, subs)
                sentence = f"the factor {draft.written(ref)} is missing"
                orders = {**reading.orders}
                for each in (False, True):
                    key = (
                        tags
                        if each
                        else tuple(t for t in draft.case.tags[tensor.name] if t != "-"),
                        len(subs),
                        False,
                    )
                    orders.setdefault(key, tags)
                made = put(Bin("*", ref, node))
                yield draft.edit("factor missing", sentence, made, replace(reading, orders=orders))


def _complements(draft: Draft) -> Iterator[Edit]:
    """Multiply by 1 minus something that is there."""
    for node, put in _terms(draft):
        for part in dict.fromkeys(n for n in walk(node) if _is_number(draft, n)):
            factor = Bin("-", ONE, part)
            sentence = f"the factor {draft.written(factor)} is missing"
            yield draft.edit("factor missing", sentence, put(Bin("*", node, factor)))


def _is_number(draft: Draft, node: Node) -> bool:
    return isinstance(node, Call) or (isinstance(node, Ref) and draft.quantity(node) is not None)


def _missing_terms(draft: Draft) -> Iterator[Edit]:
    """Add an entry of a parameter: a bias that was forgotten."""
    for stage in draft.letters.near[:1]:
        for tensor in stage.parameters.values():
            if len(tensor.shape) > 1:
                continue
            base, reading = draft.with_letter(tensor.label, Quantity(tensor.name))
            tags = tuple(t for t in draft.case.tags[tensor.name] if t != "-")
            orders = {**reading.orders, (tags, 1, False): tags}
            for subs in (None, *((Ref(name),) for name in draft.left_indices)):
                term = Ref(base, subs)
                made = Bin("+", draft.formula, term)
                sentence = f"the term {draft.written(term)} is missing"
                yield draft.edit("term missing", sentence, made, replace(reading, orders=orders))


def _subscripts(draft: Draft, node: Node, count: int) -> Iterator[tuple[Node, ...]]:
    names = [*dict.fromkeys([*draft.left_indices, *free_letters(node)])]
    if not 0 < count <= 2 or len(names) > 5:
        return
    for chosen in permutations(names, count):
        yield tuple(map(Ref, chosen))
