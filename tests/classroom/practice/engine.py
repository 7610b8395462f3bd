"""The engine of the page, run by Node."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import symcnn as sc
from symcnn.classroom.marking.asked import asked
from symcnn.classroom.marking.precision import precision
from symcnn.classroom.practice.page import PracticeProgram, engine
from tests.programs.backends.javascript.node import node

MARK = """
import { readFileSync } from "node:fs";
const jobs = JSON.parse(readFileSync(new URL("jobs.json", import.meta.url), "utf8"));
const marked = jobs.map(({ program, sheets, earned }) => {
  const ways = waysOf(program), concealing = new Concealing(program, ways);
  const names = (mistakes) => mistakes.map((mistake) => program.mistakes[mistake][0]);
  return sheets.map((texts) => {
    const sheet = new Sheet(program, answersOf(texts)), made = sheet.marked(ways);
    const hidden = sheet.concealed(concealing, made).map(names);
    return made.map((one, n) => [one.verdict, ...(earned ? [one.share] : []),
      ...names(one.mistakes), ...hidden[n].map((name) => `${name}?`)]);
  });
});
console.log(JSON.stringify(marked));
"""

Figures = list[list[str]]
"""For every figure its verdict, the names of the mistakes that yield it, and those, with a question
mark, that its quantity conceals."""


def texts(problem: sc.Problem, answers: Mapping[str, Any]) -> list[str]:
    """Return a sheet as the page has it: what is written for every figure that is asked for."""
    figures = sc.mark(problem, answers).figures
    return ["" if figure.answer is None else figure.answer.text for figure in figures]


def by_page(
    jobs: Sequence[tuple[sc.Problem, list[list[str]]]], folder: Path, **how: Any
) -> list[Any]:
    """Return how sheets of problems are marked in JavaScript.

    Told how near figures have to be, also what share of its points a figure earns.
    """
    made = [
        {
            "program": PracticeProgram(given, asked(given), near=precision(given, **how)).data(),
            "sheets": sheets,
            "earned": bool(how),
        }
        for given, sheets in jobs
    ]
    (folder / "jobs.json").write_text(json.dumps(made), encoding="utf-8")
    return json.loads(node(f"{engine()}\n{MARK}", folder))


def by_marking(problem: sc.Problem, answers: Mapping[str, Any]) -> Figures:
    """Return how a sheet is marked by ``symcnn mark``."""
    marking = sc.mark(problem, answers)
    hidden: dict[str, list[str]] = {}
    for one in marking.concealed:
        hidden.setdefault(one.quantity, []).append(f"{one.mistake.name}?")
    return [
        [f.verdict, *(mistake.name for mistake in f.mistakes), *hidden.get(f.quantity, ())]
        for f in marking.figures
    ]
