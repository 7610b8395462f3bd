"""Gradients that are products of two small matrices, which blocks of samples hand over instead.

    dL/dW[q, m] = sum over n of delta[n, q] f[n, m]        n over all samples

Of a dense layer with many weights, delta and f of all samples have far fewer entries than the
gradient. So no block and no thread has a gradient of its own: the product is made once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from sympy import Indexed, Mul

from symcnn.equations import SUM, Equation, Tensor
from symcnn.equations.values import Array
from symcnn.programs.plans.plan import Plan, planned


class Pair(NamedTuple):
    """What the two factors of a gradient are called among the results of a block."""

    first: str
    second: str


@dataclass(frozen=True)
class Factored:
    """A plan for some of the samples, without gradients that are made of the factors.

    Attributes:
        plan: The plan, whose results are the factors instead.
        names: The gradients of all parameters, in their order.
        pairs: The factors of those that are not among them, by the name of the gradient.
    """

    plan: Plan
    names: tuple[str, ...]
    pairs: Mapping[str, Pair]

    def multiplied(self, found: Mapping[str, Array]) -> dict[str, Array]:
        """Return all gradients, of those that were found and the factors of all samples."""
        return {name: self._gradient(name, found) for name in self.names}

    def _gradient(self, name: str, found: Mapping[str, Array]) -> Array:
        if name not in self.pairs:
            return found[name]
        first, second = (found[factor] for factor in self.pairs[name])
        product: Array = np.matmul(first.T, second)
        return product

    @property
    def factors(self) -> frozenset[str]:
        """The names of all factors."""
        return frozenset(factor for pair in self.pairs.values() for factor in pair)

    @property
    def second(self) -> frozenset[str]:
        """The names of those that are no derivatives, and have no weights of samples."""
        return frozenset(pair.second for pair in self.pairs.values())


def factored(plan: Plan, samples: int) -> Factored:
    """Return a plan without the gradients that are products with fewer entries in their factors.

    Args:
        plan: The plan for training with some of the samples.
        samples: How many samples there are in all.
    """
    results, pairs = dict[str, Tensor](), dict[str, Pair]()
    groups = dict(plan.backward)
    for name, gradient in plan.gradients.items():
        factors = _factors(plan, groups.get(gradient, ()))
        if 2 * samples * sum(gradient.shape) < gradient.size and len(factors) == 2:
            pairs[name] = Pair(f"{name} (first factor)", f"{name} (second factor)")
            results |= zip(pairs[name], factors, strict=True)
        else:
            results[name] = gradient
    made = planned(replace(plan, gradients=results)) if pairs else plan
    return Factored(made, tuple(plan.gradients), pairs)


def _factors(plan: Plan, group: tuple[Equation, ...]) -> list[Tensor]:
    """Return delta and f, if a gradient is their product and both are computed."""
    computed = {tensor.base: tensor for tensor, _ in (*plan.forward, *plan.backward)}
    reads = [*_product(group[0])] if len(group) == 1 else []
    return [computed[read.base] for read in reads if read.base in computed]


def _product(equation: Equation) -> Iterator[Indexed]:
    """Yield delta[n, q] and f[n, m], if W[q, m] is the sum over all n of their products."""
    target, value = equation.target, equation.value
    plain = isinstance(value, Mul) and len(value.args) == 2 and not equation.guards
    if not (plain and equation.reduction == SUM and len(equation.reduced) == 1):
        return
    (loop,), sizes = equation.reduced, equation.sizes
    for row, length in zip(target.indices, target.shape, strict=True):
        for part in value.args:
            own = isinstance(part, Indexed) and part.indices == (loop.symbol, row)
            if own and part.shape == (loop.size, length) and sizes.get(row) == length:
                yield part
