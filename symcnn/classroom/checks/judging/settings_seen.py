"""Which settings a mistake depends on: what holds wherever it shows, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from symcnn.classroom.checks.judging.trial import Trial


def affected(wrong: Sequence[Trial], right: Sequence[Trial]) -> str:
    """Return in words where a mistake shows; "" where nothing tells the trials apart.

    Args:
        wrong: The trials in which it shows.
        right: The others.
    """
    right = [trial for trial in right if not trial.is_smallest]
    if not wrong or not right:
        return ""
    for phrase in wrong[0].traits:
        holds = all(trial.traits.get(phrase) for trial in wrong)
        if holds and not any(trial.traits.get(phrase) for trial in right):
            return f"only where {phrase}"
    return ""
