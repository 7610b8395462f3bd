"""Samples apart: what of a loss is a sum over the samples, and what is no sample's.

    L = share * (sum over n of L_n)  +  the penalty

Gradients of chunks of samples may be added up if no equation but the loss's own sums takes
several samples at once; the penalty, which no sample takes part in, is added once.
"""

from __future__ import annotations

from dataclasses import replace

from symcnn.derivation import differentiate
from symcnn.equations import SUM, Equation
from symcnn.equations.tensor import SAMPLE
from symcnn.errors import SymcnnError
from symcnn.network import Network
from symcnn.plans import order
from symcnn.plans.plan import Plan, planned


def without_penalty(network: Network, samples: int) -> Network:
    """Return the network of so many samples, with nothing in its loss that is no sample's.

    Raises:
        SymcnnError: If samples take part in each other's results, or if the loss has such
            a part besides the penalty.
    """
    apart = replace(network, batch=samples, loss=replace(network.loss, l2=0))
    for equation in apart.equations:
        _check(equation, apart)
    return apart


def penalty_plan(network: Network) -> Plan:
    """Return what computes the penalty and its gradients by all parameters."""
    equations = [e for e in replace(network, batch=1).equations if _is_no_samples(e, network)]
    tensors = (*network.parameters, network.loss_tensor)
    chain = differentiate(equations, tensors)
    forward = order.forward(equations, {tensor.base: tensor for tensor in tensors})
    return planned(
        Plan(
            given=network.parameters,
            forward=tuple(forward) or ((network.loss_tensor, ()),),
            backward=tuple(order.backward(chain.steps, chain.adjoints.values())),
            routings=chain.routings,
            loss=network.loss_tensor,
            outputs={},
            gradients={tensor.name: chain.adjoints[tensor.name] for tensor in network.parameters},
        )
    )


def _is_no_samples(equation: Equation, network: Network) -> bool:
    is_loss = equation.target.base == network.loss_tensor.base
    return is_loss and SAMPLE not in equation.sizes


def _check(equation: Equation, network: Network) -> None:
    over_samples = SAMPLE in {loop.symbol for loop in equation.reduced}
    is_loss = equation.target.base == network.loss_tensor.base
    if over_samples and not (is_loss and equation.reduction == SUM):
        named = {tensor.base: name for name, tensor in network.tensors.items()}
        raise SymcnnError(
            f"{named[equation.target.base]} takes all samples of a batch at once, so the gradients "
            "of chunks do not add up: evaluate the whole batch"
        )
    if _is_no_samples(equation, network):
        raise SymcnnError(
            f"the loss has a part that no sample takes part in, {equation.value}, and is no l2 "
            "penalty: every chunk would add it"
        )
