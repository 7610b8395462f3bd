r"""Second derivatives in index form: the list of equations, differentiated once more.

    d^2 L / dw_a dv_b  =  sum over ... of  H^z[..., b] x[...]  +  delta^z[...] J^x[..., b]

Each quantity in it has a formula of the same kind, down to what is given: J^z = dz/dv is the
Jacobian of a stage, and H^z = d^2 L / dz dv how its error signal moves. Along a direction, D^z
and H^z are how fast z and its error signal move, and H^w is the Hessian times the direction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sympy import Expr, ImmutableDenseMatrix, Indexed, IndexedBase, S, Symbol

from symcnn import limits
from symcnn.derivation.adjoint import names
from symcnn.derivation.derived import Derived
from symcnn.derivation.entries import LongEntries
from symcnn.derivation.gather import gather
from symcnn.derivation.general import General, equations_form, gathered_form
from symcnn.derivation.jacobians import Sensitivity, Tangents, jacobians, label, letters
from symcnn.derivation.statement import Statement, Statements
from symcnn.equations import Equation, Group, Tensor, accesses, grouped
from symcnn.equations.values import known
from symcnn.errors import SymcnnError, TooLargeError, shown
from symcnn.network.network import Network
from symcnn.writing.formula.latex import latex
from symcnn.writing.printing.manner import DecimalMark


@dataclass(frozen=True, repr=False)
class SecondOrder:
    """A block of the Hessian, or its product with a direction, as formulas over free indices.

    Attributes:
        derivation: The first derivatives.
        groups: What moves, with its equations, in the order of evaluation.
        result: The tensor of the second derivatives; for a block, the indices of the second
            variable come last.
        of: The first variable.
        by: The second variable; None along a direction.
        forward: The names of what moves in the forward pass.
        directions: How fast each given tensor moves, along a direction.
    """

    derivation: Derived
    groups: tuple[Group, ...]
    result: Tensor
    of: Tensor
    by: Tensor | None
    forward: frozenset[str] = frozenset()
    directions: tuple[Tensor, ...] = ()

    @property
    def kind(self) -> str:
        """Which second derivatives they are."""
        return self.result.kind if isinstance(self.result, Sensitivity) else "signal"

    @property
    def partial(self) -> Expr:
        """The general formula of the second derivatives, over ``indices``."""
        return self.stages[self.result.name][1] if self.groups else S.Zero

    @property
    def indices(self) -> tuple[Symbol, ...]:
        """The free indices of the formula: of the first variable, then of the second."""
        return self._free(self.result, dict(self._equations).get(self.result.name, ()))

    @cached_property
    def stages(self) -> dict[str, tuple[Indexed, Expr]]:
        """For each tensor that moves, the result last, its entry and the general formula of it."""
        made = {}
        for tensor, equations in self.groups:
            free = self._free(tensor, equations)
            made[tensor.name] = tensor[free], sum((gather(e, free) for e in equations), S.Zero)
        return made

    @cached_property
    def forms(self) -> dict[str, General]:
        """The same formulas as they are printed: in the forward pass as its equations stand."""
        stages, made = self.stages, dict[str, General]()
        for name, equations in self._equations:
            entry, formula = stages[name]
            if name in self.forward:
                made[name] = equations_form(equations, entry, formula)
            else:
                made[name] = gathered_form(entry, formula)
        return made or {self.result.name: gathered_form(self.result[self.indices], S.Zero)}

    @property
    def _equations(self) -> list[tuple[str, tuple[Equation, ...]]]:
        return [(tensor.name, equations) for tensor, equations in self.groups]

    def _free(self, tensor: Tensor, equations: Sequence[Equation]) -> tuple[Symbol, ...]:
        return self.derivation.free_indices(tensor.indices, equations, letters(self.derivation))

    def latex(
        self, stage: str = "", *, index_base: int = 1, digits: int = 6, decimal: DecimalMark = "."
    ) -> str:
        r"""Return the general formula, or that of a stage, as LaTeX to be pasted into a display.

        Args:
            stage: A name in ``stages``; by default the second derivatives themselves.
            index_base: What the first entry of an axis is called in print, 1 or 0.
            digits: The significant digits of constants that are rounded.
            decimal: The decimal mark, a point or a comma.

        Raises:
            SymcnnError: If there is no such stage, or a setting is wrong.
        """
        name = stage or self.result.name
        if name not in (forms := self.forms):
            raise SymcnnError(f"no stage is called {shown(name)}: {known(name, [*forms])}")
        return self._statement(name, Statements(self.derivation, index_base, digits, decimal)).latex

    def _statement(self, name: str, statements: Statements) -> Statement:
        general = self.forms[name]
        twice = self.variables(general.left.indices) if name == self.result.name else ()
        made = (self.result, *self.directions, *(tensor for tensor, _ in self.groups))
        return statements.equation(twice, general, made)

    def _repr_latex_(self) -> str:
        """Return the formulas of all stages, as Jupyter and nbconvert show them."""
        statements = Statements(self.derivation)
        made = (self._statement(name, statements) for name in self.forms)
        rows = " \\\\[4pt]\n".join(f"{latex(s.left)} &= {latex(s.right)}" for s in made)
        return f"$$\n\\begin{{aligned}}\n{rows}\n\\end{{aligned}}\n$$"

    def variables(self, indices: Sequence[Expr]) -> tuple[Expr, ...]:
        """Return w and v of d^2 L/dw dv at indices of the result; none along a direction."""
        first = len(self.of.shape)
        return (self.of[indices[:first]], self.by[indices[first:]]) if self.by else ()

    def __repr__(self) -> str:
        """Name what is differentiated."""
        by = "along a direction" if self.by is None else f"with respect to {self.by.name}"
        return f"<Second derivatives of the loss with respect to {self.of.name} and {by}>"


def block(derivation: Derived, of: str, by: str, *, gauss_newton: bool = False) -> SecondOrder:
    """Return the block d^2 L / dW dV of the Hessian, for every entry of W and of V.

    Args:
        derivation: The derivation.
        of: W.
        by: V.
        gauss_newton: Whether only the loss is differentiated twice, and the layers count as
            linear: the sum over outputs y of d^2 L / dy_m dy_n * dy_m/dW * dy_n/dV.

    Raises:
        SymcnnError: If one of them is neither an input nor a parameter.
    """
    first, second = (variable(derivation.network, name) for name in (of, by))
    routings, named = derivation.routings, names(derivation.network.equations)
    tangents = jacobians(derivation, second, routings, named, gauss_newton=gauss_newton)
    result = tangents.velocity_of(derivation.adjoints[of])
    return _made(derivation, tangents, result, first, second)


def product(derivation: Derived, of: str, along: Sequence[str] = ()) -> SecondOrder:
    """Return how dL/dW moves along a direction: the rows of W of the Hessian times it.

    Args:
        derivation: The derivation.
        of: W.
        along: What moves; by default the input and all parameters.

    Raises:
        SymcnnError: If one of them is neither an input nor a parameter.
    """
    network = derivation.network
    first = variable(network, of)
    moving = [variable(network, name) for name in along or variables(network)]

    def moved(tensor: Tensor) -> Tensor:
        letter = label(derivation, tensor, along=True)
        return replace(tensor, name=f"direction of {tensor.name}", label=letter)

    velocities = {tensor.base: moved(tensor) for tensor in moving}
    named = names(network.equations)
    tangents = Tangents(derivation.routings, moved, velocities, named=named)
    made = _made(derivation, tangents, moved(derivation.adjoints[of]), first, None)
    return replace(made, directions=tuple(velocities.values()))


def _made(
    derivation: Derived, tangents: Tangents, result: Tensor, of: Tensor, by: Tensor | None
) -> SecondOrder:
    tensors = derivation.tensors
    passes = (derivation.network.equations, [step.equation for step in derivation.steps])
    forward, backward = (
        [(tensors[base], equations) for base, equations in grouped(made)] for made in passes
    )
    ahead = tangents.of(forward)
    groups = _needed((*ahead, *tangents.of(backward)), result)
    moving = frozenset(tensor.name for tensor, _ in ahead)
    return SecondOrder(derivation, groups, result, of, by, moving)


def _needed(groups: Sequence[Group], result: Tensor) -> tuple[Group, ...]:
    wanted, kept = {result.base}, list[Group]()
    for tensor, equations in reversed(groups):
        if tensor.base in wanted:
            kept.append((tensor, equations))
            wanted |= {read.base for equation in equations for read in accesses(equation.value)}
    return tuple(reversed(kept))


def moving(blocks: Sequence[SecondOrder]) -> dict[Tensor, tuple[Equation, ...]]:
    """Return what moves in blocks, with its equations."""
    return dict(group for block in blocks for group in block.groups)


def second_order_tensors(blocks: Sequence[SecondOrder]) -> dict[IndexedBase, Tensor]:
    """Return what moves, and the second derivatives that are 0, by their bases."""
    results = (block.result for block in blocks)
    return {tensor.base: tensor for tensor in (*moving(blocks), *results)}


def second_order_entries(derivation: Derived, blocks: Sequence[SecondOrder]) -> LongEntries:
    """Return the by-hand reading of all equations, with those of blocks that V has columns in."""
    derivation.network.check_numbers()
    further = (equation for own in moving(blocks).values() for equation in own)
    backward = (step.equation for step in derivation.steps)
    return LongEntries(
        (*derivation.network.equations, *backward, *further),
        {**derivation.tensors, **second_order_tensors(blocks)},
        derivation.routings,
    )


VARIABLES = ("input", "parameter")
"""The roles of tensors with respect to which the loss is differentiated twice."""


def variables(network: Network) -> dict[str, Tensor]:
    """Return the input and the parameters by their names."""
    return {t.name: t for t in network.tensors.values() if t.role in VARIABLES}


def variable(network: Network, name: str) -> Tensor:
    """Return an input or a parameter by its name.

    Raises:
        SymcnnError: If there is none.
    """
    if network.sizes and network.recurrences:
        raise SymcnnError(
            "second derivatives through a recurrence are not stated for a letter of steps: give a "
            "number of steps, such as network.at({T: 3, ...})"
        )
    given = variables(network)
    if name not in given:
        raise SymcnnError(f"{name!r} is neither an input nor a parameter: {known(name, [*given])}")
    return given[name]


# Second order: the partial derivatives, differentiated once more.


Chosen = str | tuple[str, Sequence[int]]
"""A tensor by its name, for all its entries, or one entry: (name, index)."""


class _Columns:
    """The columns of the Hessian for the entries of one tensor V."""

    def __init__(self, derivation: Derived, by: str, of: Iterable[str]) -> None:
        """Differentiate with respect to V what some rows need."""
        self._blocks = {name: block(derivation, name, by) for name in of}
        self.closed = second_order_entries(derivation, [*self._blocks.values()]).closed

    def symbol(self, of: str, row: Sequence[int], column: Sequence[int]) -> Symbol:
        """Return d^2 L / dw dv as what moves."""
        return self._blocks[of].result.symbol((*row, *column))


def hessian_matrix(derivation: Derived, by: Sequence[Chosen]) -> ImmutableDenseMatrix:
    """Return the matrix for some entries, as closed forms in what is given.

    What stands below its diagonal mirrors what stands above.

    Raises:
        SymcnnError: If there is no such tensor or entry.
        TooLargeError: If the closed forms would be too large.
    """
    derivation.network.check_numbers()
    entries = list(chosen_entries(by, derivation.network))
    names, size = dict.fromkeys(name for name, _ in entries), len(entries)
    columns = {name: _Columns(derivation, name, names) for name in names}
    above = {
        (m, n): (columns[name].closed, columns[name].symbol(of, row, column))
        for n, (name, column) in enumerate(entries)
        for m, (of, row) in enumerate(entries[: n + 1])
    }
    most = limits.HESSIAN_NODES + 1
    check_size(size, (closed.nodes(symbol, most) for closed, symbol in above.values()))
    made = {place: closed(symbol, most) for place, (closed, symbol) in above.items()}
    return ImmutableDenseMatrix(size, size, lambda m, n: made[min(m, n), max(m, n)])


def chosen_entries(by: Sequence[Chosen], network: Network) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Return the entries that are asked for, whole tensors in row-major order.

    Raises:
        SymcnnError: If there is no such tensor or entry.
    """
    if isinstance(by, str):
        raise SymcnnError(
            f"by = {by!r} is a single name: give a list, [{by!r}], or two names for the "
            "formula of a block"
        )
    for choice in by:
        name, index = (choice, None) if isinstance(choice, str) else choice
        tensor = variable(network, name)
        positions = tensor.positions() if index is None else [tensor.checked(index)]
        yield from ((name, position) for position in positions)


def check_size(entries: int, sizes: Iterable[int]) -> None:
    """Refuse a matrix that would take too long.

    Args:
        entries: With respect to how many entries the loss is differentiated.
        sizes: How many nodes each second derivative has, written out.

    Raises:
        TooLargeError: If they are too many together.
    """
    total = 0
    for nodes in sizes:
        if (total := total + nodes) > limits.HESSIAN_NODES:
            raise TooLargeError(
                f"the second derivatives with respect to {entries} entries have more than "
                f"{limits.HESSIAN_NODES:,} operations: choose fewer entries, or use hessian_block"
            )
