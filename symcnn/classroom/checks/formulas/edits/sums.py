"""Sums: one that is missing or too much, and other limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symcnn.classroom.checks.formulas.edits.edit import Draft, Edit
from symcnn.classroom.checks.formulas.free import free_letters
from symcnn.classroom.checks.formulas.tree import Node, Range, Ref, Sum, places, plus, rebuilt


def edits(draft: Draft) -> Iterator[Edit]:
    """Run over formulas with other sums."""
    yield from _missing(draft)
    yield from _limits(draft)
    yield from _too_much(draft)
    yield from _over_samples(draft)
    yield from _whole_sums(draft)


def _missing(draft: Draft) -> Iterator[Edit]:
    """Sum over the letters that neither the left side nor a sum binds."""
    left = {*draft.left_indices}
    unbound = [n for n in free_letters(draft.formula) if n not in left]
    if not unbound:
        return
    listed = " and ".join(draft.written(Ref(n)) for n in unbound)
    sentence = f"the sum over {listed} is missing"
    ranges = tuple(map(Range, unbound))
    yield draft.edit("sum missing", sentence, Sum(ranges, draft.formula))
    for node, put in places(draft.formula):
        own = [n for n in free_letters(node) if n in unbound]
        if own == unbound and node is not draft.formula:
            yield draft.edit("sum missing", sentence, put(Sum(ranges, node)))


def _limits(draft: Draft) -> Iterator[Edit]:
    for node, put in places(draft.formula):
        for position, own in enumerate(node.ranges if isinstance(node, Sum) else ()):
            if own.lower is None and own.upper is None:
                continue
            name = draft.written(Ref(own.index))
            for new in _other_limits(own):
                ranges = (*node.ranges[:position], new, *node.ranges[position + 1 :])  # type: ignore[attr-defined]
                head = draft.written(replace(node, ranges=(new,), body=Ref("")))  # type: ignore[type-var]
                sentence = f"the range of the sum over {name} is wrong: it has to be {head.strip()}"
                if new.lower is None:
                    sentence = (
                        f"the range of the sum over {name} is wrong: it runs over all entries"
                    )
                yield draft.edit("range of a sum", sentence, put(replace(node, ranges=ranges)))  # type: ignore[type-var]
        if isinstance(node, Sum) and node.where and node.ranges:
            sentence = "the condition of the sum is wrong: leave it out"
            yield draft.edit("range of a sum", sentence, put(replace(node, where=())))


def _other_limits(own: Range) -> Iterator[Range]:
    for lower in (0, -1, 1):
        for upper in (0, -1, 1):
            if lower or upper:
                yield replace(own, lower=_moved(own.lower, lower), upper=_moved(own.upper, upper))
    yield replace(own, lower=None, upper=None)


def _moved(node: Node | None, by: int) -> Node | None:
    return None if node is None else plus(node, by)


def _too_much(draft: Draft) -> Iterator[Edit]:
    """Leave a sum out, or one of its indices, which is free then."""
    for node, put in places(draft.formula):
        if not isinstance(node, Sum):
            continue
        for position, own in enumerate(node.ranges):
            rest = (*node.ranges[:position], *node.ranges[position + 1 :])
            body = replace(node, ranges=rest) if rest else node.body
            sentence = f"the sum over {draft.written(Ref(own.index))} is too much"
            for name in draft.left_indices:
                free = rebuilt(
                    body,
                    lambda n, o=own.index, m=name: Ref(m) if n == Ref(o) else n,  # type: ignore[misc]
                )
                yield draft.edit("sum too much", sentence, put(free))
            yield draft.edit("sum too much", sentence, put(body))


def _over_samples(draft: Draft) -> Iterator[Edit]:
    """Add the index of the sample above all letters that have one, and the sum over it."""
    if draft.samples & {n.base for r in draft.refs() for n in r.upper if isinstance(n, Ref)}:
        return
    if any("n" in order for order in draft.reading.orders.values()):
        return
    name = next(n for n in ("n", "b", "r", "n'") if n not in draft.taken)
    added = rebuilt(draft.formula, lambda n: _with_sample(draft, n, name))
    if added == draft.formula:
        return
    reading = draft.reading
    orders = dict(reading.orders)
    for (tags, count, _), order in reading.orders.items():
        orders[tags, count, True] = tuple(t for t in order if t != "n")
    for ref in draft.refs():
        tags = tuple(t for t in draft.tags(ref) if t != "-")
        known = next(
            (
                o
                for k, o in orders.items()
                if k[1:] == (len(ref.subs or ()), False) and {*o} <= {*tags}
            ),
            (),
        )
        orders[tags, len(ref.subs or ()), True] = known
    sentence = f"the sum over the samples is missing"  # noqa: F541
    made = Sum((Range(name),), added)
    yield draft.edit(
        "sum over the samples missing", sentence, made, replace(reading, orders=orders, each=False)
    )


def _with_sample(draft: Draft, node: Node, name: str) -> Node:
    if not isinstance(node, Ref) or "n" not in draft.tags(node):
        return node
    return replace(node, upper=(*node.upper, Ref(name)))


def _whole_sums(draft: Draft) -> Iterator[Edit]:
    """Sum all entries of an array."""
    for node, put in places(draft.formula):
        if isinstance(node, Ref) and draft.quantity(node):
            sentence = f"the sum over all positions of {draft.written(node)} is missing"
            yield draft.edit("sum missing", sentence, put(Sum((), node)))
