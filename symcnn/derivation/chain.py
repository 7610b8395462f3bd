"""From a network to its derivation: the chain rule on its equations, from the last to the first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sympy import Expr, S

from symcnn.derivation.adjoint import Routing, Step, adjoint_of, chain_rule, names, routing_of
from symcnn.derivation.derivation import Derivation
from symcnn.equations import Equation, Tensor, is_maximum, is_one_to_one, recurring
from symcnn.equations.values import known
from symcnn.errors import SymcnnError, expect
from symcnn.limits.garbage import collected_rarely
from symcnn.network.network import Network
from symcnn.writing.lettering import signal_of

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
