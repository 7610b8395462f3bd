r"""What is told of a network in place of what is computed.

p_k = e^{z_k} / (sum over q of e^{z_q}),  L = - sum of t_k log p_k,  without  ell  beside them
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Symbol

from symcnn.document.context import Context
from symcnn.document.facts.scope import Position
from symcnn.equations import Equation, Tensor


def entry(context: Context, tensor: Tensor, position: Position) -> Expr | None:
    """Return the formula of an entry: of a softmax that stands alone the quotient."""
    if tensor.name not in context.softmaxes.alone:
        return formula(context, tensor.symbol(position))
    return context.softmaxes.quotients[tensor.name].at(context.derivation.entries, position)


def formula(context: Context, symbol: Symbol) -> Expr | None:
    """Return the formula of an entry, a long sum without writing it out."""
    entries = context.derivation.entries
    long = entries.long(symbol) if context.arrays else None
    return entries.formula(symbol) if long is None else long


def is_usual(context: Context) -> bool:
    """Tell whether the loss is worked out in its usual form, of softmaxes that stand alone."""
    own = (t.name for t in context.derivation.network.loss_stage.auxiliaries.values())
    made = {name for name in own if context.operations[name].name == "softmax"}
    return bool(made) and made <= context.softmaxes.alone


def equations(context: Context) -> Iterator[Equation]:
    """Run over the equations that are told: not of a log-sum-exp within a softmax that is alone."""
    network, stage = context.derivation.network, context.derivation.network.loss_stage
    inner = {network.tensors[name].base for name in context.softmaxes.within}
    usual = stage.usual if is_usual(context) else ()
    others = inner | ({stage.loss.base} if usual else set())
    yield from (equation for equation in network.equations if equation.target.base not in others)
    yield from usual
