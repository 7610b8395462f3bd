"""Modules of JavaScript, run by one process of Node."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import which
from typing import Any

import numpy as np
import pytest

import symcnn as sc
from symcnn import limits
from symcnn.programs.export.module import exported

NODE = which("node")

needs_node = pytest.mark.skipif(NODE is None, reason="needs node")

RUN = """
import { readdirSync } from "node:fs";
const rows = (tensors) =>
  Object.fromEntries(Object.entries(tensors).map(([name, row]) => [name, Array.from(row)]));
const lines = [];
for (const name of readdirSync(new URL(".", import.meta.url)).filter((n) => n.startsWith("m"))) {
  const made = await import(`./${name}`);
  const stages = made.stages(made.VALUES);
  lines.push({
    ...made.lossAndGradients(made.VALUES),
    stages: Object.fromEntries(Object.entries(stages).map(([kind, t]) => [kind, rows(t)])),
    shapes: made.SHAPES,
  });
}
console.log(JSON.stringify(lines));
"""


def module(derivation: sc.Derivation, values: Mapping[str, Any], way: str = "auto") -> str:
    """Return a module, written entry by entry ("entries"), as loops ("loops"), or as it is."""
    usual = limits.USUAL_SCALAR_TERMS
    limits.USUAL_SCALAR_TERMS = {"entries": limits.SCALAR_TERMS, "loops": 0}.get(way, usual)
    try:
        return exported(derivation, values, "an example", "javascript")
    finally:
        limits.USUAL_SCALAR_TERMS = usual


def run(modules: Sequence[str], folder: Path) -> list[dict[str, Any]]:
    """Return what modules give at their own numbers: results, stages and shapes."""
    for number, text in enumerate(modules):
        (folder / f"m{number:05}.mjs").write_text(text, encoding="utf-8")
    return json.loads(node(RUN, folder))


def node(script: str, folder: Path) -> str:
    """Run a module in a folder, and return what it prints."""
    (folder / "run.mjs").write_text(script, encoding="utf-8")
    done = subprocess.run([NODE, folder / "run.mjs"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def evaluation(made: Mapping[str, Any]) -> sc.Evaluation:
    """Return results as arrays."""
    outputs, gradients = (
        {name: np.array(numbers, float) for name, numbers in made[kind].items()}
        for kind in ("outputs", "gradients")
    )
    return sc.Evaluation(made["loss"], outputs, gradients)
