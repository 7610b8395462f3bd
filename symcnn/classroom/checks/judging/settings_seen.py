"""Which settings a mistake depends on: what holds wherever it shows, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from symcnn.classroom.checks.judging.trial import OF_SAMPLES, OF_SIZES, Trial


def affected(
    wrong: Sequence[Trial],
    right: Sequence[Trial],
    small_wrong: Sequence[Trial] = (),
    small_right: Sequence[Trial] = (),
) -> str:
    """Return in words where a mistake shows; "" where nothing tells the trials apart.

    That it depends on the number of samples is only said if it shows with one number and not with
    another, all else being equal: otherwise it may be any other size of the same trial.

    Args:
        wrong: The trials in which it shows.
        right: The others.
        small_wrong: The trials at small sizes in which it shows.
        small_right: The others of these.
    """
    right = [trial for trial in right if not trial.is_smallest]
    if not wrong or not right:
        return ""
    for phrase in wrong[0].traits:
        shown = [*wrong, *(small_wrong if phrase in OF_SIZES else ())]
        holds = all(trial.traits.get(phrase) for trial in shown)
        holds = holds and not any(trial.traits.get(phrase) for trial in right)
        if holds and (phrase not in OF_SAMPLES or _alone(shown, [*right, *small_right])):
            return f"only where {phrase}"
    return ""


def _alone(wrong: Sequence[Trial], right: Sequence[Trial]) -> bool:
    """Tell whether a trial in which a mistake shows differs from another in its samples alone."""
    return any(
        one.subject.network.input_shape == other.subject.network.input_shape
        and one.varied == other.varied
        and one.batch != other.batch
        for one, other in product(wrong, right)
    )
