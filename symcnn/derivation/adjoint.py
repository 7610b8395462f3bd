r"""The chain rule on one equation: reverse-mode differentiation in index form.

For a forward equation  T[a] <- REDUCE over loops of f(A[e], B[g], ...),  the loss L
depends on the entry A[e] through T[a] once for every loop assignment, so

    dL/dA[e]  <-  sum over the same loops of  dL/dT[a] * S * df/dA[e]

with S the selector of the reduction (1 for a sum, the routing R[loops] for a
maximum). This is again an equation: A's indices became the target, and the old
target's adjoint became a factor. The only calculus is SymPy's ``diff`` of f with
respect to that occurrence. Nothing here knows what a layer is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sympy import Dummy, E, Expr, Function, Indexed, IndexedBase, Mul, S, powsimp

from symcnn.equations import Equation, Max, Tensor, accesses, is_one_to_one
from symcnn.equations.functions import translated
from symcnn.equations.notation import about

# The same symbols for all equations: a derivative that was taken before is then known.
_OCCURRENCE = Dummy(real=True)
_OTHERS = tuple(Dummy(real=True) for _ in range(8))


@dataclass(frozen=True)
class Routing:
    """R[loops] = d(max) / d(term): the routing of a maximum.

    Attributes:
        tensor: R, with one axis for every loop of the maximum.
        source: The equation of the maximum.
    """

    tensor: Tensor
    source: Equation

    @property
    def reduction(self) -> Max:
        """The maximum, and how it treats ties."""
        assert isinstance(self.source.reduction, Max)
        return self.source.reduction

    @property
    def entry(self) -> Indexed:
        """R at the loops' own indices."""
        return self.tensor[tuple(loop.symbol for loop in self.source.loops)]


@dataclass(frozen=True)
class Step:
    """One application of the chain rule.

    Attributes:
        equation: What the step adds to the adjoint of ``of``.
        of: The tensor whose adjoint receives it.
        source: The forward equation that was differentiated.
        access: The occurrence with respect to which it was differentiated.
        upstream: The adjoint of the source's target, or its value where that is constant.
        local: The partial derivative of the source's value with respect to that occurrence.
        routing: The selector, where the source is a maximum.
    """

    equation: Equation
    of: Tensor
    source: Equation
    access: Indexed
    upstream: Expr
    local: Expr
    routing: Routing | None


def adjoint_of(tensor: Tensor, signal: str = "delta") -> Tensor:
    """Return the tensor of the partials dL/dT[...], whose letter is that of error signals."""
    label = about(signal, tensor.label)
    return Tensor(
        f"dL/d {tensor.name}", tensor.shape, "adjoint", label, tensor.axes, tensor.batched
    )


def routing_of(source: Equation, target: Tensor) -> Routing:
    """Return the routing of a maximum."""
    shape = tuple(loop.size for loop in source.loops)
    axes = tuple(loop.symbol.name for loop in source.loops)
    label = about("R", target.label)
    return Routing(Tensor(f"routing of {target.name}", shape, "selector", label, axes), source)


def chain_rule(
    source: Equation,
    upstream: Expr,
    receivers: Mapping[IndexedBase, tuple[Tensor, Tensor]],
    routing: Routing | None,
    named: Mapping[Expr, Expr],
) -> Iterator[Step]:
    """Differentiate one forward equation with respect to every entry that it reads.

    Args:
        source: The forward equation.
        upstream: The adjoint of its target's entry.
        receivers: For the base of every tensor that has an adjoint, it and the adjoint.
        routing: The routing of the maximum, if the equation is one.
        named: What tensor entries are equal to, and the entries.
    """
    slope = source.reduction.slope(source.value, source.target, source.terms_of_entry)
    selector = routing.entry if slope is None and routing else S(slope).xreplace(named)
    for access in accesses(source.value):
        if access.base not in receivers:
            continue
        tensor, adjoint = receivers[access.base]
        local = partial_by(source.value, access).xreplace(named)
        if local == 0:  # the entry is compared with others alone
            continue
        value = upstream * selector * local
        equation = Equation(adjoint[access.indices], value, source.loops, source.guards)
        yield Step(equation, tensor, source, access, upstream, local, routing)


def partial_by(value: Expr, access: Indexed) -> Expr:
    """Return the partial derivative of ``value`` with respect to one indexed occurrence."""
    others = (read for read in accesses(value) if read != access)
    symbols = {access: _OCCURRENCE, **dict(zip(others, _OTHERS, strict=False))}
    slope = _slope(value.xreplace(symbols))
    return slope.xreplace({symbol: read for read, symbol in symbols.items()})


@lru_cache(maxsize=2**12)
def _slope(value: Expr) -> Expr:
    return _powers_together(translated(value.diff(_OCCURRENCE)))


def _powers_together(slope: Expr) -> Expr:
    """Return x^(gamma - 1) for x^gamma / x, which SymPy leaves where an exponent is a letter."""
    return slope.replace(_has_such_powers, lambda product: powsimp(product, combine="exp"))


def _has_such_powers(part: Expr) -> bool:
    powers = [f.as_base_exp() for f in part.args] if isinstance(part, Mul) else []
    by_letter = {base for base, exponent in powers if not exponent.is_number and base != E}
    return sum(base in by_letter for base, _ in powers) > len(by_letter)


def names(equations: Sequence[Equation]) -> dict[Expr, Expr]:
    """Return what entries are equal to, and the entries: {sigma(z[m]): a[m], ...}."""
    adding = Counter(equation.target.base for equation in equations)
    alone = (e for e in equations if adding[e.target.base] == 1)
    return {e.value: e.target for e in alone if _is_named(e) and _holds_in(e, equations)}


def _is_named(source: Equation) -> bool:
    """Tell whether the equation says T[i] = f(...) entry by entry, f not a mere copy.

    Then f(...) is written T[i] where it occurs in the derivative: a (1 - a) for the
    sigmoid a = sigma(z), 1 - a^2 for a = tanh(z).
    """
    return isinstance(source.value, Function) and is_one_to_one(replace(source, guards=()))


def _holds_in(source: Equation, equations: Sequence[Equation]) -> bool:
    """Tell whether what an equation reads is read where its guards hold alone."""
    guards, reads = {*source.guards}, {*accesses(source.value)}
    return not guards or all(
        guards <= {*other.guards} for other in equations if reads & {*accesses(other.value)}
    )
