"""When a part of a page is shown: which decisions it depends on, and how they have to fall.

A part stands in some documents and not in others. Decisions are added one after the other, each
the one that separates most pairs of such documents, until no two that fall alike differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symcnn.classroom.interactive.deciding import State
from symcnn.classroom.interactive.merging import Presence


@dataclass(frozen=True)
class Condition:
    """When a part is shown.

    Attributes:
        decisions: The numbers of the decisions that it depends on.
        shown: How they fall where it is shown.
        hidden: How they fall where it is not; anything else is not known.
    """

    decisions: tuple[int, ...]
    shown: frozenset[State]
    hidden: frozenset[State]


def condition(
    presence: Presence, states: Sequence[State], own: Sequence[int] = ()
) -> Condition | None:
    """Return when a part is shown; None if the decisions do not tell.

    Args:
        presence: The documents in which it stands.
        states: How everything is decided at the numbers of every document.
        own: The decisions about what the part speaks of, which are tried first.
    """
    return _condition(presence, states, own) or _condition(presence, states, range(len(states[0])))


def _condition(
    presence: Presence, states: Sequence[State], among: Sequence[int]
) -> Condition | None:
    inside = [states[n] for n in sorted(presence)]
    outside = [state for n, state in enumerate(states) if n not in presence]
    pairs = [(one, other) for one in inside for other in outside]
    chosen: list[int] = []
    while pairs:
        counts = {k: sum(one[k] != other[k] for one, other in pairs) for k in among}
        best = max(counts, key=counts.__getitem__, default=None)
        if best is None or not counts[best]:
            return None
        chosen.append(best)
        pairs = [(one, other) for one, other in pairs if one[best] == other[best]]
    chosen.sort()
    shown, hidden = (frozenset(_projected(s, chosen) for s in side) for side in (inside, outside))
    return Condition(tuple(chosen), shown, hidden)


def _projected(state: State, chosen: Sequence[int]) -> State:
    return tuple(state[k] for k in chosen)
