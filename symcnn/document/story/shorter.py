r"""Error signals in shorter forms, where those of others are substituted.

p = \sigma(z) or p = softmax(z), and L the cross-entropy of p and t:   dL/dz = p - t

Nothing here knows that. What the derivation has reached is read, and where it is an output
minus its target, it is stated as a theorem: Bishop (2006), section 5.2, canonical links.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from sympy import Add, Eq, Expr, Indexed
from sympy import Sum as SymbolicSum

from symcnn.derivation.general import General
from symcnn.document.blocks import (
    EQUAL,
    Block,
    Citation,
    Inline,
    Note,
    Reference,
    Row,
    Rows,
    Side,
    Text,
    paragraph,
)
from symcnn.document.context import Context
from symcnn.document.facts.operation import Operation
from symcnn.document.facts.scope import Path
from symcnn.document.facts.softmax import holds
from symcnn.document.facts.substituted import Substituted, all_put_in, compact, composed, output_of
from symcnn.document.rows.general import comma, general_row, ranged
from symcnn.document.story import usual
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import filled
from symcnn.document.words.words import listed, loss_name, over_samples
from symcnn.equations import Equation, Tensor, accesses
from symcnn.equations.functions import Iverson, sigmoid
from symcnn.writing.formula.build import parenthesized
from symcnn.writing.formula.build import row as build_row
from symcnn.writing.printing.names import named

_SIMPLIFIED = "The {last} formula for {names} follows from the first by substituting {others}."
_SIGMOID = "Let {p} be the sigmoid of {z}, and $L$ {samples}the {loss} of {t} and {p}"
_SOFTMAX = "Let {p} be the softmax of {z}, and $L$ {samples}the {loss} of {t} and {p}, {sums}"
_PUT_IN = (
    "Substituting the error {signals} of {names} and cancelling leaves sums of the targets {t}, "
    "which are 1 here. This gives the following theorem."
)


def with_the_stage_behind(
    context: Context, tensor: Tensor, mentioned: Mentioned
) -> Iterator[Block]:
    """Put the error signal that a stage's own is made of into it, if much of both cancels."""
    found = composed(context.derivatives, tensor)
    if found is None:
        return
    (behind,), general = found
    row = general_row(context, general)
    theorem = list(stated(context, tensor, general, row, mentioned))
    over, made = ranged(context, general, row)
    yield paragraph(
        "Substituting the error signal of ",
        context.named(behind),
        Citation(context.derivation.adjoints[behind.name].label, " from {}"),
        " gives",
        *((" the following theorem.",) if theorem else (*comma(over), ":")),
    )
    yield from theorem or [Rows((made,))]


Forms = Callable[[Tensor], Sequence[Substituted]]
"""Returns an error signal with others substituted, in the ways that make it shorter, once."""


def shortened_forms(context: Context, tensor: Tensor) -> list[Substituted]:
    """Return these forms of one; of the way to a weight, that without the stage behind it."""
    ways = (composed,) if isinstance(context.scope, Path) else (composed, compact)
    forms = (made(context.derivatives, tensor) for made in ways)
    return [form for form in forms if form is not None]


def simplified(context: Context, twice: Mapping[Tensor, Sequence[Substituted]]) -> Iterator[Block]:
    """Say of error signals that are given twice that the last formula follows from the first."""

    def signals(tensors: Iterable[Tensor]) -> Text:
        adjoints = (context.derivation.adjoints[tensor.name] for tensor in tensors)
        return listed([context.named(adjoint) for adjoint in adjoints])

    last = "second" if all(len(forms) == 1 for forms in twice.values()) else "last"
    if len(twice) == 1:
        (forms,) = twice.values()
        behind = dict.fromkeys(tensor for form in forms for tensor in form.others)
        yield paragraph(
            *filled(_SIMPLIFIED, last=last, names=signals(twice), others=signals(behind))
        )
    elif twice:
        each, others = ("each of ", *signals(twice)), "the other error signals"
        yield paragraph(*filled(_SIMPLIFIED, last=last, names=each, others=others))


def _sums(context: Context, target: Tensor) -> Text:
    """Say which targets sum to 1: those of a vector, of each row, or over an index."""
    t = context.named(target)
    if len(target.shape) == 2:
        return ("where each row of ", t, " sums to 1")
    *others, _ = target.shape
    over: Text = (" over ", Inline(named(target.axes[-1]))) if others else ()
    return ("where the entries of ", t, " sum to 1", *over)


def of_targets_that_sum_to_1(
    context: Context, tensor: Tensor, mentioned: Mentioned
) -> Iterator[Block]:
    """Put all error signals that a stage's own is made of into it, if that gives p - t."""
    target = context.derivation.network.loss_stage.given
    if target is None or not _is_softmax_of(context, tensor, target):
        return
    found = all_put_in(context.derivatives, tensor)
    supposed = tuple(Eq(Add(*classes), 1) for classes in _by_sample(target))
    if found is None or not all(holds(condition, context.value) for condition in supposed):
        return
    behind, general = found
    parts = {s: s.function.as_coeff_Mul() for s in general.right.atoms(SymbolicSum)}
    totals = {total: n for total, (n, entry) in parts.items() if _is_of(entry, target)}
    right = general.right.xreplace(totals)
    short = replace(general, right=right, checked=right)
    row = general_row(context, short)
    row = replace(row, claim=replace(row.claim, where=Iverson(*supposed)), label="")
    if theorem := list(stated(context, tensor, short, row, mentioned)):
        told = [context.named(t) for t in behind if t.name not in context.softmaxes.within]
        signals = "signals" if len(told) > 1 else "signal"
        t = context.named(target)
        yield paragraph(*filled(_PUT_IN, names=listed(told), signals=signals, t=t))
        yield from theorem


def _is_softmax_of(context: Context, tensor: Tensor, target: Tensor) -> bool:
    """Tell whether what a loss compares with its target is the softmax of a tensor."""
    loss = context.operation(context.derivation.network.loss_tensor)
    made = (context.operations.get(read.name) for read in loss.reads if read != target)
    return any(one and one.name == "softmax" and one.part("x") == tensor for one in made)


def _by_sample(target: Tensor) -> Iterator[list[Expr]]:
    """Run over the targets of the classes of each sample."""
    *_, classes = target.shape
    symbols = [target.symbol(position) for position in target.positions()]
    yield from (symbols[n : n + classes] for n in range(0, len(symbols), classes))


class _Link(NamedTuple):
    """What a loss and the function before it are: two rows, and the words for them."""

    name: str
    says: str
    output: Tensor
    rows: Sequence[Row]


def stated(
    context: Context, tensor: Tensor, general: General, row: Row, mentioned: Mentioned
) -> Iterator[Block]:
    """State an error signal as a theorem, if it is an output minus its target; else nothing.

    Args:
        context: The derivation.
        tensor: What the loss is differentiated with respect to.
        general: The general form of the derivative, as the derivation reached it.
        row: Its row.
        mentioned: What was said so far.
    """
    link = _link(context, tensor, general)
    target = context.derivation.network.loss_stage.given
    if link is None or target is None:
        return
    kind = loss_name(context.derivation.network.loss).removeprefix(f"{link.name} ")
    title = f"{link.name} and {kind}"
    number, _ = mentioned.number(title)
    compared = usual.smoothed(context, target)
    t = context.named(target) if compared is None else Inline(context.printed(compared))
    plain = compared is None
    shown: dict[str, str | Inline | Text] = {
        "p": context.named(link.output),
        "z": context.named(tensor),
        "loss": kind,
        "t": ("" if plain else "the smoothed target ", t),
        "sums": _sums(context, target),
        "samples": over_samples(context),
    }
    row = row if compared is None else _with_its_target(context, general, compared, row)
    says = filled(link.says, context.letters, **shown)
    over, row = ranged(context, general, row)
    whole = _in_vectors(context, tensor, general, target) if plain else ()
    then: Text = ("Then", *whole, *((*comma(over), ":") if over else ()))
    rows = Rows(tuple(replace(made, label="") for made in link.rows))
    is_known = link.says == _SOFTMAX and not mentioned.first(usual.USUAL)
    given = paragraph(*says, ":"), rows, paragraph(*then)
    blocks = (paragraph(*says, ". ", *then),) if is_known else given
    yield Note((Reference(number), f" ({title})"), (*blocks, Rows((row,))), number)


def _in_vectors(context: Context, tensor: Tensor, general: General, target: Tensor) -> Text:
    """State that the error signal is p - t, or a share of it, of whole tensors."""
    output = output_of(context.derivation.network, general.right)
    if tensor.size == 1 or output is None:
        return ()
    signal = context.printed(context.derivation.adjoints[tensor.name].base.label)
    p, t = (context.printed(base.label) for base in (output.base, target.base))
    share, error = general.right.coeff(output), build_row(p, "-", t)
    shown = error if share == 1 else build_row(context.printed(share), parenthesized(error))
    return " ", Inline(build_row(signal, "=", shown)), ", that is,"


def _link(context: Context, tensor: Tensor, general: General) -> _Link | None:
    """Return the function before the loss, if the derivative is its value minus the target."""
    derivation = context.derivation
    stage = derivation.network.loss_stage
    output = output_of(derivation.network, general.right)
    if stage.given is None or output is None:
        return None
    own, p = context.operation(stage.loss), derivation.tensors[output.base]
    made = context.operations.get(p.name)
    if made is None or not _reads(stage.usual or own.equations, output, stage.given):
        return None
    value = made.first.value
    if isinstance(value, sigmoid) and _is_of(value.args[0], tensor):
        rows = [general_row(context, operation.general) for operation in (made, own)]
        return _Link("sigmoid", _SIGMOID, p, rows)
    loss = _cross_entropy(context, own)
    if made.name != "softmax" or loss is None or made.part("x") != tensor:
        return None
    form = context.softmaxes.quotients.get(made.result.name)
    rows = [general_row(context, form), loss] if form else []
    return _Link("softmax", _SOFTMAX, p, rows) if rows else None


def _cross_entropy(context: Context, own: Operation) -> Row | None:
    """Return the loss as textbooks write it, or as it is computed where that is the same."""
    stage = context.derivation.network.loss_stage
    if stage.usual:
        return usual.cross_entropy(context, stage)
    return general_row(context, own.general)


def _is_of(entry: Expr, tensor: Tensor) -> bool:
    return bool(entry.is_Indexed and entry.base == tensor.base)


def _reads(equations: Sequence[Equation], output: Indexed, target: Tensor) -> bool:
    """Tell whether a loss is one of an output and a target, and of nothing else."""
    read = {entry.base for equation in equations for entry in accesses(equation.value)}
    return read == {output.base, target.base}


def _with_its_target(context: Context, general: General, compared: Expr, row: Row) -> Row:
    """Let what an output is compared with stand in parentheses."""
    output = output_of(context.derivation.network, general.right)
    assert output is not None
    factor = general.right.coeff(output)
    smoothed = parenthesized(context.printed(compared))
    error = build_row(context.printed(output), "-", smoothed)
    shown = error if factor == 1 else build_row(context.printed(factor), parenthesized(error))
    return replace(row, sides=(Side(EQUAL, (shown,)), *row.sides[1:]))
