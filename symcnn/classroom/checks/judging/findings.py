"""The verdict on one array: right, or what is wrong with it, as far as it can be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np

from symcnn.classroom.checks.code.callee import Outcome
from symcnn.classroom.checks.judging.explaining import Diagnosis, causes, diagnosis, likeliest
from symcnn.classroom.checks.judging.maxima import convention
from symcnn.classroom.checks.judging.naming import Heard, Named
from symcnn.classroom.checks.judging.other_shapes import reason
from symcnn.classroom.checks.judging.presentation import Layouts, axes_of_tensor, in_words, picture
from symcnn.classroom.checks.judging.rounded import Array, compared, is_imprecise
from symcnn.classroom.checks.judging.running import Fault, Smaller, case_of, heard
from symcnn.classroom.checks.judging.trial import OF_SAMPLES, OF_SIZES, Trial
from symcnn.classroom.checks.verdict import Case, Finding


def affected(
    wrong: Sequence[Trial],
    right: Sequence[Trial],
    small_wrong: Sequence[Trial] = (),
    small_right: Sequence[Trial] = (),
) -> str:
    """Return in words where a mistake shows; "" where nothing tells the trials apart.

    That it depends on the number of samples is only said if it shows with one number and not with
    another, all else being equal: otherwise it may be any other size of the same trial.
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


@dataclass(frozen=True, eq=False)
class Judge:
    """What the findings on all arrays of a function are made from.

    Attributes:
        names: The arrays that are due.
        trials: The trials.
        outcomes: What came back in each.
        smaller: Trials at small sizes.
        layouts: The layout of the function.
        elsewhere: Trials with another number of axes, in which everything is right.
    """

    names: Sequence[str]
    trials: Sequence[Trial]
    outcomes: Sequence[Outcome]
    smaller: Smaller
    layouts: Layouts
    elsewhere: Sequence[Trial] = ()

    @cached_property
    def _compared(self) -> dict[str, _Compared]:
        """What came back of every array, sorted."""
        found = {name: heard(name, self.trials, self.outcomes) for name in self.names}
        return {name: _Compared(name, *made) for name, made in found.items()}

    @cached_property
    def _causes(self) -> dict[str, list[Named]]:
        """The mistakes that yield each array that is wrong, the likeliest first."""
        wrong = {n: made for n, made in self._compared.items() if made.wrong and not made.faults}
        return likeliest({n: causes(n, made.wrong, made.right) for n, made in wrong.items()})

    @property
    def finds_nothing(self) -> bool:
        """Whether every array is right in every trial."""
        return not any(made.wrong or made.faults for made in self._compared.values())

    def title(self, name: str) -> str:
        """Return what an array is called in findings."""
        return _title(self.trials[0], name)

    def finding(self, name: str) -> tuple[Finding, Sequence[str]]:
        """Return the finding on an array, and what else there is to say."""
        made = self._compared[name]
        title = self.title(name)
        if made.faults:
            return self._faulty(title, name, made.faults, made.found), made.notes
        if not made.wrong:
            return _as_right(title, made.right, name), made.notes
        return self._wrong(title, name, made.wrong, made.right), made.notes

    def _faulty(
        self, title: str, name: str, faults: Sequence[Fault], others: Sequence[Heard]
    ) -> Finding:
        """Return the finding on what has another shape, or is not there at all."""
        fault = min(faults, key=lambda one: (one.verdict == "shape", one.trial.entries))
        alike = [one for one in faults if one.verdict == fault.verdict]
        where = affected([one.trial for one in alike], [one.trial for one in others])
        returned = self.outcomes[self.trials.index(fault.trial)].arrays.get(name)
        if returned is None or fault.verdict == "crashed":
            case = case_of(fault.trial, name, None, self.layouts)
            return Finding(title, "crashed", explanation=fault.explanation, case=case, where=where)
        small = self.smaller.misshapen(name)
        trial, array = (small or [(fault.trial, np.asarray(returned))])[0]
        case = case_of(trial, name, array, self.layouts)
        said = _shapes(self.layouts, trial, name, array)
        largest = max(alike, key=lambda one: one.trial.entries).trial
        at_largest = self.outcomes[self.trials.index(largest)].arrays.get(name)
        if at_largest is not None and (why := reason(largest, name, np.asarray(at_largest))):
            said = f"{said} {why[0].upper()}{why[1:]}."
        return Finding(title, "shape", explanation=said, case=case, where=where)

    def _wrong(
        self, title: str, name: str, wrong: Sequence[Heard], right: Sequence[Heard]
    ) -> Finding:
        first = wrong[0]
        comparison = compared(first.returned, first.trial.due(name))
        small = [Heard(*pair) for pair in self.smaller.wrong(name, tied=first.trial.tied)]
        lower = _imprecise(wrong, name)
        found = self._causes[name]
        what = diagnosis(name, wrong, right, found, small, self.layouts, pairs=not lower)
        if lower and not what.mistake:
            return Finding(
                title,
                "imprecise",
                explanation=_IMPRECISE.format(lower=lower, type=first.returned.dtype),
                case=case_of(first.trial, name, first.returned, self.layouts),
                where=affected([o.trial for o in wrong], [o.trial for o in right]),
                bound=comparison.bound,
                error=comparison.error,
            )
        return Finding(
            title,
            "wrong",
            mistake=what.mistake,
            explanation=what.explanation,
            case=self._case(name, wrong, what),
            where=_where(name, wrong, right, self._small(name, small), self.elsewhere),
            bound=comparison.bound,
            error=comparison.error,
        )

    def _small(self, name: str, wrong: Sequence[Heard]) -> tuple[list[Trial], list[Trial]]:
        """Return the small trials in which an array is wrong, and those in which it is right."""
        shown = [one.trial for one in wrong]
        others = (t for t, o in self.smaller.outcomes if name in o.arrays and t not in shown)
        return shown, [t for t in others if not t.tied]

    def _case(self, name: str, wrong: Sequence[Heard], what: Diagnosis) -> Case:
        """Return the smallest case in which the array is wrong, by the same mistake if it has.

        Its settings are those of the lines that are printed, if it is seen at them.
        """
        small = self.smaller.wrong(name, tied=wrong[0].trial.tied)
        settings = [t.varied for t in self.trials if t.subject is what.subject]

        def is_faint(pair: tuple[Trial, Array]) -> bool:
            """Tell whether what is wrong hardly shows in the few digits that are printed."""
            trial, returned = pair
            with np.errstate(all="ignore"):
                return bool(np.max(np.abs(returned - trial.due(name).value), initial=0.0) < _FAINT)

        likely = sorted(small, key=lambda pair: (is_faint(pair), pair[0].varied not in settings))
        fitting = (
            [next((pair for pair in likely if what.yields(*pair)), likely[0])] if small else []
        )
        own = [(one.trial, one.returned) for one in wrong]
        trial, returned = min((*fitting, *own), key=lambda p: (is_faint(p), p[0].entries))
        return case_of(trial, name, returned, self.layouts)


_IMPRECISE = (
    "The error is larger than rounding in {type} explains, and of the size of rounding in {lower}: "
    "something on the way is computed or accumulated in {lower}."
)


_FAINT = 1e-3
"""The numbers of a case are about 1."""

_AS_A_WHOLE = (
    "The {} is right as a whole, but single entries are farther off than sums of products explain, "
    "as with fast transforms."
)


def _shapes(layouts: Layouts, trial: Trial, name: str, array: Array) -> str:
    """Say which shape an array has, and which one is due, in the layout of the function."""
    due = layouts.shown(trial.subject, name, trial.due(name).value)
    shown = layouts.shown(trial.subject, name, array) if array.ndim == due.ndim else array
    return f"The shape is {shown.shape}, where {due.shape} is due."


def _title(trial: Trial, name: str) -> str:
    return name if trial.subject.kind == "forward" else f"gradient of {name}"


class _Compared:
    """What came back of an array: in which trials it is wrong, and what is to be noted."""

    def __init__(self, name: str, found: Sequence[Heard], faults: Sequence[Fault]) -> None:
        self.found, self.faults = found, faults
        wrong, self.right, notes = list[Heard](), list[Heard](), list[str]()
        for one in found:
            comparison = compared(one.returned, one.trial.due(name))
            rule = convention(one.trial, name, one.returned) if one.trial.tied else ""
            (self.right if comparison.is_right or rule else wrong).append(one)
            if rule:
                notes.append(f"Where maxima are tied, {rule}: any such choice is a subgradient.")
            if comparison.by_norm:
                notes.append(_AS_A_WHOLE.format(_title(one.trial, name)))
        self.wrong = [one for one in wrong if not one.trial.tied] or wrong
        self.notes = [*dict.fromkeys(notes)]


def _as_right(title: str, right: Sequence[Heard], name: str) -> Finding:
    made = [compared(one.returned, one.trial.due(name)) for one in right if not one.trial.tied]
    return Finding(
        title,
        "right",
        bound=max((one.bound for one in made), default=0.0),
        error=max((one.error for one in made), default=0.0),
    )


def _imprecise(wrong: Sequence[Heard], name: str) -> str:
    found = {is_imprecise(one.returned, one.trial.due(name)) for one in wrong}
    return found.pop() if len(found) == 1 else ""


def _where(
    name: str,
    wrong: Sequence[Heard],
    right: Sequence[Heard],
    small: tuple[list[Trial], list[Trial]],
    elsewhere: Sequence[Trial],
) -> str:
    """Return where in the array, and at which settings, it is wrong; with a picture."""
    first = wrong[0]
    mask = compared(first.returned, first.trial.due(name)).wrong
    axes = axes_of_tensor(first.trial.subject, name, mask.ndim)
    said = in_words(mask, axes)
    others = [*(one.trial for one in right), *elsewhere]
    when = affected([one.trial for one in wrong], others, *small)
    drawn = [] if mask.all() or mask.ndim != len(axes) else picture(mask, axes)
    at = f"drawn for {first.trial}" if drawn else ""
    words = "; ".join(part for part in (said, when, at) if part)
    return "\n".join([words, *drawn])
