r"""Checks what sentences state: functions, window positions, and the losses around a step."""

from __future__ import annotations

from itertools import product

from tests.document.readers.formulas import Reader
from tests.document.readers.intervals import FUNCTIONS
from tests.document.readers.scope import Named, Scope
from tests.generated.outside import prose
from tests.generated.outside.figures import figure, wrong_figure
from tests.generated.outside.paper import Paper

TRIED = (-1.75, -0.5, 0.0, 0.625, 2.0)
"""Where functions are compared."""

PLACES = (1, 2, 3)
"""Which positions of a window are compared, and which of its entries."""


def check_functions(paper: Paper, text: str) -> None:
    """Compare the definition of a function with another program's."""
    for name, letter, formula in prose.definitions(text):
        for number in TRIED:
            named = {letter: Named((), lambda _, number=number: number)}
            low, high = Reader(formula, Scope(named)).whole()({})
            if not low - 1e-12 <= FUNCTIONS[name](number) <= high + 1e-12:
                paper.faults.append(f"{name} is not {formula} at {number}")


def check_places(paper: Paper, text: str) -> None:
    """Compare what a position such as i_{u} is said to be with its definition in a theorem."""
    numbers = prose.numbers(text)
    for name, written in prose.places(text).items():
        if name not in paper.places:
            continue
        letters = (name[0], *name.partition("_")[2].strip("{}"))  # k_{gm} is made of g and m
        scope = Scope({}, numbers=numbers)
        defined, said = (Reader(f, scope).whole() for f in (paper.places[name], written))
        single = dict.fromkeys(prose.single(text), 1)
        most = [single.get(n, numbers.get(f"N_{{{n}}}", PLACES[-1])) for n in letters]
        for values in product(*(PLACES[:number] for number in most)):
            env = dict(zip(letters, values, strict=True))
            if defined(env) != said(env):
                paper.faults.append(f"{name} is not {written}")
                break


def check_losses(paper: Paper, said: dict[str, str]) -> None:
    """Check the loss before a step and after it, and what its derivatives foretell."""
    known = paper.known
    learned = [slope for name, slope in known.gradients.items() if "." in name]
    squares = sum((slope**2).sum() for slope in learned)
    expected = {
        prose.BEFORE: known.loss,
        prose.AFTER: known.after,
        prose.SQUARES: squares,
        prose.FORETOLD: known.loss - (paper.rate or 0) * squares,
    }
    for what, text in said.items():
        if expected[what] is not None:
            paper.figures += 1
            if wrong := wrong_figure(expected[what], figure(text), paper.digits):
                paper.faults.append(f"{what}: {wrong}")
