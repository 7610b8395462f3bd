"""Answers: figures by the names of quantities, as they were written.

    layout = "filters-first"
    loss = 0.0304
    "gradient of conv1.weight" = [[[0.1, "?"], [-0.02, 0.3]], ...]

The digits of a figure count, so that numbers of files are read as text: 0.420 is not 0.42. A
question mark, an empty text and a quantity that is not there are answers that were left out; what
is no number is unread. Entries can be given one by one, under the names that documents have for
them. The layout says in which order the figures of kernels stand; without it, their filters are
last.

Figures of quantities that only reindex others, as after Flatten, answer for these: who writes the
derivative with respect to the flattened entries has written the one with respect to the entries
before, which is what is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from os import PathLike
from pathlib import Path
from typing import Any

from sympy import Symbol

from symcnn import limits
from symcnn.classroom.marking.asked import asked, symbol_of
from symcnn.classroom.marking.formats import table
from symcnn.classroom.marking.intervals.written import Unread, Written
from symcnn.classroom.marking.intervals.written import read as figure_in
from symcnn.classroom.marking.letters import Gathered
from symcnn.equations.values.evaluation import LAYOUTS
from symcnn.errors import Mistakes, SymcnnError, located, shown
from symcnn.problems import Problem
from symcnn.problems.layouts import Kernels, layout_of, names_of_kernels

ABOUT = ("title", "student", "variant")
"""What a file of answers may say besides: which sheet it answers, and who does."""


def answers_of(problem: Problem, given: Any) -> Answers:
    """Read answers: a table of them, or the name of a file of one student's.

    Raises:
        SymcnnError: If a quantity is unknown or a shape is wrong; every mistake is a line that
            names the place.
    """
    if isinstance(given, Mapping):
        return read(problem, figures_of(problem, given))
    path = path_of(given)
    with located(path):
        return read(problem, figures_of(problem, table(path, problem)))


def figures_of(problem: Problem, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a table without what it says of itself."""
    about = {*ABOUT} - {*problem.network.tensors}
    return {name: value for name, value in given.items() if name not in about}


def path_of(given: Any) -> Path:
    """Return the path of a file of answers.

    Raises:
        SymcnnError: If it is something else.
    """
    if not isinstance(given, str | PathLike):
        raise SymcnnError(
            f"the answers are a {type(given).__name__}: give a dict of figures, or a file's name"
        )
    return Path(given)


def read(problem: Problem, given: Mapping[str, Any], collected: Collected | None = None) -> Answers:
    """Read a table of figures by the names of quantities or of their entries.

    Args:
        problem: The problem.
        given: The table.
        collected: What is entered for each name, and may take the error of one that is unknown;
            by default such errors are raised, all together.
    """
    mistakes, gathered = Mistakes(), Gathered[Written | Unread](problem)
    kernels, answers = _laid_out(problem, given)
    for name, value in answers.items():
        with (collected or mistakes.collected)():
            named = gathered.names.find(name)
            if named.position is None:
                figures = _figures(problem, named.quantity, value, kernels)
                gathered.whole(named.quantity, figures)
            else:
                _check_asked(problem, named.quantity)
                gathered.single(named, _single(value, name))
    mistakes.end()
    return with_copies(problem, gathered.by_quantity())


LAYOUT = "layout"
"""The key that says in which order the figures of kernels stand."""


def _laid_out(problem: Problem, given: Mapping[str, Any]) -> tuple[Kernels, Mapping[str, Any]]:
    """Return the order of the figures of kernels, and the answers without what states it.

    Of a network with a layer of this name, a key that is no layout has the figures.
    """
    stated = given.get(LAYOUT)
    if stated is None or (LAYOUT in problem.network.tensors and stated not in LAYOUTS):
        return Kernels(names_of_kernels(problem.derivation)), given
    answers = {name: value for name, value in given.items() if name != LAYOUT}
    return Kernels(names_of_kernels(problem.derivation), layout_of(stated, LAYOUT)), answers


def _figures(problem: Problem, name: str, value: Any, kernels: Kernels) -> tuple[Answer, ...]:
    tensor = problem.quantities.shape(name)
    _check_asked(problem, name)
    listed = [value] if tensor.size == 1 and not isinstance(value, list | tuple) else value
    try:
        flat = kernels.entries(listed, tensor, name)
    except RecursionError:
        raise SymcnnError(f"{name} is nested too deeply: give one list for each axis") from None
    return tuple(map(_figure, flat))


def _check_asked(problem: Problem, name: str) -> None:
    tensor = problem.quantities.shape(name)
    if name in problem.network.tensors and tensor.is_given:
        raise SymcnnError(f"{name} is given in the problem, so it needs no answer: leave it out")


def _single(value: Any, name: str) -> Answer:
    if hasattr(value, "__len__") and not isinstance(value, str):
        raise SymcnnError(f"{name} is {shown(value)}: give one number")
    return _figure(value)


def _figure(entry: Any) -> Answer:
    if isinstance(entry, Mapping):
        raise SymcnnError("a figure is a table: give one number for it")
    return entry if isinstance(entry, Unread) else figure_in(_text(entry))


def _text(entry: Any) -> str:
    """Return a figure as text; a Python float shows the digits that it has."""
    if isinstance(entry, int) and abs(entry) >= _MOST:
        return shown(entry)  # Python refuses to write out an integer of thousands of digits
    return "?" if entry is None else str(entry)


_MOST = 10**limits.NUMBER_DIGITS

Collected = Callable[[], AbstractContextManager[None]]
"""Makes what is entered for a part of an input, and may take its error."""

Answer = Written | Unread | None
"""A figure, what stands in the place of one, or nothing."""

Answers = Mapping[str, tuple[Answer, ...]]
"""The figures of quantities, in row-major order."""


def with_copies(problem: Problem, answers: Answers) -> Answers:
    """Return answers with the figures of copies as those of what is asked for."""
    wanted = asked(problem)
    others = {name: figures for name, figures in answers.items() if name not in wanted}
    if not others:
        return answers
    written, found = dict(_by_symbol(problem, others)), dict(answers)
    for name in wanted:
        taken = {} if name in answers else _taken(problem, [*_symbols(problem, name)], written)
        if taken:
            found[name] = tuple(written[copy] for copy in taken.values())
            for other in others:
                if {*_symbols(problem, other)} <= {*taken.values()}:
                    found.pop(other, None)
    return found


def _taken(
    problem: Problem, entries: Sequence[Symbol], written: Mapping[Symbol, Answer]
) -> Mapping[Symbol, Symbol]:
    """Return for each entry the written one that it copies, or that copies it; if all have one."""
    copies = {_original(problem, symbol): symbol for symbol in written}
    found = dict[Symbol, Symbol]()
    for entry in entries:
        original = _original(problem, entry)
        if original in written:
            found[entry] = original
        elif entry in copies:
            found[entry] = copies[entry]
    return found if len(found) == len(entries) else {}


def _by_symbol(problem: Problem, answers: Answers) -> Iterator[tuple[Symbol, Answer]]:
    for name, figures in answers.items():
        yield from zip(_symbols(problem, name), figures, strict=False)


def _symbols(problem: Problem, name: str) -> Iterator[Symbol]:
    """Run over the symbols of a quantity; updated weights and routings have none."""
    for position in problem.quantities.shape(name).positions():
        symbol = symbol_of(problem, name, position)
        if symbol is None:
            return
        yield symbol


def _original(problem: Problem, symbol: Symbol) -> Symbol | None:
    """Return the entry that another one copies; None if it is computed."""
    formula = problem.derivation.entries.formula(symbol)
    return formula if formula is not None and formula.is_Symbol else None
