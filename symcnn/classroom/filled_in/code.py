"""The code of a sheet: a few letters that follow from its numbers, and tell variants apart.

A sheet whose code is not that of a problem was written for other numbers, or another network.
"""

from __future__ import annotations

from hashlib import sha256

from symcnn.equations.values.floats import Row
from symcnn.problems import Problem

_LETTERS = 8


def code_of(problem: Problem) -> str:
    """Return the code of a problem's sheets: eight hexadecimal digits."""
    made = sha256()
    for stage in problem.network.stages:
        made.update(f"{stage.output.name}{stage.output.shape}".encode())
    for name in sorted(problem.values):
        numbers = problem.values[name]
        text = numbers.array.tobytes() if isinstance(numbers, Row) else str(numbers).encode()
        made.update(name.encode() + text)
    made.update(str(problem.learning_rate).encode())
    if not problem.optimizer.is_plain:
        made.update(repr(problem.optimizer).encode())
    return made.hexdigest()[:_LETTERS]
