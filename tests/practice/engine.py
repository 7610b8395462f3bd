"""The engine of the page, run by Node."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import symcnn as sc
from symcnn.marking.asked import asked
from symcnn.practice.program import Program
from symcnn.practice.scripts import engine
from tests.backends.javascript.node import node

MARK = """
import { readFileSync } from "node:fs";
const jobs = JSON.parse(readFileSync(new URL("jobs.json", import.meta.url), "utf8"));
const marked = jobs.map(({ program, sheets }) => {
  const ways = waysOf(program);
  return sheets.map((texts) => new Sheet(program, answersOf(texts)).marked(ways).map((one) =>
    [one.verdict, ...one.mistakes.map((mistake) => program.mistakes[mistake][0])]));
});
console.log(JSON.stringify(marked));
"""

Figures = list[list[str]]
"""For every figure its verdict, and the names of the mistakes that yield it."""


def texts(problem: sc.Problem, answers: Mapping[str, Any]) -> list[str]:
    """Return a sheet as the page has it: what is written for every figure that is asked for."""
    figures = sc.mark(problem, answers).figures
    return ["" if figure.answer is None else figure.answer.text for figure in figures]


def by_page(jobs: Sequence[tuple[sc.Problem, list[list[str]]]], folder: Path) -> list[Any]:
    """Return how sheets of problems are marked in JavaScript."""
    made = [
        {"program": Program(given, asked(given)).data(), "sheets": sheets} for given, sheets in jobs
    ]
    (folder / "jobs.json").write_text(json.dumps(made), encoding="utf-8")
    return json.loads(node(f"{engine()}\n{MARK}", folder))


def by_marking(problem: sc.Problem, answers: Mapping[str, Any]) -> Figures:
    """Return how a sheet is marked by ``symcnn mark``."""
    figures = sc.mark(problem, answers).figures
    return [[figure.verdict, *(mistake.name for mistake in figure.mistakes)] for figure in figures]
