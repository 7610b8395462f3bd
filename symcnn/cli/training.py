"""``symcnn train``: its progress, and the files that it writes."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from symcnn.cli.files import replace, replace_in
from symcnn.cli.interruption import Told
from symcnn.cli.lines import say, saying_what_is_not_compiled
from symcnn.cli.markdown import math_of
from symcnn.cli.options import given
from symcnn.document.pages.dialects import Math
from symcnn.document.story.training import listed_steps, loss_curve
from symcnn.document.training_report import report
from symcnn.document.words.words import counted
from symcnn.errors import SymcnnError
from symcnn.network.optimizers import optimizer_of
from symcnn.problems import Problem
from symcnn.problems.optimizers import set_to
from symcnn.problems.training import Interrupted, Training, train
from symcnn.problems.training.descent import Callback
from symcnn.problems.weights.files import check_weights, content_of_weights
from symcnn.writing.drawing.svg import standalone

_WEIGHTS, _CURVE, _STEM = "trained.toml", "curve.svg", "training"

_PASSED = ("batch", "seed", "dtype", "backend")
"""The options that a training takes as they are."""


def run(problem: Problem, arguments: Namespace) -> None:
    """Train, print losses, and write weights, curve and documents.

    An interrupted training leaves the weights that it has reached.
    """
    folder: Path = arguments.folder
    math = math_of(arguments)
    _check_place(folder)
    _check_other_file(arguments.problem, folder / _WEIGHTS)
    weights: Path | None = arguments.weights
    if weights is not None:
        check_weights(weights)
    try:
        made = _trained(problem, arguments)
    except Interrupted as error:
        _keep(folder, error.training)
        raise Told from error
    replace_in(folder, _contents(made, arguments.formats, math))
    if weights is not None:
        replace({weights: content_of_weights(made.problem, weights)})
        print(f"wrote {weights}")


def _trained(problem: Problem, arguments: Namespace) -> Training:
    """Train, and show how far it is."""
    optimizer = optimizer_of(arguments.optimizer or problem.optimizer)
    with saying_what_is_not_compiled(), _progress(arguments.steps) as show:
        return train(
            problem,
            arguments.steps,
            arguments.rate,
            arguments.data,
            optimizer=set_to(optimizer, dict(arguments.settings)),
            callback=show,
            **given(arguments, *_PASSED),
        )


def _keep(folder: Path, reached: Training) -> None:
    """Write the weights that an interrupted training has reached, and say so."""
    replace_in(folder, {_WEIGHTS: reached.to_toml()})
    steps = counted(reached.steps, "step")
    say("interrupted", f"the weights after {steps} are saved")


def _contents(made: Training, formats: list[str], math: Math) -> dict[str, str | bytes]:
    curve = standalone(loss_curve(made.losses, made.samples is not None))
    contents: dict[str, str | bytes] = {_WEIGHTS: made.to_toml(), _CURVE: curve}
    if formats:
        document = report(made)
        for format in formats:
            contents |= document.files(format, _STEM, math)
    return contents


def _check_place(folder: Path) -> None:
    """Refuse a place that cannot be written to before the time is spent, not after."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not (there.is_dir() and os.access(there, os.W_OK)):
        raise SymcnnError(f"cannot write to {folder}: choose another folder with -o")


def _check_other_file(problem: str | None, weights: Path) -> None:
    """Refuse to write the trained weights over the file with the ones to begin with."""
    if problem is not None and weights.exists() and weights.samefile(problem):
        raise SymcnnError(f"{weights} is the problem file itself: choose another folder with -o")


@contextmanager
def _progress(steps: int) -> Iterator[Callback]:
    """Print the loss of some steps; on a terminal, show above the prompt how far it is."""
    shown = set(listed_steps(steps)) if steps > 0 else set()

    with _bar(steps) as advance:

        def show(step: int, loss: float) -> None:
            if step in shown:
                word = "step " if step == 1 else "steps"
                print(f"{step:>9,} {word}   loss {loss:.8g}", flush=True)
            advance(step, loss)

        yield show


@contextmanager
def _bar(steps: int) -> Iterator[Callback]:
    """Show a bar on a terminal, if rich is there; elsewhere nothing."""
    if not sys.stdout.isatty():
        yield lambda step, loss: None
        return
    try:
        from rich.progress import Progress
    except ImportError:
        yield lambda step, loss: None
        return
    with Progress(transient=True) as progress:
        task = progress.add_task("training", total=steps)
        yield lambda step, loss: progress.update(task, completed=step)
