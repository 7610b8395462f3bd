"""The derivation of a network: forward equations, adjoints, and every partial."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

from sympy import Expr, ImmutableDenseMatrix, IndexedBase, S, Symbol

from symcnn import limits
from symcnn.derivation.adjoint import Routing, Step, adjoint_of, chain_rule, names, routing_of
from symcnn.derivation.derived import adding
from symcnn.derivation.entries import LongEntries
from symcnn.derivation.gather import free_indices, gather
from symcnn.derivation.point import AfterStep, Exactly, Given, Point, Substitution
from symcnn.derivation.second_order import Chosen, SecondOrder, block, hessian_matrix, product
from symcnn.derivation.statement import Notations, Statements, as_latex, as_markdown
from symcnn.equations import Equation, Tensor, is_maximum, is_one_to_one, recurring
from symcnn.equations.values import MULTIPRECISION, Values, check_indices, known
from symcnn.errors import SymcnnError, expect
from symcnn.limits.garbage import collected_rarely
from symcnn.network.network import Network
from symcnn.writing.lettering import signal_of, taken_letters
from symcnn.writing.printing.manner import DecimalMark


@dataclass(frozen=True)
class Derivation:
    """dL/dT for every tensor T of a network, in general, entry by entry and in numbers.

    Attributes:
        network: The network whose loss is differentiated.
        steps: Every application of the chain rule, from the loss backwards.
        adjoints: The tensor of the partials dL/dT, by the name of T.
        routings: The routing of each maximum.
    """

    network: Network
    steps: tuple[Step, ...]
    adjoints: Mapping[str, Tensor]
    routings: tuple[Routing, ...]

    def partial(
        self,
        name: str,
        index: Sequence[int] | None = None,
        *,
        staged: bool = False,
        most_nodes: int = limits.CLOSED_FORM_NODES,
    ) -> Expr:
        """Return dL/dT[index], or its general form over free indices.

        Args:
            name: A tensor: "conv1.weight", a layer's output "conv1", or the input "x".
            index: The entry, counted from 0; without it, the general form, whose free
                indices ``indices(name)`` lists.
            staged: Whether the formula is in terms of the named stages before it
                instead of the input, the parameters and the target alone.
            most_nodes: The largest size of a closed form.

        Raises:
            SymcnnError: If there is no such tensor or entry.
            TooLargeError: If the closed form would be larger than ``most_nodes``.
        """
        adjoint = self._adjoint(name)
        if index is None:
            return self._general(name)
        symbol = adjoint.symbol(self.network.tensors[name].checked(index))
        formula = self.entries.formula(symbol)
        return formula if staged else self.entries.closed(formula, most_nodes)

    def latex(
        self,
        name: str,
        index: Sequence[int] | None = None,
        *,
        staged: bool = False,
        index_base: int = 1,
        digits: int = 6,
        decimal: DecimalMark = ".",
        notation: Notations = "indices",
        conditions: bool = True,
        width: float | None = None,
    ) -> str:
        r"""Return a formula as LaTeX, \delta^{x}_{r} = ..., as documents print it, to be pasted.

        Args:
            name: A parameter or the input, for the derivative with respect to it; a layer's
                output or the loss, for its formula in the forward pass; or "gradient of conv1"
                for the error signal of an output.
            index: The entry, counted from 0; without it, the formula of all entries, with the
                ranges of its free indices.
            staged: Whether the formula of an entry is in terms of the named stages before it
                instead of the input, the parameters and the target alone.
            index_base: What the first entry of an axis is called in print, 1 or 0.
            digits: The significant digits of constants that are rounded.
            decimal: The decimal mark, a point or a comma.
            notation: "convolution" for a formula of all entries with \star and \ast, or "matrix"
                for one in whole vectors and matrices, if it is one.
            conditions: Whether the ranges of free indices stand behind the formula.
            width: The width of a line in points, in letters of 10 points, such as 240 for a
                column; a longer formula becomes aligned lines.

        Raises:
            SymcnnError: If there is no such tensor, entry or formula, or a setting is wrong.
            TooLargeError: If the closed form would be too large.

        >>> import symcnn as sc
        >>> d = sc.examples.cnn_by_hand().derivation
        >>> print(d.latex("conv1"))
        z_{ik} = \sum_{u=1}^{2} w_{uk} x_{i+u-1}\quad \left(i = 1, 2,\; k = 1, 2, 3\right)
        >>> print(d.latex("conv1.weight", (1, 0, 0, 2), staged=True))
        \frac{\partial L}{\partial w_{23}} = \delta^{z}_{13} x_{2} + \delta^{z}_{23} x_{3}
        """
        most = None if staged else limits.CLOSED_FORM_NODES
        made = Statements(self, index_base, digits, decimal).stated(name, index, most, notation)
        return made.written(conditions=conditions, width=width)

    def partials(self, *, staged: bool = False) -> dict[Symbol, Expr]:
        """Return dL/dw for every entry w of every parameter: {symbol: expression}."""
        entries = ((t, at) for t in self.network.parameters for at in t.positions())
        return {t.symbol(at): self.partial(t.name, at, staged=staged) for t, at in entries}

    @overload
    def hessian(self, by: Sequence[Chosen]) -> ImmutableDenseMatrix: ...

    @overload
    def hessian(self, by: str, other: str, *, gauss_newton: bool = ...) -> SecondOrder: ...

    def hessian(
        self, by: Sequence[Chosen] | str, other: str | None = None, *, gauss_newton: bool = False
    ) -> ImmutableDenseMatrix | SecondOrder:
        """Return second partial derivatives: of some entries as a matrix, or a block's formula.

        The entries of the matrix d^2 L / dv dw are closed forms in what is given, to which
        ``substitute`` gives numbers. The block of two tensors is a general formula, over free
        indices of both, in terms of how the stages move.

        Args:
            by: Names of small tensors, for all their entries, or single entries; for a block,
                the input or a parameter, by its name.
            other: For a block, the second tensor.
            gauss_newton: For a block, whether only the loss is differentiated twice.

        Raises:
            SymcnnError: If there is no such input or parameter, or no such entry.
            TooLargeError: If the closed forms would be too large.

        >>> import symcnn as sc
        >>> d = (problem := sc.examples.cnn_by_hand()).derivation
        >>> matrix = d.hessian([("dense1.weight", (0, 2)), ("conv1.weight", (1, 0, 0, 2))])
        >>> matrix.shape, matrix.is_symmetric()
        ((2, 2), True)
        >>> d.substitute(matrix[0, 1], problem.values, digits=8)
        -0.039843859
        >>> d.hessian("dense1.weight", "conv1.weight").partial
        H^z(2)[0, g, 0, 0, b]*f[k] + J^f[k, g, 0, 0, b]*delta^z(2)[0]
        """
        if isinstance(by, str) and other is not None:
            return block(self, by, other, gauss_newton=gauss_newton)
        return hessian_matrix(self, by)

    def hessian_product(self, name: str, along: Sequence[str] = ()) -> SecondOrder:
        """Return how dL/dW moves along a direction: the Hessian times it, as a general formula.

        Args:
            name: W, the input or a parameter.
            along: What moves, with the velocities D^V; by default the input and all parameters.

        >>> import symcnn as sc
        >>> d = sc.derive(sc.Network((2,), [sc.Dense(1, bias=False)], sc.HalfSquaredError()))
        >>> d.hessian_product("dense1.weight", ["dense1.weight"]).partial
        H^z[0]*x[q]
        """
        return product(self, name, along)

    def symbol(self, name: str, index: Sequence[int]) -> Symbol:
        """Return the symbol of an entry, e.g. w_{12} for ("conv1.weight", (0, 0, 0, 1))."""
        if name not in self.network.tensors:
            raise SymcnnError(
                f"there is no tensor {name!r}: {known(name, list(self.network.tensors))}"
            )
        return self.network.tensors[name].symbol(index)

    def indices(self, name: str) -> tuple[Symbol, ...]:
        """Return the free indices of the general form, one for each axis of the tensor."""
        axes, equations = self._adjoint(name).indices, adding(self, name)
        return self.free_indices(axes, equations) if equations else axes

    def free_indices(
        self, axes: tuple[Symbol, ...], equations: Sequence[Equation], taken: Collection[str] = ()
    ) -> tuple[Symbol, ...]:
        """Return free indices for the axes of a tensor that equations add to.

        A new index is neither the letter of a tensor nor one of ``taken``.
        """
        return free_indices(axes, equations, {*self._letters, *taken})

    def value(self, symbol: Symbol) -> Expr:
        """Return the closed form of any entry: of an output, the loss or an adjoint."""
        return self.entries.closed(symbol)

    def substitute(self, expression: Expr, values: Values, digits: int | None = None) -> Expr:
        """Substitute numbers into an expression.

        Args:
            expression: An expression that symcnn returned: a closed or staged form, or a
                general form whose free indices have been replaced by integers.
            values: Numbers by tensor name, e.g. ``{"x": [1, 0.4, 0.7]}``; a
                decimal such as 0.4 is taken as exactly 2/5.
            digits: The number of digits, all of them certain; by default the result
                is exact.
        """
        if digits is None:
            return Substitution(self.entries, self._given(values))(expression)
        with MULTIPRECISION:
            return self.at(values, digits).put_in(expression).evalf(digits)

    def at(self, values: Values, digits: int = 50) -> Point:
        """Return the values of all entries at given numbers, to ``digits`` certain digits."""
        return Point(self.entries, Exactly(self.entries, self._given(values)), digits)

    def after_step(self, before: Point, moved: Callable[[Expr, Expr], Expr]) -> Point:
        """Return the values of all entries after a step of every parameter.

        Args:
            before: The values before the step.
            moved: Returns a weight after the step from it and its derivative.
        """
        moves = {
            entry: moved(entry, self.adjoints[tensor.name].symbol(position))
            for tensor in self.network.parameters
            for position in tensor.positions()
            for entry in (tensor.symbol(position),)
        }
        return Point(self.entries, AfterStep(before, moves), before.digits)

    def _given(self, values: Values) -> Given:
        check_indices(values, self.network.indexing)
        return Given(self.entries, self.network.tensors, values)

    def steps_by(self, name: str) -> list[Step]:
        """Return the applications of the chain rule that contribute to dL/dT."""
        return [step for step in self.steps if step.of.name == name]

    @property
    def requested(self) -> list[str]:
        """The names of the given tensors that are differentiated on request."""
        given = (t.name for t in self.network.given if t.role in ("given", "target"))
        return [name for name in given if name in self.adjoints]

    def depends_on(self, tensor: Tensor) -> bool:
        """Tell whether the loss depends on a tensor; if not, dL/dT = 0."""
        return any(step.of == tensor for step in self.steps)

    @cached_property
    def _letters(self) -> set[str]:
        return taken_letters(self.network)

    @cached_property
    def tensors(self) -> dict[IndexedBase, Tensor]:
        """Every tensor, adjoint and routing, by its base."""
        routings = (routing.tensor for routing in self.routings)
        every = (*self.network.tensors.values(), *self.adjoints.values(), *routings)
        return {tensor.base: tensor for tensor in every}

    @cached_property
    def entries(self) -> LongEntries:
        """The by-hand reading of all equations."""
        self.network.check_numbers()
        backward = (step.equation for step in self.steps)
        return LongEntries((*self.network.equations, *backward), self.tensors, self.routings)

    def __repr__(self) -> str:
        """Name the tensors with respect to which the loss is differentiated."""
        return f"<Derivation of the loss with respect to {', '.join(self.adjoints)}>"

    def _repr_latex_(self) -> str:
        """Return the general forms of all derivatives, as Jupyter and nbconvert show them."""
        return as_latex(self)

    def _repr_markdown_(self) -> str:
        """Return the same below a sentence that introduces it."""
        return as_markdown(self)

    def _general(self, name: str) -> Expr:
        free = self.indices(name)
        return sum((gather(equation, free) for equation in adding(self, name)), S.Zero)

    def _adjoint(self, name: str) -> Tensor:
        if name not in self.adjoints:
            raise SymcnnError(
                f"there is no derivative with respect to {name!r}: "
                f"{known(name, list(self.adjoints))}"
            )
        return self.adjoints[name]


# From a network to its derivation: the chain rule on its equations, from the last to the first.


_DIFFERENTIATED = ("input", "parameter", "hidden", "auxiliary")


@dataclass(frozen=True)
class Chain:
    """dL/dT for every tensor T of a list of equations.

    Attributes:
        steps: Every application of the chain rule, from the loss backwards.
        adjoints: The tensor of the partials dL/dT, by the name of T.
        routings: The routing of each maximum.
    """

    steps: tuple[Step, ...]
    adjoints: Mapping[str, Tensor]
    routings: tuple[Routing, ...]


def differentiate(
    equations: Sequence[Equation],
    tensors: Iterable[Tensor],
    signal: str = "delta",
    also: Collection[str] = (),
    equal: Mapping[Expr, Expr] | None = None,
) -> Chain:
    """Differentiate the loss, which the last equations define, with respect to every tensor.

    Reverse-mode differentiation on the list of forward equations, from the last to
    the first; its cost depends on the number of equations, not on any shape.

    Args:
        equations: The forward equations.
        tensors: What they read and define.
        signal: The letter of error signals.
        also: The names of given tensors that are differentiated as well.
        equal: What stands in the place of expressions in derivatives, besides entries that are
            equal to functions.
    """
    by_base = {tensor.base: tensor for tensor in tensors}
    wanted = [t for t in by_base.values() if t.role in _DIFFERENTIATED or t.name in also]
    adjoints = {tensor.name: adjoint_of(tensor, signal) for tensor in wanted}
    receivers = {tensor.base: (tensor, adjoints[tensor.name]) for tensor in wanted}
    named, routings, steps = {**names(equations), **(equal or {})}, list[Routing](), list[Step]()
    received: dict[str, list[Equation]] = {}
    together = {base: one.order for one in recurring(equations) for base in one.order}
    for equation in reversed(equations):
        target, routing = by_base[equation.target.base], None
        if target.role == "loss":
            upstream = S.One
        elif target.base in together:  # every step receives something if one of them does
            group = (by_base[base].name for base in together[target.base])
            reached = any(name in received for name in group)
            upstream = adjoints[target.name][equation.target.indices] if reached else S.Zero
        else:
            upstream = _upstream(adjoints, target, equation, received)
        if upstream == 0:
            continue  # nothing that the loss depends on
        if is_maximum(equation):
            routing = routing_of(equation, target)
            routings.append(routing)
        for step in chain_rule(equation, upstream, receivers, routing, named):
            received.setdefault(step.of.name, []).append(step.equation)
            steps.append(step)
    return Chain(tuple(steps), adjoints, tuple(routings))


def _upstream(
    adjoints: Mapping[str, Tensor],
    target: Tensor,
    equation: Equation,
    received: Mapping[str, Sequence[Equation]],
) -> Expr:
    """Return the adjoint of an equation's target; one that is constant by its value."""
    parts = received.get(target.name, ())
    if not parts or target.name not in adjoints:
        return S.Zero
    if len(parts) == 1 and parts[0].value.is_Rational and is_one_to_one(parts[0]):
        return parts[0].value
    return adjoints[target.name][equation.target.indices]


@collected_rarely()
def derive(network: Network, also: Sequence[str] = ()) -> Derivation:
    """Differentiate the loss of a network with respect to every tensor in it.

    dL/dx, dL/dw, dL/db and dL/dy for the input, every weight, every bias and every layer's
    output, by the chain rule from the loss backwards.

    Args:
        network: The network.
        also: The names of given tensors, such as "target" or "dropout1.mask", with respect to
            which it is differentiated as well.

    Raises:
        SymcnnError: If the argument is not a network, or a name is not that of a given tensor.
    """
    expect(network, Network, "the network", "give a Network; a Problem has its own derivation")
    names = requested(network, also)
    signal = signal_of(network.letters)
    chain = differentiate(network.equations, network.tensors.values(), signal, names)
    return Derivation(network, chain.steps, chain.adjoints, chain.routings)


def requested(network: Network, also: Sequence[str]) -> tuple[str, ...]:
    """Return the names of given tensors with respect to which the loss is differentiated as well.

    Raises:
        SymcnnError: If one is no given tensor, or its entries are indices.
    """
    if isinstance(also, str):
        raise SymcnnError(f"also is {also!r}: give a list of names, [{also!r}]")
    expect(also, Iterable, "also", 'give a list of names, ["target"]')
    also = tuple(also)
    names = [t.name for t in network.given if t.role in ("given", "target")]
    for name in also:
        expect(name, str, "a name in also", 'give one such as "target"')
        if name in network.indexing:
            raise SymcnnError(
                f"the entries of {name} are indices, which have no derivative: leave it out of also"
            )
        if name not in names:
            choice = known(name, names) if names else "the network has none: remove it"
            raise SymcnnError(f"{name!r} is not a tensor that is given: {choice}")
    return also
