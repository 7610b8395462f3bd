"""What is worth a word in a formula of the backward pass: limits, divisibility, order.

Padding and stride are seen in the equations: in guards, and in what solving them left.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Sequence
from itertools import chain, permutations

from sympy import Eq, Expr, IndexedBase, Integer, Max, Min, Mod, Mul, Symbol, ceiling, floor
from sympy import Sum as SymbolicSum

from symcnn.derivation import Step
from symcnn.derivation.index_conditions import determining
from symcnn.document.blocks import Inline, Text
from symcnn.document.context import Context
from symcnn.document.facts.derivative import Derivative
from symcnn.document.facts.letters import Letters
from symcnn.document.story.brackets import DIVIDES, is_about_divisors
from symcnn.document.story.quotients import divisible, floored
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import filled
from symcnn.equations import LogSumExp, accesses
from symcnn.equations.functions import Iverson
from symcnn.writing.printing.names import named

_TURNED = (
    "As {loop} increases, {forwards} is read forwards and {backwards} backwards: this sum is "
    "taken with the flipped kernel and is a convolution in the strict sense, whereas the "
    "forward pass is a cross-correlation."
)
_REVERSED = (
    "As {loop} increases, {forwards} is read forwards and {backwards} backwards: this sum is taken "
    "with the flipped kernel, whereas the kernel of the forward pass is not flipped."
)
_PADDED_WEIGHT = (
    "Where the window extends beyond the border, a weight is multiplied by padding, that is "
    "by 0: such positions contribute nothing, and the sums omit them."
)
_OMITTED_WEIGHT = (
    "Where the window extends beyond the border, the forward pass omits the term of a weight, and "
    "the sums omit it, too."
)
_CROPPED = "Whatever was cropped does not affect the loss, so it contributes no error signal."
_LIMITS = "The limits keep every index within its tensor."
_FEWER = (
    "The limits keep every index within its tensor: some entries near the border lie in fewer "
    "windows, so that there are fewer terms."
)
_ROUNDED = (
    "As {loop} increases by 1, the position moves by {steps}, the {name}: the limits of {loop} "
    "come from a division by {number}, rounded inwards to whole numbers."
)
_CONSTANT = {True: "Here {signal} is {value}.", False: "Here every entry of {signal} is {value}."}
"""What is said of a constant error signal that is one number, and of several entries."""
_OF_INDICES = (
    "The bracket {bracket} is 0 where an index would lie outside its tensor; the derivative has "
    "no such term there."
)
_CONDITION = (
    "The bracket {bracket} is the condition under which the forward pass has the term: where it "
    "does not hold, the derivative has none either."
)
_CAUSAL = "The bracket {bracket} is the causal mask: a query does not see later keys."
_TERMS_LEFT_OUT = "The limits leave out the terms that the forward pass does not have."
_CAUSAL_LIMITS = "The limits are those of the causal mask: a query does not see later keys."
_EQUAL = (
    "The bracket {bracket} is 1 where its indices are equal, and 0 elsewhere: only these entries "
    "have the term."
)
_PICKED = "The bracket {bracket} is 1 for the entries that have its term, and 0 for the others."
_NO_WINDOW = (
    "The bracket {bracket} is 0 for entries on which nothing depends: they receive no error signal."
)


def remarks(
    context: Context, derivative: Derivative, formula: Expr, mentioned: Mentioned
) -> Iterator[Text]:
    """Explain what the general form of a derivative holds, each thing once."""
    steps, own = derivative.steps, derivative.letters
    found = (
        _constants(context, steps),
        _geometry(context, derivative, formula, mentioned),
        _limits(derivative, formula),
        _rounded(formula, own),
        _brackets(context, derivative, formula),
    )
    for what, text in chain(*found):
        if mentioned.first(what):
            yield text


def _geometry(
    context: Context, derivative: Derivative, formula: Expr, mentioned: Mentioned
) -> Iterator[tuple[Hashable, Text]]:
    """Run over what windows do to a formula: the flipped kernel, padding, stride."""
    steps, own = derivative.steps, derivative.letters
    kernels = {tensor.base for tensor in context.derivation.network.parameters}
    if turned := _turned(formula, kernels):
        loop, *bases = turned
        letters = [named(loop.name), *(context.printed(base.label) for base in bases)]
        gaps = zip(("loop", "forwards", "backwards"), map(Inline, letters), strict=True)
        dense = all(own.numbers[letter] == 1 for letter in _strides(own))
        yield "turned", filled(_TURNED if dense else _REVERSED, **dict(gaps))
    for step in steps:
        yield from _beyond(step)
    divided = sorted(filter(is_about_divisors, formula.atoms(Iverson)), key=str)
    if divided:
        nothing = "no window reaches" if own.windows else "nothing reads"
        yield (
            "divisible",
            divisible(
                context, derivative, formula, divided, nothing, is_known=DIVIDES in mentioned.said
            ),
        )
    if not any(determining(step.source) for step in steps):
        yield from floored(context, derivative, formula)


def _constants(context: Context, steps: Sequence[Step]) -> Iterator[tuple[Hashable, Text]]:
    """Say which error signals are the same number everywhere, so that formulas have the number."""
    for step in steps:
        result = context.derivation.tensors[step.source.target.base]
        is_told = result.role != "loss" and result.name not in context.softmaxes.within
        if is_told and step.upstream.is_Rational:
            signal = context.derivation.adjoints[result.name]
            gaps = {
                "signal": context.named(signal),
                "value": Inline(context.printed(step.upstream)),
            }
            yield ("constant", signal), filled(_CONSTANT[signal.size == 1], **gaps)


def _strides(own: Letters) -> Iterator[Symbol]:
    """Run over the letters of strides and dilations."""
    return (letter for window in own.windows for (letter,), _ in window.terms)


def _beyond(step: Step) -> Iterator[tuple[Hashable, Text]]:
    """Say what becomes of indices that leave a tensor: the one that is written, or one read."""
    quotients = determining(step.source)
    guarded = {guard.expression for guard in step.equation.guards if guard not in quotients}
    if guarded & set(step.source.target.indices):
        yield "cropped", (_CROPPED,)
    leaves = guarded & {index for read in accesses(step.source.value) for index in read.indices}
    if leaves and step.of.role == "parameter":
        yield (
            "padding of a weight",
            (_PADDED_WEIGHT if _is_0_at_padding(step) else _OMITTED_WEIGHT,),
        )


def _is_0_at_padding(step: Step) -> bool:
    """Tell whether what is multiplied by a weight is 0 where all that is read is padding."""
    is_summed = step.routing is None and not isinstance(step.source.reduction, LogSumExp)
    reads = accesses(step.local)
    return is_summed and bool(step.local.xreplace(dict.fromkeys(reads, Integer(0))).is_zero)


def _is_causal(derivative: Derivative) -> bool:
    """Tell whether queries do not see later keys."""
    found = (derivative.meant.get(one.result.name) for one in derivative.contributions)
    return any(getattr(meant.place.made, "causal", False) for meant in found if meant)


def _limits(derivative: Derivative, formula: Expr) -> Iterator[tuple[Hashable, Text]]:
    """Say why the limits of sums are maxima and minima."""
    steps, own = derivative.steps, derivative.letters
    ends = (end for t in formula.atoms(SymbolicSum) for _, *ends in t.limits for end in ends)
    if not any(end.has(Max, Min) for end in ends):
        return
    if any(map(_conditions, steps)):
        yield "mask", (_CAUSAL_LIMITS if _is_causal(derivative) else _TERMS_LEFT_OUT,)
        return
    windows = any(own.is_window(i) for step in steps for i in step.equation.target.indices)
    yield "limits", (_FEWER if windows else _LIMITS,)


def _conditions(step: Step) -> list[Expr]:
    """Return what terms of the forward pass depend on that is no index, such as a causal mask."""
    quotients = determining(step.source)
    used = {i for read in (step.source.target, *accesses(step.source.value)) for i in read.indices}
    guards = (guard for guard in step.source.guards if guard not in quotients)
    return [guard.expression for guard in guards if guard.expression not in used]


def _is_condition(bracket: Expr, steps: Sequence[Step]) -> bool:
    """Tell whether a bracket is a condition of the forward pass and keeps no index in a tensor."""
    conditions = [condition for step in steps for condition in _conditions(step)]
    letters = [argument.free_symbols for argument in bracket.args]
    return any(condition.free_symbols in letters for condition in conditions)


def _brackets(
    context: Context, derivative: Derivative, formula: Expr
) -> Iterator[tuple[Hashable, Text]]:
    """Say what a bracket means that compares indices alone."""
    steps, own = derivative.steps, derivative.letters
    found = sorted(formula.atoms(Iverson), key=str)
    ranges = [bracket for bracket in found if not bracket.has(Mod) and not accesses(bracket)]
    equal = [bracket for bracket in ranges if all(map(_is_equality, bracket.args))]
    for bracket in equal[:1]:
        yield _EQUAL, filled(_EQUAL, bracket=Inline(context.printed(bracket)))
    conditions = [bracket for bracket in ranges if _is_condition(bracket, steps)]
    for bracket in conditions[:1]:
        says = _CAUSAL if _is_causal(derivative) else _CONDITION
        yield "mask", filled(says, bracket=Inline(context.printed(bracket)))
    others = [bracket for bracket in ranges if bracket not in (*equal, *conditions)]
    for bracket in others[:1]:
        whole = bracket in Mul.make_args(formula) and own.windows and len(steps) == 1
        entries = whole and steps[0].of.role != "parameter"
        picks = all(isinstance(condition, Eq) for condition in bracket.args)
        said = _NO_WINDOW if entries else _PICKED if picks else _OF_INDICES
        yield said, filled(said, bracket=Inline(context.printed(bracket)))


def _is_equality(condition: Expr) -> bool:
    """Tell whether a condition says that two indices are equal."""
    pair = condition.args if isinstance(condition, Eq) else ()
    return len((pair[0] - pair[1]).free_symbols) == 2 if pair else False


def _rounded(formula: Expr, own: Letters) -> Iterator[tuple[Hashable, Text]]:
    """Say why the limits of sums are rounded: an index grows by more than 1 at a time."""
    limits = (limit for total in formula.atoms(SymbolicSum) for limit in total.limits)
    loops = {loop for loop, *ends in limits if any(end.has(floor, ceiling) for end in ends)}
    for window in own.windows:
        for name, ((letter,), loop) in zip(("stride", "dilation"), window.terms, strict=True):
            number = own.numbers[letter]
            if loop in loops and number > 1:
                gaps = {"steps": f"{number} entries", "name": name, "number": str(number)}
                yield ("rounded", name), filled(_ROUNDED, loop=Inline(named(loop.name)), **gaps)


def _turned(
    formula: Expr, kernels: Collection[IndexedBase]
) -> tuple[Symbol, IndexedBase, IndexedBase] | None:
    """Return an index, what it reads forwards and what backwards; one of them is a kernel."""
    for one, other in permutations(accesses(formula), 2):
        if (one.base in kernels) != (other.base in kernels):
            for loop in (index for index in one.indices if index.is_Symbol):
                if any(index.coeff(loop).is_negative for index in other.indices):
                    return loop, one.base, other.base
    return None
