r"""Second derivatives in index form: the list of equations, differentiated once more.

    d^2 L / dw_a dv_b  =  sum over ... of  H^z[..., b] x[...]  +  delta^z[...] J^x[..., b]

Each quantity in it has a formula of the same kind, down to what is given: J^z = dz/dv is the
Jacobian of a stage, and H^z = d^2 L / dz dv how its error signal moves. Along a direction, D^z
and H^z are how fast z and its error signal move, and H^w is the Hessian times the direction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count

from sympy import Expr, Indexed, IndexedBase, S, Symbol

from symcnn.derivation.adjoint import Routing, names
from symcnn.derivation.derived import Derived
from symcnn.derivation.gather import gather
from symcnn.derivation.statement import Statements
from symcnn.derivation.tangents import Tangents
from symcnn.derivation.variables import variable, variables
from symcnn.equations import Equation, Group, Loop, Tensor, accesses, grouped
from symcnn.errors import SymcnnError, shown
from symcnn.notation import about, index, spare_letters
from symcnn.printing.manner import DecimalMark
from symcnn.printing.names import letters_of
from symcnn.sizes import letters_in
from symcnn.values import known


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
    """

    derivation: Derived
    groups: tuple[Group, ...]
    result: Tensor
    of: Tensor
    by: Tensor | None

    @property
    def partial(self) -> Expr:
        """The general formula of the second derivatives, over ``indices``."""
        return self.stages[self.result.name][1] if self.groups else S.Zero

    @property
    def indices(self) -> tuple[Symbol, ...]:
        """The free indices of the formula: of the first variable, then of the second."""
        return self._free(self.result, dict(self._equations).get(self.result.name, ()))

    @property
    def stages(self) -> dict[str, tuple[Indexed, Expr]]:
        """For each tensor that moves, the result last, its entry and the general formula of it."""
        made = {}
        for tensor, equations in self.groups:
            free = self._free(tensor, equations)
            made[tensor.name] = tensor[free], sum((gather(e, free) for e in equations), S.Zero)
        return made

    @property
    def _equations(self) -> list[tuple[str, tuple[Equation, ...]]]:
        return [(tensor.name, equations) for tensor, equations in self.groups]

    def _free(self, tensor: Tensor, equations: Sequence[Equation]) -> tuple[Symbol, ...]:
        return self.derivation.free_indices(tensor.indices, equations, letters(self.derivation))

    def latex(
        self,
        stage: str = "",
        *,
        index_base: int = 1,
        digits: int = 6,
        decimal: DecimalMark = ".",
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
        stages = self.stages or {self.result.name: (self.result[self.indices], S.Zero)}
        if name not in stages:
            raise SymcnnError(f"no stage is called {shown(name)}: {known(name, [*stages])}")
        left, right = stages[name]
        printed = Statements(self.derivation, index_base, digits, decimal)
        return printed.equation(self._left(name, left), left, right).latex

    def _left(self, name: str, entry: Indexed) -> tuple[Expr, ...]:
        """Return the variables of d^2 L/dw dv where these are the result; else nothing."""
        if name != self.result.name or self.by is None:
            return ()
        first = len(self.of.shape)
        return self.of[entry.indices[:first]], self.by[entry.indices[first:]]

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
    routings, named = derivation.routings, _named(derivation)
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
        label = _label(derivation, tensor, "D")
        return replace(tensor, name=f"direction of {tensor.name}", label=label)

    velocities = {tensor.base: moved(tensor) for tensor in moving}
    tangents = Tangents(derivation.routings, moved, velocities, named=_named(derivation))
    return _made(derivation, tangents, moved(derivation.adjoints[of]), first, None)


def jacobians(
    derivation: Derived,
    second: Tensor,
    routings: Sequence[Routing],
    named: Mapping[Expr, Expr],
    *,
    gauss_newton: bool,
) -> Tangents:
    """Return what differentiates equations with respect to all entries of V.

    Args:
        derivation: The derivation.
        second: V.
        routings: The routings of the maxima in the equations.
        named: What entries are equal to, and the entries.
        gauss_newton: Whether only the loss is differentiated twice.
    """
    spare = map(index, spare_letters(letters(derivation)))
    over = [Loop(next(spare), size) for size in second.shape]
    axes = tuple(loop.symbol.name for loop in over)

    def moved(tensor: Tensor) -> Tensor:
        shape, label = (*tensor.shape, *second.shape), _label(derivation, tensor, "J")
        name = f"{tensor.name} by {second.name}"
        return Tensor(name, shape, "auxiliary", label, (*tensor.axes, *axes))

    linear, signals = _linear_signals(derivation) if gauss_newton else ((), ())
    return Tangents(
        *(routings, moved, {}),
        unit=second.base,
        over=over,
        named=named,
        linear=linear,
        signals=signals,
    )


def _linear_signals(
    derivation: Derived,
) -> tuple[Collection[IndexedBase], Collection[IndexedBase]]:
    """Return the error signals before the output's, and all of them."""
    end, adjoints = derivation.network.loss_stage, derivation.adjoints
    own = {derivation.network.output.name, *(t.name for t in end.auxiliaries.values())}
    before = {adjoint.base for name, adjoint in adjoints.items() if name not in own}
    return before, {adjoint.base for adjoint in adjoints.values()}


def letters(derivation: Derived) -> set[str]:
    """Return the letters of tensors, sizes and indices."""
    tensors = derivation.tensors.values()
    equations = (*derivation.network.equations, *(step.equation for step in derivation.steps))
    loops = {loop.symbol.name for equation in equations for loop in equation.loops}
    axes = {axis for tensor in tensors for axis in tensor.axes}
    sizes = {s.name for tensor in tensors for s in letters_in(*tensor.shape)}
    return letters_of(tensors) | loops | axes | sizes


def _made(
    derivation: Derived, tangents: Tangents, result: Tensor, of: Tensor, by: Tensor | None
) -> SecondOrder:
    tensors = derivation.tensors
    passes = (derivation.network.equations, [step.equation for step in derivation.steps])
    forward, backward = (
        [(tensors[base], equations) for base, equations in grouped(made)] for made in passes
    )
    groups = (*tangents.of(forward), *tangents.of(backward))
    return SecondOrder(derivation, _needed(groups, result), result, of, by)


def _needed(groups: Sequence[Group], result: Tensor) -> tuple[Group, ...]:
    """Keep what the result is made of."""
    wanted, kept = {result.base}, list[Group]()
    for tensor, equations in reversed(groups):
        if tensor.base in wanted:
            kept.append((tensor, equations))
            wanted |= {read.base for equation in equations for read in accesses(equation.value)}
    return tuple(reversed(kept))


def _named(derivation: Derived) -> dict[Expr, Expr]:
    """Return what entries of the forward pass are equal to, and the entries."""
    return names(derivation.network.equations)


def _label(derivation: Derived, tensor: Tensor, forward: str) -> str:
    """Return J^z for a stage z, and H^z for its error signal; sizes may have these letters."""
    taken = {size.name for size in derivation.network.sizes}
    owners = {adjoint.name: name for name, adjoint in derivation.adjoints.items()}
    owner = owners.get(tensor.name)
    usual = forward if owner is None else "H"
    others = "AUVX" if owner is None else "GQBY"  # no letter is in both
    numbered = (f"{usual}_{number}" for number in count(2))
    letter = next(one for one in chain(usual, others, numbered) if one not in taken)
    of = tensor if owner is None else derivation.network.tensors[owner]
    return about(letter, of.label)
