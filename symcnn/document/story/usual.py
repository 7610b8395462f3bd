r"""Formulas as textbooks write them, where others are computed.

p_k  =  e^{z_k} / \sum_m e^{z_m},    computed as  e^{z_k - \ell},  \ell = \log \sum_m e^{z_m}
L    =  -\sum_k t_k \log p_k,        computed as  \ell - \sum_k t_k z_k
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from sympy import Eq, Expr, Indexed
from sympy import Sum as SymbolicSum

from symcnn.derivation.general import General, forward_form, put_in
from symcnn.document.blocks import Block, Row, Rows, Text, paragraph
from symcnn.document.context import Context
from symcnn.document.facts.patterns import softmax as pattern
from symcnn.document.rows.rows import general_row
from symcnn.document.words.loss_words import over_samples, penalty
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.words import filled, wherever
from symcnn.equations import Equation, Tensor, accesses
from symcnn.equations.functions import Iverson
from symcnn.network.stage import LossStage
from symcnn.reference.enclosures import to_decimal

USUAL = "the usual form of the loss"
"""What has been said where the loss is given in its usual form."""

_SOFTMAX = (
    "The exponentials of {z} are divided by their sum, which gives positive numbers that sum to 1, "
    "the softmax of {z}{over}:"
)
_COMPUTED = (
    "In floating point the exponential of a large number overflows. The softmax is therefore "
    "computed from the logarithm of the sum, in which programs factor out the largest exponential."
)
_LOSS = "The loss is {over}the cross-entropy of {target} and this softmax{penalty}:"
_LOSS_COMPUTED = (
    "In floating point the exponential of a large number overflows. The softmax and the loss are "
    "therefore computed from the logarithm of the sum, in which programs factor out the largest "
    "exponential. The loss remains the same: the logarithm of the softmax is its argument minus "
    "this logarithm, and the targets sum to 1."
)

_LARGEST = 10_000
"""Exponentials of larger numbers are not written out."""


def softmax(context: Context, equations: Sequence[Equation]) -> Iterator[Block]:
    """Give a softmax as the quotient that it is, before what it is computed from."""
    blocks = list(_quotients(context, equations))
    yield from [*blocks, paragraph(_COMPUTED)] if blocks else ()


def loss(context: Context, stage: LossStage, mentioned: Mentioned) -> Iterator[Block]:
    """Give the loss in its usual form, if it is computed in another one."""
    blocks, row = list(_quotients(context, stage.equations)), cross_entropy(context, stage)
    if not blocks or row is None or stage.given is None:
        return
    mentioned.first(USUAL)
    yield from blocks
    named: Text = ("the target ", context.named(stage.given))
    target = named if smoothed(context, stage.given) is None else "the smoothed target"
    over, more = over_samples(context), penalty(context)
    yield paragraph(*filled(_LOSS, target=target, over=over, penalty=more))
    yield Rows((row,))
    yield paragraph(_LOSS_COMPUTED)


def smoothed(context: Context, target: Tensor) -> Expr | None:
    """Return what outputs are compared with, if that is not their target as it is given."""
    network, entry = context.derivation.network, target[target.indices]
    compared = network.loss.compared(entry, network.output)
    return None if compared == entry else compared


def cross_entropy(context: Context, stage: LossStage) -> Row | None:
    """Return the usual form of the loss, if it has one and what that supposes is so."""
    if not stage.usual or stage.given is None:
        return None
    supposed = context.derivation.network.loss.supposes(stage.given)
    if not all(map(partial(holds, context), supposed)):
        return None
    row = general_row(context, forward_form(context.derivation, stage.usual))
    return replace(row, claim=replace(row.claim, where=Iverson(*supposed)), label="")


def holds(context: Context, condition: Eq) -> bool:
    """Tell whether the problem's numbers are such: targets that are rounded do not sum to 1."""
    return bool((context.value(condition.lhs) - condition.rhs).is_zero)


def _quotients(context: Context, equations: Sequence[Equation]) -> Iterator[Block]:
    for equation in equations:
        found = pattern(equation.value, equations)
        if found is None:
            continue
        z = context.derivation.tensors[found[0].base]
        general = quotient(context, equation, found[1], equations)
        if general is not None and is_small(context, z):
            over = wherever(context, general.free)
            yield paragraph(*filled(_SOFTMAX, z=context.named(z), over=over))
            yield Rows((replace(general_row(context, general), label=""),))


def quotient(
    context: Context, equation: Equation, normaliser: Indexed, equations: Sequence[Equation]
) -> General | None:
    """Return e^(z - l) with l = log(sum of e^z) as e^z / (sum of e^z); None for a single z."""
    made = [e for e in equations if e.target.base == normaliser.base]
    general, behind = (forward_form(context.derivation, e) for e in ([equation], made))
    (place,) = (r for r in accesses(general.right) if r.base == normaliser.base)
    right = put_in(context.derivation, general.right, place, behind)
    return replace(general, right=right, checked=right) if right.has(SymbolicSum) else None


def is_small(context: Context, tensor: Tensor) -> bool:
    """Tell whether the exponentials of a tensor's entries can be written out."""
    symbols = map(tensor.symbol, tensor.positions())
    return all(abs(to_decimal(context.value(symbol))) <= _LARGEST for symbol in symbols)
