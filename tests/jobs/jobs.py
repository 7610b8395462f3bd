"""Jobs that are done side by side, by threads or in processes, and what each must give.

A network's outputs and gradients are known from PyTorch, in floats and exactly; a document
checks itself while it is written, and is known to its last byte from when nothing else ran.

    python -m tests.jobs.jobs 10000     # on 8 threads, and through pools of processes
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache
from multiprocessing import get_context
from typing import Any, NamedTuple

import symcnn as sc
from symcnn.document.document import Document
from tests.programs.random_networks import Example, tiny_example

THREADS, PROCESSES = 8, 2
NETWORKS, MOST_TERMS = 40, 60
"""How many networks there are to draw from, and how large they are: small ones take turns often."""


class Job(NamedTuple):
    """What is done with which network."""

    kind: str
    seed: int


@cache
def network(seed: int) -> Example:
    return tiny_example(9000 + seed, most_terms=MOST_TERMS)


def problem(seed: int) -> sc.Problem:
    """Return a problem that nothing has been computed of."""
    return sc.Problem(*network(seed), title=f"Network {seed}")


def jobs(number: int) -> list[Job]:
    """Draw jobs of every kind."""
    drawn = random.Random(number)
    return [Job(kind, drawn.randrange(NETWORKS)) for kind in drawn.choices([*WORK], k=number)]


def documented(made: sc.Problem) -> Document:
    return sc.explain(made)


def exactly(made: sc.Problem) -> sc.Evaluation:
    return sc.evaluate(made, exact=True).rounded()


def in_floats(made: sc.Problem) -> sc.Evaluation:
    return sc.lambdify(made.derivation)(made.values)


WORK = {
    "problem": lambda made: (in_floats, made),
    "exact": lambda made: (exactly, made),
    "document": lambda made: (documented, made),
    "derivation": lambda made: (sc.derive, made.network),
    "program": lambda made: (sc.lambdify(made.derivation), made.values),
}
"""What is called with what; both are sent to where the job is done, and the result comes back."""


def check(job: Job, result: Any, known: dict[int, str]) -> None:
    """Compare a result with what is known."""
    from tests.programs.against_pytorch import assert_equal_to_pytorch  # workers do without it

    if job.kind == "document":
        assert result.to_latex() == known[job.seed], "the document is another one"
        return
    example = network(job.seed)
    if job.kind == "derivation":
        result = sc.lambdify(result)(example.values)
    assert_equal_to_pytorch(result, *example)


def faults(number: int, executor: Executor) -> Iterator[str]:
    """Do so many jobs and name those that went wrong."""
    drawn = jobs(number)
    seeds = {job.seed for job in drawn if job.kind == "document"}
    known = {seed: documented(problem(seed)).to_latex() for seed in seeds}
    with executor:
        started = [(job, executor.submit(*WORK[job.kind](problem(job.seed)))) for job in drawn]
        for job, future in started:
            try:
                check(job, future.result(), known)
            except Exception as error:
                yield f"{job}: {error!r:.300}"


def threads() -> Executor:
    """Return eight threads."""
    return ThreadPoolExecutor(THREADS)


def processes() -> Executor:
    """Return new processes."""
    return ProcessPoolExecutor(PROCESSES, get_context("spawn"))


def forks() -> Executor:
    """Return copies of this process, which share what was computed before."""
    return ProcessPoolExecutor(PROCESSES, get_context("fork"))


if __name__ == "__main__":
    for pool in (forks, processes, threads):
        found = list(faults(int(sys.argv[1]), pool()))
        told = f"{pool.__name__}: {sys.argv[1]} jobs, {len(found)} went wrong"
        print(told, *found, sep="\n", flush=True)
