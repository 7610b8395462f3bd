"""The indices of channels, filters and samples, where a formula has none of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symcnn.classroom.checks.formulas.axes import POSITIONS, Tags
from symcnn.classroom.checks.formulas.edits.edit import Draft, Edit
from symcnn.classroom.checks.formulas.meaning import Key
from symcnn.classroom.checks.formulas.tree import Node, Range, Ref, Sum, rebuilt


def edits(draft: Draft) -> Iterator[Edit]:
    """Give every array of positions the indices that it lacks, and sum over those that are new."""
    refs = [ref for ref in draft.refs() if _lacks(draft, ref)]
    left = draft.reading.left
    if not refs or left is None or not left.subs:
        return
    names = {role: _fresh(draft, letters) for role, letters in _LETTERS.items()}
    orders = dict(draft.reading.orders)
    new = {ref: _completed(draft, ref, draft.tags(ref), names, orders) for ref in refs}
    target = draft.reading.target.name
    whole = _completed(draft, replace(left), draft.case.tags[target], names, orders, target)
    formula = rebuilt(draft.formula, lambda n: new.get(n, n) if isinstance(n, Ref) else n)
    free = {n.base for n in whole.subs or () if isinstance(n, Ref)}
    used = [n.base for ref in new.values() for n in ref.subs or () if isinstance(n, Ref)]
    summed = [n for n in dict.fromkeys(used) if n in names.values() and n not in free]
    made: Node = Sum(tuple(map(Range, summed)), formula) if summed else formula
    listed = ", ".join(_WORDS[role] for role, name in names.items() if name in used)
    sentence = f"the indices of {listed} are missing"
    if summed:
        sentence += f", and the sum over {', '.join(summed)}"
    reading = replace(draft.reading, left=whole, orders=orders, each=False)
    yield draft.edit("channel index missing", sentence, made, reading)


_LETTERS = {"n": "nbr", "in": "cde", "out": "kfo"}
_WORDS = {"n": "the samples", "in": "the input channels", "out": "the filters"}


def _fresh(draft: Draft, letters: str) -> str:
    return next((n for n in letters if n not in draft.taken), letters[0] + "'")


def _lacks(draft: Draft, ref: Ref) -> bool:
    tags = draft.tags(ref)
    positions = [t for t in tags if t in POSITIONS]
    return bool(positions) and len(ref.subs or ()) == len(positions) and len(tags) > len(positions)


def _completed(
    draft: Draft,
    ref: Ref,
    tags: Tags,
    names: dict[str, str],
    orders: dict[Key, Tags],
    name: str = "",
) -> Ref:
    """Return a letter with all of its indices, in the order of the axes."""
    quantity = draft.quantity(ref)
    name = name or (quantity.name if quantity is not None else "")
    is_output = any(s.output.name == name and s.parameters for s in draft.case.network.stages)
    roles = {"n": "n", "i": "in", "o": "out", "c": "out" if is_output else "in", "f": "in"}
    own = iter(ref.subs or ())
    full = tuple(t for t in tags if t != "-")
    subs = tuple(next(own, Ref("?")) if t in POSITIONS else Ref(names[roles[t]]) for t in full)
    orders[full, len(subs), False] = full
    return replace(ref, subs=subs)
