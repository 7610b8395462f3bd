"""The emitter: the intermediate list as NumPy, one line a statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import singledispatch
from math import prod

from symcnn.backends.numpy.statements import (
    AddAll,
    Allocate,
    Apply,
    At,
    Copy,
    Fill,
    KeepFirst,
    KeepFirstAt,
    List,
    Memory,
    Part,
    Product,
    Reduce,
    Setup,
    Statement,
    Take,
    View,
    Views,
)
from symcnn.backends.python.listing import WIDTH, plain
from symcnn.equations import strides
from symcnn.notation import Shape


@singledispatch
def emitted(statement: Setup | Statement) -> tuple[str, ...]:
    """Return the lines of a statement."""
    raise NotImplementedError(statement)


@emitted.register
def _(made: Allocate) -> tuple[str, ...]:
    kind = "bool" if made.truth else "dtype"
    function = {"": "empty", "0": "zeros"}.get(made.fill, "full")
    fill = f"{made.fill}, " if function == "full" else ""
    text = f"{made.name} = np.{function}({made.shape}, {fill}{kind})"
    return (_with_comment(text, f"[{', '.join(made.axes)}]") if made.axes else text,)


@emitted.register
def _(made: Memory) -> tuple[str, ...]:
    return (f"{made.name} = np.empty({made.size}, dtype)",)


@emitted.register
def _(part: Part) -> tuple[str, ...]:
    text = f"{part.name} = part({part.memory}, {part.shape})"
    return (_with_comment(text, f"[{', '.join(part.axes)}]") if part.axes else text,)


@emitted.register
def _(view: View) -> tuple[str, ...]:
    return (f"{view.name} = {_turned(view) or _strided(view)}",)


@emitted.register
def _(views: Views) -> tuple[str, ...]:
    terms = [f"{step}*at_{loop}" for loop, _, step in views.moving]
    start = " + ".join([str(views.start)] * (views.start != 0 or not terms) + terms)
    each = f"strided({views.array}, {start}, {views.shape}, {views.steps})"
    runs = "".join(f" for at_{loop} in range({size})" for loop, size, _ in views.moving)
    return (f"{views.name} = [{each}{runs}]",)


@emitted.register
def _(copy: Copy) -> tuple[str, ...]:
    return (f"np.copyto({copy.out}, {copy.source})",)


@emitted.register
def _(fill: Fill) -> tuple[str, ...]:
    return (f"{fill.out}.fill({fill.value})",)


@emitted.register
def _(applied: Apply) -> tuple[str, ...]:
    operands = ", ".join(map(str, applied.operands))
    return (f"{applied.function}({operands}, out={applied.out})",)


@emitted.register
def _(product: Product) -> tuple[str, ...]:
    return (f"np.matmul({product.left}, {product.right}, out={product.out})",)


@emitted.register
def _(reduced: Reduce) -> tuple[str, ...]:
    axes = reduced.axes[0] if len(reduced.axes) == 1 else reduced.axes
    return (f"{reduced.function}.reduce({reduced.operand}, axis={axes}, out={reduced.out})",)


@emitted.register
def _(added: AddAll) -> tuple[str, ...]:
    return (
        f"for place, share in zip({added.places}, {added.shares}):",
        "    place += share",
    )


@emitted.register
def _(kept: KeepFirst) -> tuple[str, ...]:
    return (
        f"if np.count_nonzero({kept.truths}) != {kept.windows}:  # ties",
        f"    keep_first({kept.truths}, {kept.axes})",
    )


@emitted.register
def _(listed: List) -> tuple[str, ...]:
    these = listed.positions
    arguments = f"{these.sizes}, {these.guards}, {these.start}, {these.steps}"
    return (f"{listed.name} = positions({arguments})",)


@emitted.register
def _(taken: Take) -> tuple[str, ...]:
    return (f"np.take({taken.source}, {taken.positions}, out={taken.out})",)


@emitted.register
def _(brought: At) -> tuple[str, ...]:
    return (f"{brought.function}.at({brought.out}, {brought.positions}, {brought.terms})",)


@emitted.register
def _(kept: KeepFirstAt) -> tuple[str, ...]:
    return (f"keep_first_at({kept.truths}, {kept.positions})",)


def _turned(view: View) -> str | None:
    """Return a view of a whole array as a reshape and a transposition, if it is one."""
    long = [axis for axis, size in enumerate(view.shape) if size > 1]
    order = sorted(long, key=lambda axis: -view.steps[axis])
    shape = tuple(view.shape[axis] for axis in order)
    dense = _chosen(view.steps, order) == strides(shape)
    if view.start or prod(shape) != prod(view.whole) or not dense:
        return None
    if order == long:
        return f"{view.array}.reshape({_listed(view.shape)})"
    short = [axis for axis, size in enumerate(view.shape) if size == 1]
    order, shape = [*order, *short], (*shape, *(1 for _ in short))
    reshaped = view.array if shape == view.whole else f"{view.array}.reshape({_listed(shape)})"
    return f"{reshaped}.transpose({_listed(order.index(axis) for axis in range(len(order)))})"


def _strided(view: View) -> str:
    return f"strided({view.array}, {view.start}, {view.shape}, {view.steps})"


def _chosen(numbers: Sequence[int], which: Sequence[int]) -> Shape:
    return tuple(numbers[axis] for axis in which)


def _listed(numbers: Iterable[int]) -> str:
    """Return numbers as arguments."""
    return ", ".join(map(str, numbers)) or "()"


def _with_comment(text: str, comment: str) -> str:
    """Put a comment behind a statement, if the line has room for it."""
    line = f"{text}  # {plain(comment)}"
    return line if len(line) <= WIDTH else text
