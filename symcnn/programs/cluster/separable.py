"""A loss that is separable over samples, and the penalty, which is not a sample's.

    L = share * (sum over n of L_n)  +  the penalty

L_n depends on sample n and the parameters alone: then gradients of chunks of samples add
up. So no equation but the loss's own sums may take several samples at once. The penalty,
which no sample takes part in, is added once.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sympy import IndexedBase

from symcnn.derivation import differentiate
from symcnn.equations import SUM, Equation, accesses
from symcnn.equations.sizes import Size
from symcnn.equations.tensor import SAMPLE
from symcnn.errors import SymcnnError
from symcnn.network.network import Network
from symcnn.programs.plans import order
from symcnn.programs.plans.plan import Plan, planned


def without_penalty(network: Network, samples: int) -> Network:
    """Return the network of so many samples, its loss a mere sum over them.

    Raises:
        SymcnnError: If samples take part in each other's results, or if the loss has such
            a part besides the penalty.
    """
    separable = _of_samples(network, samples)
    check_separable(separable)
    return separable


def check_separable(network: Network) -> None:
    """Refuse a network whose loss, but for the penalty, is no mere sum over samples.

    Raises:
        SymcnnError: If samples take part in each other's results, or if the loss has such
            a part besides the penalty.
    """
    own = network if _is_bare(network) else _of_samples(network, network.batch or 1)
    batched = {tensor.base for tensor in own.tensors.values() if tensor.batched}
    for equation in own.equations:
        _check_separable(equation, own, batched)


def has_penalty(network: Network) -> bool:
    """Tell whether the loss has a penalty."""
    return bool(_penalties(network))


def _of_samples(network: Network, samples: Size) -> Network:
    return replace(network, batch=samples, loss=replace(network.loss, l2=0))


def _is_bare(network: Network) -> bool:
    """Tell whether a network has samples and no penalty: then it need not be made again."""
    return network.batch is not None and network.loss.l2 == 0


def penalty_plan(network: Network) -> Plan:
    """Return the plan of the penalty and its gradients with respect to all parameters."""
    equations = _penalties(network)
    tensors = (*network.parameters, network.loss_tensor)
    chain = differentiate(equations, tensors)
    forward = order.forward(equations, tensors)
    return planned(
        Plan(
            given=network.parameters,
            forward=tuple(forward) or ((network.loss_tensor, ()),),
            backward=tuple(order.backward(chain)),
            routings=chain.routings,
            loss=network.loss_tensor,
            outputs={},
            gradients={tensor.name: chain.adjoints[tensor.name] for tensor in network.parameters},
        )
    )


def _penalties(network: Network) -> list[Equation]:
    """Return the equations that add to the loss what no sample takes part in."""
    batched = network if network.batch is not None else replace(network, batch=1)
    return [e for e in batched.equations if _is_penalty(e, network)]


def _is_penalty(equation: Equation, network: Network) -> bool:
    """Tell whether an equation adds to the loss what no sample takes part in."""
    is_loss = equation.target.base == network.loss_tensor.base
    return is_loss and SAMPLE not in equation.sizes


def _check_separable(
    equation: Equation, network: Network, batched: Collection[IndexedBase]
) -> None:
    """Refuse an equation that takes several samples at once, or none."""
    over_samples = SAMPLE in {loop.symbol for loop in equation.reduced}
    reads = [read for read in accesses(equation.value) if read.base in batched]
    others = any(read.indices[0] != SAMPLE for read in reads)
    is_loss = equation.target.base == network.loss_tensor.base
    if others or (over_samples and not (is_loss and equation.reduction == SUM)):
        named = {tensor.base: name for name, tensor in network.tensors.items()}
        raise SymcnnError(
            f"{named[equation.target.base]} depends on all samples of a batch, so the gradients "
            "of chunks do not add up: evaluate the whole batch"
        )
    if _is_penalty(equation, network):
        raise SymcnnError(
            f"the loss has a term without samples, {equation.value}, that is not an l2 "
            "penalty: evaluate the whole batch, as every chunk would add it"
        )
