r"""Formulas as textbooks write them, where others are computed.

p_k  =  e^{z_k} / \sum_m e^{z_m},    computed as  e^{z_k - \ell},  \ell = \log \sum_m e^{z_m}
L    =  -\sum_k t_k \log p_k,        computed as  \ell - \sum_k t_k z_k
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import prod

from sympy import Add, Expr, Indexed, log
from sympy import Sum as SymbolicSum

from symcnn.derivation.general import forward_form
from symcnn.document.blocks import (
    Block,
    Inline,
    Paragraph,
    Row,
    Rows,
    Text,
    inline,
    joined,
    paragraph,
)
from symcnn.document.context import Context
from symcnn.document.facts.operation import Operation
from symcnn.document.facts.softmax import has_usual_form, holds
from symcnn.document.rows.general import comma, general_row, ranged
from symcnn.document.rows.rows import worked_row
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import filled
from symcnn.document.words.words import over_samples, penalty
from symcnn.equations import Equation, Mean, Sum, Tensor
from symcnn.equations.functions import Iverson, normal_cdf, sigmoid
from symcnn.network.stage import LossStage

USUAL = "the usual form of the loss"
"""What has been said where the loss is given in its usual form."""

_SOFTMAX = (
    "The exponentials of {z} are divided by their sum{along}, which gives positive numbers that "
    "sum to 1, the softmax of {z}{over}{end}"
)
_LOSS = "The loss is {over}the cross-entropy of {target} and this softmax{penalty}:"
_COMPUTED = (
    "Programs compute the loss from the log-sum-exp {ell} of {z} instead; its value is the same, "
    "since {logarithm} and {sum}."
)


def of_quotients(context: Context, stage: LossStage, mentioned: Mentioned) -> Iterator[Block]:
    """Say what the loss is of the softmax that was given, in general."""
    mentioned.first(USUAL)
    row = cross_entropy(context, stage)
    assert row is not None
    yield paragraph(*_of_softmax(context, stage))
    yield Rows((row,))


def worked(context: Context, stage: LossStage) -> Row:
    """Work out the loss in its usual form."""
    assert stage.given is not None
    form = forward_form(context.derivation, stage.usual)
    formula = Add(*Add.make_args(form.at(context.derivation.entries, (0,))))  # one sum, not of sums
    return _supposing(context, stage.given, worked_row(context, stage.loss.symbol((0,)), formula))


def _supposing(context: Context, given: Tensor, row: Row) -> Row:
    """Let what a row claims hold for targets that sum to 1."""
    supposed = context.derivation.network.loss.supposes(given)
    asked = None if row.asked is None else _supposing(context, given, row.asked)
    return replace(row, claim=replace(row.claim, where=Iverson(*supposed)), asked=asked)


def loss(context: Context, stage: LossStage, mentioned: Mentioned) -> Iterator[Block]:
    """Give the loss in its usual form, if it is computed in another one."""
    row = cross_entropy(context, stage)
    every = (context.operation(tensor) for tensor in stage.auxiliaries.values())
    made = [one for one in every if one.result.name in context.softmaxes.quotients]
    blocks = [block for one in made for block in as_quotient(context, one, ".")]
    if not blocks or row is None or stage.given is None:
        return
    mentioned.first(USUAL)
    said = _of_softmax(context, stage)
    match blocks:
        case [Paragraph() as softmax, Rows() as quotients]:
            yield paragraph(*joined((softmax.text, said)))
            yield Rows((*quotients.rows, row))
        case _:
            yield from (*blocks, paragraph(*said), Rows((row,)))
    yield paragraph(*_computed(context, made[0], stage.given))


def _of_softmax(context: Context, stage: LossStage) -> Text:
    """Say that the loss is the cross-entropy of the targets and the softmax."""
    assert stage.given is not None
    named: Text = ("the target ", context.named(stage.given))
    target = named if smoothed(context, stage.given) is None else "the smoothed target"
    more = penalty(context)
    plus: Text = (", plus ", *more) if more else ()
    return filled(_LOSS, target=target, over=over_samples(context), penalty=plus)


def _computed(context: Context, softmax: Operation, given: Tensor) -> Text:
    """Say why a cross-entropy is the log-sum-exp minus a weighted sum: log p = z - l."""
    printed, loss = context.printed, context.derivation.network.loss
    p, value = softmax.first.target, softmax.first.value
    *_, last = given.indices
    share = loss.compared(given[given.indices], context.derivation.network.output)
    total = context.printer.general(SymbolicSum(share, (last, 0, given.shape[-1] - 1)))
    return filled(
        _COMPUTED,
        ell=context.named(softmax.part("normaliser")),
        z=context.named(softmax.part("x")),
        logarithm=inline(printed(log(p)), "=", printed(value.args[0])),
        sum=inline(*total, "=", "1"),
    )


def smoothed(context: Context, target: Tensor) -> Expr | None:
    """Return what outputs are compared with, if that is not their target as it is given."""
    network, entry = context.derivation.network, target[target.indices]
    compared = network.loss.compared(entry, network.output)
    return None if compared == entry else compared


def cross_entropy(context: Context, stage: LossStage) -> Row | None:
    """Return the usual form of the loss, if it has one and what that supposes is so."""
    if stage.given is None or not has_usual_form(context.derivation.network, context.value):
        return None
    row = general_row(context, forward_form(context.derivation, stage.usual))
    return replace(_supposing(context, stage.given, row), label="")


def as_quotient(context: Context, operation: Operation, end: str = ":") -> Iterator[Block]:
    """Give a softmax as the quotient that it is."""
    general = context.softmaxes.quotients[operation.result.name]
    over, row = ranged(context, general)
    axes = [Inline(context.printed(loop.symbol)) for loop in general.free]
    along = (" along ", axes[-1]) if len(axes) > 1 else ()
    z = context.named(operation.part("x"))
    yield paragraph(*filled(_SOFTMAX, z=z, along=along, over=comma(over), end=end))
    yield Rows((replace(row, label=""),))


def is_never_negative(context: Context) -> bool:
    """Tell whether no number that the loss can be is negative; False if that is not known."""
    stage, network = context.derivation.network.loss_stage, context.derivation.network
    ways = [stage.equations]
    if stage.given is not None and all(
        holds(condition, context.value) for condition in network.loss.supposes(stage.given)
    ):
        ways.append(stage.usual)
    own = ([e for e in way if e.target.base == stage.loss.base] for way in ways)
    return any(way and all(_adds_up(context, equation) for equation in way) for way in own)


def _adds_up(context: Context, equation: Equation) -> bool:
    """Tell whether an equation adds terms none of which can be negative."""
    adds = isinstance(equation.reduction, Sum | Mean)
    return adds and _sign(context, equation.value) == 1


def _sign(context: Context, term: Expr) -> int:
    """Return 1 for a term that is never negative, -1 for one never positive, else 0."""
    if term.is_nonnegative or _is_fraction(context, term):
        return 1
    if term.is_nonpositive or (isinstance(term, log) and _is_fraction(context, term.args[0])):
        return -1
    signs = {_sign(context, part) for part in term.args} if term.is_Add else {0}
    if term.is_Mul:
        signs = {prod(_sign(context, part) for part in term.args)}
    return signs.pop() if len(signs) == 1 else 0


def _is_fraction(context: Context, number: Expr) -> bool:
    """Tell whether a number is known to lie between 0 and 1."""
    entry = 1 - number if number.is_Add else number
    tensors = context.derivation.tensors
    return isinstance(entry, Indexed) and _is_probability(context, tensors[entry.base])


def _is_probability(context: Context, tensor: Tensor) -> bool:
    """Tell whether the entries of a tensor lie between 0 and 1, as given or by their equation."""
    if tensor.role == "target":
        return all(0 <= context.value(tensor.symbol(at)) <= 1 for at in tensor.positions())
    made = context.operations.get(tensor.name)
    if made is None or len(made.equations) > 1 or made.first.reduced:
        return False
    if isinstance(made.first.value, Indexed):
        return _is_probability(context, context.derivation.tensors[made.first.value.base])
    return made.name == "softmax" or isinstance(made.first.value, sigmoid | normal_cdf)
