"""Two of the marking places: ``mark``, and the practice page's engine run by Node."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import symcnn as sc
from symcnn.classroom.marking.asked import asked
from symcnn.classroom.marking.precision import precision
from symcnn.classroom.practice.page import PracticeProgram, engine
from symcnn.problems import Accuracy
from tests.classroom.marking.grid.drawing import posed
from tests.classroom.marking.grid.dues import Entry
from tests.classroom.marking.grid.handin import HandIn
from tests.programs.backends.javascript.node import node

MARK = """
import { readFileSync } from "node:fs";
const jobs = JSON.parse(readFileSync(new URL("jobs.json", import.meta.url), "utf8"));
const marked = jobs.map(({ program, sheets }) => {
  const ways = waysOf(program);
  return sheets.map((texts) => {
    const sheet = new Sheet(program, answersOf(texts));
    return sheet.marked(ways).map((one, n) => {
      const isCarried = Boolean(sheet.judgement(n).isCarried);
      return [one.verdict, one.share, isCarried, one.mistakes.map((m) => program.mistakes[m][0])];
    });
  });
});
console.log(JSON.stringify(marked));
"""


class Mark(NamedTuple):
    """What a figure gets.

    Attributes:
        verdict: The verdict.
        points: The points of one that can be had.
        mistakes: The mistakes that are named.
    """

    verdict: str
    points: float
    mistakes: tuple[str, ...]


Marks = Mapping[Entry, Mark]


@lru_cache(maxsize=4)
def problem(number: int) -> sc.Problem:
    """Return the problem of a class, with what is asked for."""
    net, settings = posed(number)
    accuracy = Accuracy(
        settings.digits, settings.tolerance, "accepted" if settings.truncation else "named"
    )
    return replace(net.drawn.problem, answers=accuracy)


def entry(net: Any, quantity: str, position: Sequence[int]) -> Entry:
    """Return the entry of a figure as students know it: there the sample comes first."""
    array = net.true[quantity]
    at = tuple(position)
    if at in array:
        return quantity, at
    return quantity, (0, *at)


def by_mark(number: int, handins: Mapping[int, HandIn]) -> dict[int, Marks]:
    """Return what ``mark`` gives to hand-ins of one class."""
    net, settings = posed(number)
    answers = {str(k): handin.answers for k, handin in handins.items()}
    found = sc.mark_class(
        problem(number), answers, carried=settings.carried, imprecise=settings.imprecise
    )
    return {
        int(k): {
            entry(net, f.quantity, f.position): Mark(
                f.verdict, marking.share(f), tuple(mistake.name for mistake in f.mistakes)
            )
            for f in marking.figures
        }
        for k, marking in found.markings.items()
    }


def by_practice(classes: Mapping[int, Mapping[int, HandIn]]) -> dict[int, Marks]:
    """Return what the practice page gives to the hand-ins of some classes."""
    jobs, entries = [], dict[int, list[Entry]]()
    for number, handins in classes.items():
        (net, settings), given = posed(number), problem(number)
        near = precision(given, imprecise=settings.imprecise)
        program = PracticeProgram(given, asked(given), near=near).data()
        entries[number] = [entry(net, name, at) for name, at, *_ in program["figures"]]
        texts = [[h.texts[q][at] for q, at in entries[number]] for h in handins.values()]
        jobs.append({"program": program, "sheets": texts})
    with TemporaryDirectory() as folder:
        (Path(folder) / "jobs.json").write_text(json.dumps(jobs), encoding="utf-8")
        marked = json.loads(node(f"{engine()}\n{MARK}", Path(folder)))
    return {
        k: {
            at: Mark(verdict, share * (posed(number)[1].carried if is_carried else 1), tuple(names))
            for at, (verdict, share, is_carried, names) in zip(entries[number], made, strict=True)
        }
        for (number, handins), sheets in zip(classes.items(), marked, strict=True)
        for k, made in zip(handins, sheets, strict=True)
    }
