"""The emitter: the intermediate list as NumPy, one line a statement."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

from symcnn.equations import strides
from symcnn.programs.backends.notes import plain
from symcnn.programs.backends.numpy import statements
from symcnn.writing.wrapping import WIDTH

_TEXTS = {
    statements.Receive: "{name} = np.ascontiguousarray({argument}, dtype).reshape({shape})",
    statements.IndexArray: (
        "{name} = positions({positions.sizes}, {positions.guards}, "
        "{positions.start}, {positions.steps})"
    ),
    statements.Copy: "np.copyto({out}, {source})",
    statements.CopyCases: (
        'with np.errstate(all="ignore"):  # for the cases that are not taken\n'
        "    np.copyto({out}, {source})"
    ),
    statements.Fill: "{out}.fill({value})",
    statements.Product: "np.matmul({left}, {right}, out={out})",
    statements.ProductsOfCopies: (
        "for source, left, right, share in zip({sources}, {left}, {right}, {out}):\n"
        "    np.copyto({place}, source)\n"
        "    np.matmul(left, right, out=share)"
    ),
    statements.SumOfProducts: (
        "for source, left, right, share in zip({sources}, {left}, {right}, {out}):\n"
        "    np.copyto({place}, source)\n"
        "    np.matmul(left, right, out=share)\n"
        "    for part_of_it in {parts}:\n"
        "        np.add({total}, part_of_it, out={total})"
    ),
    statements.AddAll: "for place, share in zip({places}, {shares}):\n    place += share",
    statements.AddBlocks: (
        "places = iter({places})\n"
        "for left, right in zip({left}, {right}):\n"
        "    {function}(left, right, out={out})\n"
        "    for part_of_it, place in zip({parts}, places):\n"
        "        place += part_of_it"
    ),
    statements.KeepFirst: (
        "if np.count_nonzero({truths}) != {windows}:  # ties\n    keep_first({truths}, {axes})"
    ),
    statements.Take: "np.take({source}, {positions}, out={out})",
    statements.At: "{function}.at({out}, {positions}, {terms})",
    statements.KeepFirstAt: "keep_first_at({truths}, {positions})",
}
"""Statements that are written by putting their parts in."""

_CALLS = {
    statements.Part: "part",
    statements.View: "strided",
    statements.Views: "views",
    statements.IndexArray: "positions",
    statements.KeepFirst: "keep_first",
    statements.KeepFirstAt: "keep_first_at",
}
"""The helpers that statements call."""


def helper_of(statement: statements.Setup | statements.Statement) -> str:
    """Return which helper a statement calls; none is called ``""``."""
    is_turned = isinstance(statement, statements.View) and _turned(statement)
    return "" if is_turned else _CALLS.get(type(statement), "")


def emitted(statement: statements.Setup | statements.Statement) -> str:
    """Return the text of a statement."""
    match statement:
        case statements.Allocate(name, _, axes):
            return _with_axes(f"{name} = {_allocation(statement)}", axes)
        case statements.Memory(name, size, truth):
            return f"{name} = np.empty({size}, {_kind(truth)})"
        case statements.Part(name, memory, start, shape, axes):
            return _with_axes(f"{name} = part({memory}, {start}, {shape})", axes)
        case statements.View(name, array, _, start, shape, steps):
            strided = f"strided({array}, {start}, {shape}, {steps})"
            return f"{name} = {_turned(statement) or strided}"
        case statements.Views(name, array, start, moving, shape, steps):
            loops = [(size, step) for _, size, step in moving]
            return f"{name} = views({array}, {start}, {loops}, {shape}, {steps})"
        case statements.Apply(function, operands, out):
            return f"{function}({', '.join(map(str, operands))}, out={out})"
        case statements.Reduce(function, operand, axes, out):
            axis = axes[0] if len(axes) == 1 else axes
            return f"{function}.reduce({operand}, axis={axis}, out={out})"
        case _:
            return _TEXTS[type(statement)].format(**vars(statement))


def _allocation(made: statements.Allocate) -> str:
    function = {"": "empty", "0": "zeros"}.get(made.fill, "full")
    fill = f"{made.fill}, " if function == "full" else ""
    return f"np.{function}({made.shape}, {fill}{_kind(made.truth)})"


def _kind(truth: bool) -> str:
    return "bool" if truth else "dtype"


def _turned(view: statements.View) -> str | None:
    """Return a view of a whole array as a reshape and a transposition, if it is one."""
    long = [axis for axis, size in enumerate(view.shape) if size > 1]
    order = sorted(long, key=lambda axis: -view.steps[axis])
    shape = tuple(view.shape[axis] for axis in order)
    dense = tuple(view.steps[axis] for axis in order) == strides(shape)
    if view.start or prod(shape) != prod(view.whole) or not dense:
        return None
    if order == long:
        return f"{view.array}.reshape({_listed(view.shape)})"
    short = [axis for axis, size in enumerate(view.shape) if size == 1]
    order, shape = [*order, *short], (*shape, *(1 for _ in short))
    reshaped = view.array if shape == view.whole else f"{view.array}.reshape({_listed(shape)})"
    return f"{reshaped}.transpose({_listed(order.index(axis) for axis in range(len(order)))})"


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers)) or "()"


def _with_axes(text: str, axes: tuple[str, ...]) -> str:
    """Put what the axes run over behind a statement, if the line has room for it."""
    line = f"{text}  # [{plain(', '.join(axes))}]"
    return line if axes and len(line) <= WIDTH else text
