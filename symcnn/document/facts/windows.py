"""Windows over tensors, read off indices: x[2 i + u - 1] at the position i, with the tap u.

A window's tap is an index of a kernel, or of nothing else. Heads and groups are blocks of channels
over which no window slides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from sympy import Expr, Indexed, IndexedBase, S, Symbol

from symcnn.derivation import Derivation, Step
from symcnn.equations import Equation, Loop, accesses, affine, strides
from symcnn.equations.access import digits, shape_of
from symcnn.equations.sizes import Size, is_at_least

Sizes = Mapping[Symbol, Size]

Axes = Mapping[IndexedBase, Sequence[Symbol]]
"""The letters of the axes of tensors."""

NO_AXES: Axes = MappingProxyType({})


@dataclass(frozen=True)
class Window:
    """An index of a window: its position, and its tap."""

    index: Expr
    position: Symbol
    tap: Symbol

    @property
    def numbers(self) -> dict[str, int]:
        """Its stride, its dilation, and the padding in front."""
        form = affine(self.index)
        stride, dilation = (form.coefficient(loop) for loop in (self.position, self.tap))
        return {"S": stride, "D": dilation, "P": -form.constant}


def kernels(derivation: Derivation) -> set[IndexedBase]:
    """Return the bases of the parameters: among them are the kernels."""
    return {tensor.base for tensor in derivation.network.parameters}


def single_taps(equation: Equation, parameters: Collection[IndexedBase]) -> dict[Symbol, Expr]:
    """Return 0 for the taps of kernels of one entry that lie on the position itself.

    z[i] = sum of w[u] x[i + u] over u < 1  is  z[i] = w[0] x[i]: there is no window. Layers may
    write x[i] for x[i + u] themselves.
    """
    windows = (window_of(index, equation, parameters) for index, _ in compound(equation, NO_AXES))
    reads = (equation.target, *accesses(equation.value))
    on_positions = {
        window.tap
        for window in windows
        if window is not None and window.index.xreplace({window.tap: S.Zero}) == window.position
    }
    return {
        tap: S.Zero
        for tap in (loop.symbol for loop in equation.loops if loop.size == 1)
        if (held := _bare(tap, reads))
        and (tap in on_positions or _holding(tap, reads) == held <= {*parameters})
    }


def without(equation: Equation, taps: Mapping[Symbol, Expr]) -> Equation:
    """Return an equation with numbers for some of its loops."""
    if not taps:
        return equation
    loops = tuple(loop for loop in equation.loops if loop.symbol not in taps)
    guards = tuple(replace(g, expression=g.expression.xreplace(taps)) for g in equation.guards)
    target, value = (part.xreplace(taps) for part in (equation.target, equation.value))
    return replace(equation, target=target, value=value, loops=loops, guards=guards)


def pointwise(step: Step, learned: Collection[IndexedBase]) -> Step:
    """Return a step without the taps of a kernel of one entry, which has no window."""
    taps = single_taps(step.source, learned)
    if not taps:
        return step
    source, equation = (without(e, taps) for e in (step.source, step.equation))
    access, upstream, local = (e.xreplace(taps) for e in (step.access, step.upstream, step.local))
    return replace(
        step, source=source, equation=equation, access=access, upstream=upstream, local=local
    )


def at_positions(
    equations: Iterable[Equation], parameters: Collection[IndexedBase]
) -> list[Equation]:
    """Return equations without the taps of kernels of one entry."""
    return [without(equation, single_taps(equation, parameters)) for equation in equations]


def compound(equation: Equation, axes: Axes) -> Iterator[tuple[Expr, Symbol | None]]:
    """Run over the indices that hold several loops, with what their axes are called."""
    for read in (equation.target, *accesses(equation.value)):
        called = axes.get(read.base, (None,) * len(read.indices))
        for index, axis in zip(read.indices, called, strict=True):
            if len(index.free_symbols) > 1:
                yield index, axis


def window_of(
    index: Expr, equation: Equation, parameters: Collection[IndexedBase]
) -> Window | None:
    """Read an index as that of a window: a position of a tensor, and a tap."""
    form = affine(index)
    steps = form.coefficients.values()
    if len(steps) != 2 or not all(is_at_least(step, 1) for step in steps):
        return None
    reads = (equation.target, *accesses(equation.value))
    one, other = form.coefficients
    for position, tap in ((one, other), (other, one)):
        at, through = _bare(position, reads), _bare(tap, reads)
        if at and not at & set(parameters) and through <= set(parameters):
            is_block = not through and _is_block(index, tap, equation)
            return None if is_block else Window(index, position, tap)
    return None


def _is_block(index: Expr, tap: Symbol, equation: Equation) -> bool:
    """Tell whether an index counts the entries of a head or a group, over which nothing slides.

    The result has an entry for each of them, or they are channels, those of the last axis.
    """
    if row_major(index, equation.sizes) is None:
        return False
    are_channels = any(read.indices[-1] == index for read in accesses(equation.value))
    return are_channels or tap in equation.target.free_symbols


def _bare(loop: Symbol, reads: Sequence[Indexed]) -> set[IndexedBase]:
    """Return the tensors that have an axis for the loop alone."""
    return {read.base for read in reads if loop in read.indices}


def _holding(loop: Symbol, reads: Sequence[Indexed]) -> set[IndexedBase]:
    """Return the tensors that are read by means of the loop."""
    return {read.base for read in reads if loop in read.free_symbols}


def row_major(index: Expr, sizes: Sizes) -> list[Loop] | None:
    """Read an index as row-major: each loop counts by the values of those after it."""
    form = affine(index)
    own = {s: sizes[s] for s in sorted(form.coefficients, key=lambda s: (sizes[s] == 1, str(s)))}
    order = digits(form, own)
    if order is None or strides(shape_of(order, own)) != tuple(map(form.coefficient, order)):
        return None
    return [Loop(symbol, own[symbol]) for symbol in order]
