"""Sums: one that is missing or too much, and other limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from symcnn.classroom.checks.formulas.edits.edit import Changes, Draft, Edit
from symcnn.classroom.checks.formulas.tree import (
    Node,
    Range,
    Ref,
    Sum,
    exchanged,
    places,
    plus,
    rebuilt,
)
from symcnn.classroom.checks.formulas.uses import free_letters


def edits(draft: Draft) -> Iterator[Edit]:
    """Run over formulas with other sums."""
    yield from _missing(draft)
    yield from draft.each(_limits)
    yield from draft.each(_too_much)
    yield from _over_samples(draft)
    yield from draft.each(_whole_sums)


def _missing(draft: Draft) -> Iterator[Edit]:
    """Sum over the letters that neither the left side nor a sum binds."""
    unbound = [n for n in free_letters(draft.formula) if n not in draft.left_indices]
    listed = " and ".join(draft.written(Ref(n)) for n in unbound)
    for node, put in places(draft.formula) if unbound else ():
        if [n for n in free_letters(node) if n in unbound] == unbound:
            made = put(Sum(tuple(map(Range, unbound)), node))
            yield draft.edit("sum missing", f"the sum over {listed} is missing", made)


def _limits(draft: Draft, node: Node) -> Changes:
    if not isinstance(node, Sum):
        return
    name = "range of a sum"
    for position, own in enumerate(node.ranges):
        if own.lower is None and own.upper is None:
            continue
        wrong = f"the range of the sum over {draft.written(Ref(own.index))} is wrong: it"
        for lower, upper in [*product((0, -1, 1), repeat=2)][1:]:
            new = replace(own, lower=_moved(own.lower, lower), upper=_moved(own.upper, upper))
            head = draft.written(replace(node, ranges=(new,), body=Ref(""))).strip()
            yield name, f"{wrong} has to be {head}", _with_ranges(node, position, new)
        everywhere = _with_ranges(node, position, Range(own.index))
        yield name, f"{wrong} runs over all entries", everywhere
    if node.where and node.ranges:
        yield name, "the condition of the sum is wrong: leave it out", replace(node, where=())


def _moved(node: Node | None, by: int) -> Node | None:
    return None if node is None else plus(node, by)


def _with_ranges(node: Sum, position: int, *new: Range) -> Sum:
    return replace(node, ranges=(*node.ranges[:position], *new, *node.ranges[position + 1 :]))


def _too_much(draft: Draft, node: Node) -> Changes:
    """Leave a sum out, or one of its indices, which is free then."""
    if isinstance(node, Sum):
        for position, own in enumerate(node.ranges):
            rest = _with_ranges(node, position)
            body = rest if rest.ranges else rest.body
            sentence = f"the sum over {draft.written(Ref(own.index))} is too much"
            for name in draft.left_indices:
                yield "sum too much", sentence, exchanged(body, {Ref(own.index): Ref(name)})
            yield "sum too much", sentence, body


def _over_samples(draft: Draft) -> Iterator[Edit]:
    """Add the index of the sample above all letters that have one, and the sum over it."""
    above = {n.base for r in draft.refs() for n in r.upper if isinstance(n, Ref)}
    if draft.samples & above or any("n" in order for order in draft.reading.orders.values()):
        return
    name = draft.fresh(("n", "b", "r", "n'"))
    added = rebuilt(draft.formula, lambda n: _with_sample(draft, n, name))
    if added == draft.formula:
        return
    orders = dict(draft.reading.orders)
    for (tags, count, _), order in draft.reading.orders.items():
        orders[tags, count, True] = tuple(t for t in order if t != "n")
    for ref in draft.refs():
        tags, count = tuple(t for t in draft.tags(ref) if t != "-"), len(ref.below)
        known = (o for k, o in orders.items() if k[1:] == (count, False) and {*o} <= {*tags})
        orders[tags, count, True] = next(known, ())
    reading = replace(draft.reading, orders=orders, each=False)
    sentence, made = "the sum over the samples is missing", Sum((Range(name),), added)
    yield draft.edit("sum over the samples missing", sentence, made, reading)


def _with_sample(draft: Draft, node: Node, name: str) -> Node:
    if not isinstance(node, Ref) or "n" not in draft.tags(node):
        return node
    return replace(node, upper=(*node.upper, Ref(name)))


def _whole_sums(draft: Draft, node: Node) -> Changes:
    if draft.is_tensor(node):
        sentence = f"the sum over all positions of {draft.written(node)} is missing"
        yield "sum missing", sentence, Sum((), node)
