"""The sentences that say at how many sizes formulas were checked."""

from __future__ import annotations

from collections.abc import Sequence

from symcnn.document.blocks import Inline, Text
from symcnn.document.theory.statement import Printed
from symcnn.document.theory.trial import DIGITS, Trial
from symcnn.document.words.table import filled
from symcnn.document.words.words import listed
from symcnn.writing.printing.names import named

_AGREE = filled(
    f"agree, up to relative errors of $10^{{-{DIGITS[0]}}}$ or absolute ones of "
    f"$10^{{-{DIGITS[1]}}}$, with a forward pass that evaluates the equations term by term, and "
    "with derivatives added up along all paths to the loss."
)


def all_tried(trials: Sequence[Trial]) -> Text:
    """Say once at how many sizes the formulas of several statements were checked."""
    numbers = sorted({len(trial.choices) for trial in trials})
    at = " to ".join(map(str, dict.fromkeys((numbers[0], numbers[-1]))))
    entries = sum(trial.entries for trial in trials)
    chosen = f"Every statement was checked at {at} random choices of its letters"
    return (f"{chosen}: {entries:,} entries ", *_AGREE)


def tried(p: Printed, trial: Trial) -> Text:
    """Say at how many sizes the formulas were checked."""
    network = p.made.network
    letters = [Inline(named(one.name)) for one in (*network.sizes, *network.real_letters)]
    what = "choice" if len(trial.choices) == 1 else "choices"
    of: Text = (" of ", *listed(letters)) if letters else ()
    return (
        f"Checked at {len(trial.choices)} {what}",
        *of,
        f": {trial.entries:,} entries ",
        *_AGREE,
    )
