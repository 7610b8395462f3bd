"""The passes of a function that is differentiated: forward, backward, and once more.

    forward     y = f(x, w)
    backward    dx, dw = the products of g with the Jacobians of f, for a gradient g = dL/dy
    second      the derivatives of  dx . u + dw . v  with respect to g, x and w

The last are the derivative of f along (u, v), and the Hessian of g . f times (u, v): the equations
of the backward pass, differentiated along a direction. The same holds of a loss in place of f,
where g is a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

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
    """An argument of the function."""

    tensor: Tensor
    name: str
    shape: str
    moves: bool


@dataclass(frozen=True)
class Pass:
    """A function of the module."""

    arguments: tuple[str, ...]
    blocks: tuple[Block, ...]
    results: tuple[str, ...]

    @property
    def views(self) -> set[str]:
        """The results that are other arrays, or views of them."""
        return {name for name, _, base in _statements(self.blocks) if base and name in self.results}

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
    """Return the passes of statements."""
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
    gradients, bends = (
        tuple(f"{scale}{name}" for name in listing.gradients.values())
        for listing in (made.first, made.second)
    )
    slope = f"{made.second.outputs[made.output.name]}{index}"
    directions = [*made.second.arguments][len(names) :]
    known = (upstream, *taken)
    read = (result,) if result in links.there and result not in links.views else ()
    again = (Block((), tuple(links.again)),) if links.again else ()
    return Passes(
        arguments=tuple(arguments),
        result=result if read else "",
        kept=tuple(links.kept),
        forward=Pass(taken, made.first.forward, (f"{result}{index}", *links.kept)),
        backward=Pass((*known, *read, *links.kept), (*again, *made.first.backward), gradients),
        second=Pass(
            (*known, *directions), (*made.second.forward, *made.second.backward), (slope, *bends)
        ),
        batch=batch,
    )


@dataclass
class _Links:
    """What the backward pass reads of what the forward pass makes.

    Views of an array are made again where the array itself is there.

    Attributes:
        result: What the forward pass returns.
        views: The statement of every view, and what it is a view of.
        there: What the backward pass has, to begin with the arguments.
        kept: What is kept.
        again: The statements of the views.
    """

    result: str
    views: Mapping[str, tuple[str, str]]
    there: set[str]
    kept: list[str] = field(default_factory=list)
    again: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, listing: Listing, result: str, arguments: Sequence[str]) -> _Links:
        """Return what leads from one pass of a listing to the other."""
        read = Pass((), listing.backward, tuple(listing.gradients.values())).names
        own = {name for name, _, _ in _statements(listing.backward)}
        views = {name: (line, base) for name, line, base in _statements(listing.forward) if base}
        links = cls(result, views, {*arguments})
        for name, _, _ in _statements(listing.forward):
            if name in read - own:
                links.need(name)
        return links

    def need(self, name: str) -> None:
        """Have an array in the backward pass."""
        if name in self.there:
            return
        self.there.add(name)
        if name in self.views:
            line, base = self.views[name]
            self.need(base)
            self.again.append(line)
        elif name != self.result:
            self.kept.append(name)


_STATEMENT = re.compile(r"(\w+) = (.*)")
_VIEW = re.compile(
    r"([A-Za-z_]\w*)(?:\.reshape\(\([^()]*\)\)|\.(?:permute|transpose)\(\[[^\[\]]*\]\))*"
)


def _statements(blocks: Sequence[Block]) -> Iterator[tuple[str, str, str]]:
    """Run over what statements name, with the statement, and what the name is a view of."""
    for line in (line for block in blocks for line in block.lines):
        if found := _STATEMENT.fullmatch(line):
            view = _VIEW.fullmatch(found[2])
            yield found[1], line, view[1] if view else ""
