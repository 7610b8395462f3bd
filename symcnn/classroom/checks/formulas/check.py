r"""Formulas of others, checked against the theorem: right, right where, or what is wrong.

A formula is read as people write it, and evaluated at many sizes and settings beside what the
equations of the network give through the derivation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np

from symcnn.classroom.checks.formulas.agreement import (
    WEIGHT,
    Outcome,
    assumption,
    border,
    in_words,
    outcomes,
    reading_notes,
)
from symcnn.classroom.checks.formulas.cases import Case, cases_of
from symcnn.classroom.checks.formulas.edits import Draft, Edit
from symcnn.classroom.checks.formulas.entries import NoValueError
from symcnn.classroom.checks.formulas.letters import Letters
from symcnn.classroom.checks.formulas.meaning import Quantity, Reading, chosen_quantity, quantity_of
from symcnn.classroom.checks.formulas.printing import equation
from symcnn.classroom.checks.formulas.reading import Read, read
from symcnn.classroom.checks.formulas.readings import Readings, own_readings
from symcnn.classroom.checks.formulas.search import Found, mended, search
from symcnn.classroom.checks.formulas.tree import Ref
from symcnn.classroom.checks.formulas.uses import is_guessed, unbound, unknown_letter
from symcnn.classroom.checks.formulas.values import Evaluation
from symcnn.classroom.checks.verdict import Case as Shown
from symcnn.classroom.checks.verdict import Finding, Verdict
from symcnn.errors import SymcnnError, expect
from symcnn.network.network import Network
from symcnn.problems import Problem


def check_formula(
    text: str, of: str, network: Network | Problem, *, letters: Mapping[str, str] | None = None
) -> Verdict:
    r"""Tell whether a formula for a derivative is right, and if not, what is wrong with it.

    The formula may be LaTeX or plain text, with sums, indices, brackets, matrices, flips and
    convolutions as people write them; nothing of it is run. It is evaluated at up to 40 sizes and
    settings of the network's kind, borders included, and compared with what the network's own
    equations give. Whether indices are counted from 0 or from 1, which axis an index stands for,
    and whether ``*`` flips the kernel is found and said in the notes.

    Args:
        text: The formula, with or without its left side.
        of: What it is a formula of: ``"gradient of conv1.weight"``, ``"gradient of x"``, or
            ``"conv1"`` for a value of the forward pass.
        network: The network, or a problem with one.
        letters: What letters stand for where they are not the usual ones:
            ``{"K": "conv1.weight", "E": "gradient of conv1"}``.

    Returns:
        A verdict with one finding. It is right if the formula holds for this network, perhaps
        under an assumption that the network meets, which ``explanation`` says. If it is wrong,
        ``mistake`` and ``explanation`` say which index or factor, ``mended`` is the formula as it
        should be, and ``case`` is the smallest example.

    Raises:
        SymcnnError: If the formula cannot be read, with the place, or if there is no such tensor.

    >>> import symcnn as sc
    >>> net = sc.Network((4, 1), [sc.Conv1D(1, 2)], sc.Upstream())
    >>> text = r"\sum_{i} \delta_{i} x_{i-m}"
    >>> verdict = sc.check_formula(text, of="gradient of conv1.weight", network=net)
    >>> bool(verdict), verdict.findings[0].mistake
    (False, 'sign of an offset')
    """
    expect(text, str, "the formula", r"give its text, such as '\sum_i \delta_i x_{i+m}'")
    made = network.network if isinstance(network, Problem) else network
    expect(made, Network, "network", "give a Network or a Problem")
    if made.sizes or made.real_letters:
        raise SymcnnError(
            "the network has letters for sizes: give it with numbers, network.at(...)"
        )
    target = quantity_of(of, made)
    chosen = {key: chosen_quantity(name, made) for key, name in (letters or {}).items()}
    formula = read(text, frozenset(chosen))
    return _Check(of, Letters(made, target, chosen), formula).verdict()


_DRAFTS = 6
"""So many readings of a wrong formula are mended."""


class _Check:
    """One formula, and one network."""

    def __init__(self, of: str, letters: Letters, formula: Read) -> None:
        right = letters.with_gradients(formula.right, layers=False)
        left = formula.left and letters.with_gradients(formula.left, layers=False)
        assert left is None or isinstance(left, Ref)  # a letter stays one
        self.of, self.letters, self.written = of, letters, formula
        self.formula = formula._replace(left=left, right=right)
        cases = cases_of(letters.network, letters.target.name)
        self.cases = [case for case in cases if _has_numbers(case, letters.target)]
        if not self.cases:
            raise SymcnnError("no small network of this kind has numbers: check another one")

    def verdict(self) -> Verdict:
        """Return the verdict."""
        for formula, reading in own_readings(self.written, self.letters):
            made = outcomes(self.cases, reading, formula.right)
            assumed = assumption(made, self.cases[0].traits)
            if assumed is not None:
                return self._right(reading, made, assumed)
        readings = Readings(self.formula, self.letters, self.cases)
        found = search(readings, self.cases)
        if found.best is not None:
            made = outcomes(self.cases, found.best, self.formula.right)
            assumed = assumption(made, self.cases[0].traits)
            if assumed is not None:
                return self._right(found.best, made, assumed)
        return self._wrong(found)

    def _right(
        self, reading: Reading, made: Mapping[Case, Outcome], assumed: tuple[str, ...]
    ) -> Verdict:
        said = f"It is right only {in_words(assumed)}, as in this network." if assumed else ""
        where = f"right only {in_words(assumed)}" if assumed else ""
        finding = Finding(self.of, "right", "", said, where=where)
        return self._said(finding, reading, [case for case, o in made.items() if o.right])

    def _wrong(self, found: Found) -> Verdict:
        likely = [*self._partly_right(found.best), *found.likely]
        reading = likely[0] if likely else None
        if reading is None:
            raise SymcnnError(self._no_reading(found))
        made = outcomes(self.cases, reading, self.formula.right)
        formula, different = self.formula, dict[object, Reading]()
        for one in likely:
            different.setdefault(_same(one), one)
        drafts = [
            Draft(formula.right, one, self.letters, self.cases[0], formula.latex)
            for one in [*different.values()][:_DRAFTS]
        ]
        mend = mended(drafts, self.cases) if self._is_understood(reading) else ()
        if not mend and not (self._is_understood(reading) and len(found.given) == 1):
            raise SymcnnError(self._not_understood(reading))
        assumed = assumption(made)
        sentences = [*self._sentences(mend), *self._elsewhere(assumed, made, reading)]
        case = self._shown(made, reading)
        name = " and ".join(dict.fromkeys(edit.name for edit in mend))
        where, text = border(made, reading.left), self._mended(mend)
        told = " ".join(sentences)
        finding = Finding(self.of, "wrong", name, told, case, where=where, mended=text)
        return self._said(finding, mend[-1].reading if mend else reading, [*made])

    def _partly_right(self, best: Reading | None) -> list[Reading]:
        """Return a reading with which the formula is right under some assumption."""
        if best is None:
            return []
        made = outcomes(self.cases, best, self.formula.right)
        return [best] if assumption(made) is not None else []

    def _sentences(self, mend: Sequence[Edit]) -> list[str]:
        if not mend:
            return ["It is wrong, and neither one edit nor two mend it."]
        made = [_sentence(edit.sentence) for edit in mend]
        last = mend[-1]
        after = outcomes(self.cases, last.reading, last.formula)
        assumed = assumption(after, self.cases[0].traits)
        if assumed:
            made.append(f"The mended formula is right {in_words(assumed)}.")
        return made

    def _elsewhere(
        self, assumed: tuple[str, ...] | None, made: Mapping[Case, Outcome], reading: Reading
    ) -> list[str]:
        if assumed:
            return [f"As it stands, it is right only {in_words(assumed)}."]
        if self._is_right_turned(reading):
            return ["With a row of weights for each input, as in x W, it is right as it stands."]
        reasons = [o.reason for case, o in made.items() if case.own and o.reason]
        return [f"As it stands, {reasons[0]}."] if reasons else []

    def _is_right_turned(self, reading: Reading) -> bool:
        """Tell whether a formula is right if weights have a row for each input."""
        key = (WEIGHT, 2, False)
        if reading.orders.get(key) != WEIGHT:
            return False
        turned = replace(reading, orders={**reading.orders, key: WEIGHT[::-1]})
        own = [case for case in self.cases if case.own]
        return all(o.right for o in outcomes(own, turned, self.formula.right).values())

    def _mended(self, mend: Sequence[Edit]) -> str:
        if not mend:
            return ""
        last = mend[-1]
        completed = last.name == "channel index missing"
        left = last.reading.left if completed else self.formula.left
        return equation(left, last.formula, self.formula.latex)

    def _is_understood(self, reading: Reading) -> bool:
        """Tell whether all of a formula was read, and every letter in it is known."""
        return not self.formula.rest and not any(map(is_guessed, reading.sizes))

    def _not_understood(self, reading: Reading) -> str:
        guessed = next(filter(is_guessed, reading.sizes), "")
        if guessed:
            return unbound(guessed, self.letters)
        if self.formula.rest:
            return f"the formula was not understood from here on: {self.formula.rest[:60]}"
        return (
            "the formula was not understood: it can be read in several ways, and is right in none "
            "of them; say what its letters stand for, letters={...} (--letter w=conv1.weight)"
        )

    def _no_reading(self, found: Found) -> str:
        if found.reasons:
            return f"the formula has no value: {found.reasons[0]}: mend it, or bind its letters"
        return unbound(unknown_letter(self.formula, self.letters), self.letters)

    def _shown(self, made: Mapping[Case, Outcome], reading: Reading) -> Shown | None:
        """Return the smallest case at which the formula is wrong."""
        wrong = [case for case, o in made.items() if not o.right]
        if not wrong:
            return None
        own = [case for case in wrong if case.own]
        case = min(own or wrong, key=lambda c: sum(a.size for a in c.given.values()))
        evaluation = Evaluation(case, reading, self.formula.right)
        due, returned = evaluation.quantity(reading.target)[0].tolist(), None
        with np.errstate(all="ignore"), suppress(NoValueError):
            due, returned = evaluation.due[0].tolist(), evaluation.computed().tolist()
        inputs = {name: array.tolist() for name, array in case.given.items()}
        return Shown(case.settings, inputs, due, returned)

    def _said(self, finding: Finding, reading: Reading, cases: list[Case]) -> Verdict:
        notes = [*reading_notes(reading, self.formula, self.cases)]
        if self.formula.rest:
            notes.append(f"What stands behind the formula was not read: {self.formula.rest[:60]}")
        title = f"The formula for {self.of if ' ' not in self.of else 'the ' + self.of}"
        return Verdict(title, (finding,), _tried(cases), tuple(notes))


def _same(reading: Reading) -> tuple[object, ...]:
    """Return what a reading has in common with others that are no other drafts."""
    letters, sizes = tuple(reading.letters.items()), tuple(reading.sizes.items())
    return letters, sizes, reading.base, reading.rows, reading.star, reading.left


def _tried(cases: list[Case]) -> tuple[str, ...]:
    """Return the cases in a few words: how many, and the first of each kind."""
    own, others = [c for c in cases if c.own], [c for c in cases if not c.own]
    made = list[str]()
    for kind, word in ((own, "the network's settings"), (others, "other settings")):
        if kind:
            shown = "; ".join([*dict.fromkeys(case.words for case in kind)][:3])
            made.append(f"{len(kind)} with {word} ({shown}{'; ...' if len(kind) > 3 else ''})")
    return tuple(made)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _has_numbers(case: Case, target: Quantity) -> bool:
    """Tell whether a case has finite numbers."""
    try:
        array = (
            case.gradient(target.name) if target.kind == "gradient" else case.values[target.name]
        )
    except (SymcnnError, ArithmeticError, KeyError):
        return False
    return bool(np.all(np.isfinite(array)))
