r"""Which softmaxes a document gives as quotients alone, and which equations it tells then.

p_k = e^{z_k} / (sum over q of e^{z_q}),  L = - sum of t_k log p_k,  without  ell  beside them
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sympy import Eq, Expr

from symcnn.document.context import Context
from symcnn.document.facts.operation import Operation
from symcnn.document.facts.scope import Position
from symcnn.document.facts.softmax import quotient
from symcnn.equations import Equation, Tensor
from symcnn.network.stage import LossStage


def is_alone(context: Context, tensor: Tensor) -> bool:
    """Tell whether this is a softmax that is given as a quotient alone.

    It is where the error signal of its log-sum-exp is left out, or stated to be in another, and
    the loss is not computed from it.
    """
    made, stage = context.operations.get(tensor.name), context.derivation.network.loss_stage
    if made is None or not context.abridges or not context.tells("worked"):
        return False
    if tensor in stage.auxiliaries.values() and not is_cross_entropy(context, stage):
        return False
    return context.is_quotient(made) and made.part("normaliser").name not in context.read_signals


def is_within(context: Context, tensor: Tensor) -> bool:
    """Tell whether this is the log-sum-exp of a softmax that is given as a quotient alone."""
    made = (one for one in context.operations.values() if one.name == "softmax")
    return any(is_alone(context, o.result) for o in made if o.part("normaliser") == tensor)


def entry(context: Context, tensor: Tensor, position: Position) -> Expr:
    """Return the formula of an entry: of a softmax that stands alone the quotient."""
    entries = context.derivation.entries
    if not is_alone(context, tensor):
        return entries.formula(tensor.symbol(position))
    general = quotient(context.operations, context.operation(tensor))
    assert general is not None
    return general.at(entries, position)


def is_of_quotients(context: Context, stage: LossStage) -> bool:
    """Tell whether a loss is worked out in its usual form, of softmaxes that stand alone."""
    made = softmaxes(context, *stage.auxiliaries.values())
    return bool(made) and all(is_alone(context, one.result) for one in made)


def told_equations(context: Context) -> Iterator[Equation]:
    """Run over the equations that are told: not of a log-sum-exp within a softmax that is alone."""
    network, stage = context.derivation.network, context.derivation.network.loss_stage
    inner = {t.base for t in network.tensors.values() if is_within(context, t)}
    usual = stage.usual if is_of_quotients(context, stage) else ()
    others = inner | ({stage.loss.base} if usual else set())
    yield from (equation for equation in network.equations if equation.target.base not in others)
    yield from usual


def is_cross_entropy(context: Context, stage: LossStage) -> bool:
    """Tell whether the loss has a usual form, and what that supposes of its targets is so."""
    if not stage.usual or stage.given is None:
        return False
    supposed = context.derivation.network.loss.supposes(stage.given)
    return all(map(partial(holds, context), supposed))


def holds(context: Context, condition: Eq) -> bool:
    """Tell whether the problem's numbers are such: targets that are rounded do not sum to 1."""
    return bool((context.value(condition.lhs) - condition.rhs).is_zero)


def softmaxes(context: Context, *tensors: Tensor) -> list[Operation]:
    """Return what computes those tensors that are softmaxes whose log-sum-exp is one of them.

    Where terms have conditions, as under a causal mask, not all of its numbers are positive.
    """
    made = (context.operation(tensor) for tensor in tensors)
    found = (o for o in made if o.name == "softmax" and not o.first.guards)
    return [o for o in found if o.part("normaliser") in tensors]
