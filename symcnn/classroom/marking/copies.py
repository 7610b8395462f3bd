"""Quantities that only reindex others, as after Flatten: their figures answer for these.

Who writes the derivative with respect to the flattened entries has written the one with respect to
the entries before, which is what is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sympy import Symbol

from symcnn.classroom.marking.asked import asked
from symcnn.classroom.marking.intervals.written import Written
from symcnn.classroom.marking.symbols import symbol_of
from symcnn.problems import Problem

Answers = Mapping[str, tuple[Written | None, ...]]
"""The figures of quantities, in row-major order."""


def with_copies(problem: Problem, answers: Answers) -> Answers:
    """Return answers with the figures of copies as those of what is asked for."""
    wanted = asked(problem)
    others = {name: figures for name, figures in answers.items() if name not in wanted}
    if not others:
        return answers
    written, found = dict(_figures(problem, others)), dict(answers)
    for name in wanted:
        taken = {} if name in answers else _taken(problem, [*_symbols(problem, name)], written)
        if taken:
            found[name] = tuple(written[copy] for copy in taken.values())
            for other in others:
                if {*_symbols(problem, other)} <= {*taken.values()}:
                    found.pop(other, None)
    return found


def _taken(
    problem: Problem, entries: Sequence[Symbol], written: Mapping[Symbol, Written | None]
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


def _figures(problem: Problem, answers: Answers) -> Iterator[tuple[Symbol, Written | None]]:
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
