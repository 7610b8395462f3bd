"""The table of what ``evaluate`` reports."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from symcnn import limits
from symcnn.cli.results import Results
from symcnn.equations import Tensor
from symcnn.equations.notation import dimensions
from symcnn.equations.values import Array
from symcnn.errors import SymcnnError
from symcnn.programs.gradcheck import GradientCheck


def _norm(array: Array) -> float:
    """Return the root of the sum of squares, none of which leaves the range of floats."""
    largest = float(np.max(np.abs(array)))
    return largest * float(np.linalg.norm(array / largest)) if largest else 0.0


_SUMMARY: dict[str, Callable[[Array], Any]] = {"min": np.min, "max": np.max, "norm": _norm}


def show(results: Results, digits: int, notes: Sequence[str] = ()) -> None:
    """Print a table of values, derivatives and updated weights, and notes below it.

    Raises:
        SymcnnError: If rich is not installed.
    """
    try:
        from rich import box
        from rich.console import Console
        from rich.table import Table
    except ImportError:
        raise SymcnnError("the table needs rich: pip install rich, or use --json") from None
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("tensor", overflow="fold")
    table.add_column("entry")
    columns = 1 if results.check is None else 3 if results.updated else 2
    for heading in ("value", "dL/d", "updated")[:columns]:
        table.add_column(heading, justify="right")
    for tensor in _shown(results):
        for row in _rows(results, tensor, digits):
            table.add_row(*row)
        table.add_section()
    console = Console(file=sys.stdout, markup=False, highlight=False, emoji=False)
    wide = console.measure(table, options=console.options.update(max_width=limits.TABLE_COLUMNS))
    console.width = max(console.width, wide.maximum)  # digits that were cut off would mislead
    console.print(results.problem.title, style="bold")
    console.print(table)
    if results.check is not None:
        console.print(_summary(results, results.check, digits))
    for note in notes:
        console.print(f"note: {note}")


def _shown(results: Results) -> list[Tensor]:
    tensors = results.problem.network.tensors.values()
    return [t for t in tensors if t.role in ("input", "parameter", "hidden")]


def _rows(results: Results, tensor: Tensor, digits: int) -> Iterator[list[str]]:
    """Write one row for each entry, or three that sum up a large tensor."""
    name, arrays = tensor.name, [*_columns(results, tensor.name)]
    names = iter([name, f"  {dimensions(tensor.shape)}" if tensor.size > 1 else ""])
    for entry, numbers in _entries(tensor, arrays):
        yield [next(names, ""), entry, *(f"{number + 0.0:.{digits}g}" for number in numbers)]


def _columns(results: Results, name: str) -> Iterator[Array]:
    """Yield values, derivatives and updated values, with 0 where a number is known to be 0.

    A weight whose derivative is known to be 0 stays what it is.
    """
    values, slopes, slope = results.values[name], results.evaluation.gradients, f"dL/d {name}"
    yield _where_zero(results, name, values, 0)
    if name in slopes:
        yield _where_zero(results, slope, slopes[name], 0)
    if name in results.updated and results.problem.optimizer.weight_decay:
        yield results.updated[name]  # which moves where the derivative is 0, too
    elif name in results.updated:
        yield _where_zero(results, slope, results.updated[name], values)


def _where_zero(results: Results, name: str, numbers: Any, known: Any) -> Array:
    """Return numbers, and in their place what is known where those of a name are 0."""
    array, zeros = np.asarray(numbers), results.zeros.get(name)
    return array if zeros is None else np.where(zeros.reshape(array.shape), known, array)


def _entries(tensor: Tensor, arrays: list[Array]) -> Iterator[tuple[str, list[float]]]:
    if tensor.size > limits.TABLE_ENTRIES:
        for word, measure in _SUMMARY.items():
            yield word, [float(measure(array)) for array in arrays]
        return
    for position in tensor.positions():
        yield tensor.symbol(position).name, [float(array[position]) for array in arrays]


def _summary(results: Results, check: GradientCheck, digits: int) -> str:
    return (
        f"loss L = {results.evaluation.loss:.{digits}g}\n"
        f"largest difference from numerical derivatives {check.max_abs_error:.2g}\n"
        f"  ({check.method})"
    )
