"""The passes of a function that is differentiated: forward, backward, and once more.

    forward     y = f(x, w)
    backward    dx, dw = the products of g with the Jacobians of f, for a gradient g = dL/dy
    second      the derivatives of  dx . u + dw . v  with respect to g, x and w

The last are the derivative of f along (u, v), and the Hessian of g . f times (u, v): the equations
of the backward pass, differentiated along a direction. The same holds of a loss in place of f, where
g is a number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from symcnn.equations import Tensor
from symcnn.errors import SymcnnError
from symcnn.network.losses import Upstream
from symcnn.network.network import Network
from symcnn.programs.backends.jax.library import Library
from symcnn.programs.backends.jax.lowering import functions
from symcnn.programs.backends.python.listing import Block, Listing
from symcnn.programs.export.autograd.samples import (
    OfOneBatchError,
    counts_beside,
    of_any_batch,
    shape_of_any,
)
from symcnn.programs.hessian import along
from symcnn.programs.plans.plan import Plan, planned, short_plan

Differentiated = Literal["outputs", "loss"]

UPSTREAM = "upstream"
"""What dL/dy is called where the statements do not read it, which is where y is a loss."""

RESERVED = {
    *("axis", "batch", "check", "ctx", "device", "directions", "dtype", "inputs", "kept"),
    *("layer", "loss", "parameters", "result", "saved", "self", UPSTREAM),
}
"""Names that modules have of their own."""

_NAME = re.compile(r"(?<!\.)\b[A-Za-z_]\w*")


@dataclass(frozen=True)
class Argument:
    """An argument of the function.

    Attributes:
        tensor: What it stands for.
        name: What statements call it.
        shape: The text of its shape.
        moves: Whether there are derivatives with respect to it.
    """

    tensor: Tensor
    name: str
    shape: str
    moves: bool


@dataclass(frozen=True)
class Pass:
    """A function of the module.

    Attributes:
        arguments: What it takes.
        blocks: What it does.
        results: What it returns.
    """

    arguments: tuple[str, ...]
    blocks: tuple[Block, ...]
    results: tuple[str, ...]

    @property
    def names(self) -> set[str]:
        """All names in the statements."""
        lines = [line for block in self.blocks for line in block.lines]
        return {name for text in (*lines, *self.results) for name in _NAME.findall(text)}


@dataclass(frozen=True)
class Passes:
    """All of them.

    Attributes:
        arguments: The arguments of the function.
        result: What statements call its result, if the backward pass reads it.
        kept: What that reads besides of what the forward pass makes.
        forward: Takes the arguments; returns the result, and what is kept.
        backward: Takes the gradient, the arguments, the result if it reads it, and what is kept.
        second: Takes the gradient, the arguments, and a direction for each that moves.
        batch: The argument whose first axis runs over samples, if these may be any number.
    """

    arguments: tuple[Argument, ...]
    result: str
    kept: tuple[str, ...]
    forward: Pass
    backward: Pass
    second: Pass
    batch: str


def passes_of(network: Network, results: Differentiated, library: Library) -> Passes:
    """Return the passes of a network's output, or of its loss, for any number of samples.

    Where the statements depend on the number of samples in other ways than lengths do, they are
    those of the network's own.
    """
    if results == "outputs":
        network = replace(network, loss=Upstream())
    counts = counts_beside(size for t in network.tensors.values() for size in t.shape)
    try:
        made = [_written(replace(network, batch=n), results, library) for n in counts]
        first = of_any_batch([written.first for written in made], counts)
        second = of_any_batch([written.second for written in made], counts)
        whole = replace(made[0], first=first, second=second)
        return _passes(whole, [written.plan.given for written in made], counts)
    except (OfOneBatchError, SymcnnError):
        written = _written(network, results, library)
        return _passes(written, [written.plan.given], [])


@dataclass(frozen=True)
class _Written:
    """The statements for one number of samples.

    Attributes:
        plan: The plan of the gradients.
        first: Its statements.
        second: Those of the derivatives along a direction.
        output: The result of the function.
        scaled: Whether the result is a loss, and the gradient a number beside it.
    """

    plan: Plan
    first: Listing
    second: Listing
    output: Tensor
    scaled: bool


def _written(network: Network, results: Differentiated, library: Library) -> _Written:
    scaled = results == "loss"
    output = network.loss_tensor if scaled else network.output
    plan, again = (_plan(network, output, saturated) for saturated in (True, False))
    first = functions(plan, library, apart=True)
    second = functions(along(again, [output]), library)
    return _Written(plan, first, second, output, scaled)


def _plan(network: Network, output: Tensor, saturated: bool) -> Plan:
    plan = short_plan(network, "gradients", saturated=saturated)
    return planned(replace(plan, outputs={output.name: output}, loss=None))


def _passes(made: _Written, given: Sequence[Sequence[Tensor]], counts: Sequence[int]) -> Passes:
    """Return the passes of statements.

    Args:
        made: The statements.
        given: The given tensors of each number of samples.
        counts: These numbers; none if the statements are those of one.
    """
    arguments = list[Argument]()
    upstream, names = UPSTREAM, [*made.first.arguments]
    for tensors, name in zip(zip(*given, strict=True), names, strict=True):
        if not made.scaled and tensors[0].role == "target":
            upstream = name
            continue
        shape = shape_of_any([t.shape for t in tensors], counts) if counts else ""
        moves = tensors[0].name in made.plan.gradients
        shape = shape or str(tensors[0].shape)
        arguments.append(Argument(tensors[0], name, shape, moves))
    taken = tuple(argument.name for argument in arguments)
    batch = next((a.name for a in arguments if a.tensor.batched), "") if counts else ""
    result = made.first.outputs[made.output.name]
    links = _Links.of(made.first, result, taken)
    index = "[0]" if made.scaled else ""
    scale = f"{upstream}*" if made.scaled else ""
    gradients = [f"{scale}{name}" for name in made.first.gradients.values()]
    bends = [f"{scale}{name}" for name in made.second.gradients.values()]
    slope = f"{made.second.outputs[made.output.name]}{index}"
    directions = [*made.second.arguments][len(names) :]
    known = (upstream, *taken)
    read = (result,) if links.reads_result else ()
    return Passes(
        arguments=tuple(arguments),
        result=result if links.reads_result else "",
        kept=links.kept,
        forward=Pass(taken, made.first.forward, (f"{result}{index}", *links.kept)),
        backward=Pass(
            (*known, *read, *links.kept), (*links.renamed, *made.first.backward), (*gradients,)
        ),
        second=Pass(
            (*known, *directions),
            (*made.second.forward, *made.second.backward),
            (slope, *bends),
        ),
        batch=batch,
    )


@dataclass(frozen=True)
class _Links:
    """What the backward pass reads of what the forward pass makes.

    Attributes:
        kept: What is kept; of several names of one array, one.
        renamed: Statements that give such arrays their other names.
        reads_result: Whether it reads the result.
    """

    kept: tuple[str, ...]
    renamed: tuple[Block, ...]
    reads_result: bool

    @classmethod
    def of(cls, listing: Listing, result: str, arguments: Sequence[str]) -> _Links:
        """Return what leads from one pass of a listing to the other."""
        read = Pass((), listing.backward, tuple(listing.gradients.values())).names
        same = dict(_found(_COPY, listing.forward))
        again = set(_found(_MADE, listing.backward))
        made = [name for name in _found(_MADE, listing.forward) if name not in again]
        home = {_origin(same, name): name for name in (*arguments, result)}
        kept, renamed, reads_result = list[str](), list[str](), False
        for name in dict.fromkeys(name for name in made if name in read):
            origin = _origin(same, name)
            if origin not in home:
                home[origin] = name
                kept.append(name)
            reads_result |= home[origin] == result
            if home[origin] != name:
                renamed.append(f"{name} = {home[origin]}")
        block = (Block((), tuple(renamed)),) if renamed else ()
        return cls(tuple(kept), block, reads_result)


_COPY = re.compile(r"^(\w+) = ([A-Za-z_]\w*)$", re.MULTILINE)
_MADE = re.compile(r"^(\w+) = ", re.MULTILINE)


def _found(pattern: re.Pattern[str], blocks: Sequence[Block]) -> list[Any]:
    return pattern.findall("\n".join(line for block in blocks for line in block.lines))


def _origin(same: Mapping[str, str], name: str) -> str:
    """Return the first name of an array that has several."""
    while name in same:
        name = same[name]
    return name
