"""Two pages: what is given, the values, the error signals and the derivatives, hardly a word."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace

from symcnn.derivation.general import General
from symcnn.derivation.statement import GRADIENT, ranges_behind
from symcnn.document.bindings import AFTER_THE_STEP
from symcnn.document.blocks import (
    Block,
    Inline,
    Paragraph,
    Row,
    Rows,
    Side,
    Text,
    heading,
    joined,
    paragraph,
)
from symcnn.document.context import Context
from symcnn.document.facts.operation import Operation
from symcnn.document.rows.layout import lines
from symcnn.document.rows.matrices import Quantity, is_written_out, written_out
from symcnn.document.rows.rows import cell, figure, general_row, worked_row
from symcnn.document.story.backward import (
    derivative_of_weights,
    differentiated,
    is_renamed,
    slopes,
)
from symcnn.document.story.choices import ties_and_kinks
from symcnn.document.story.conventions import (
    BRACKET,
    logarithms,
    outside,
    roundings,
    rounds_forward,
)
from symcnn.document.story.pictures import about
from symcnn.document.story.problem import about_kernels, convolves
from symcnn.document.story.reconciliation import kept
from symcnn.document.story.references import origin
from symcnn.document.story.results import learning_rate, updated
from symcnn.document.story.shorter import Substituted, shortened, shortened_forms, simplified
from symcnn.document.story.symbols import description, first_dotted, key_of, layer_table
from symcnn.document.theorems.functions import definitions, further
from symcnn.document.theorems.theorem import theorem
from symcnn.document.words.maxima import winners
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import filled
from symcnn.document.words.words import every_derivative, learned_number, way_back
from symcnn.equations import Tensor
from symcnn.equations.functions import Iverson
from symcnn.writing.formula import Atom, nodes
from symcnn.writing.printing.cases import by_cases

_LINES = 3
"""The most lines in which one number is worked out."""

_CONVOLUTION = ' "Convolution" means cross-correlation: the kernel is not flipped.'
_DOTS = " Of the dots in {name}, the first stands for the rows and the second for the columns."
OPENING = (
    r"The error signal $\delta_i^Y = \frac{\partial L}{\partial Y_i}$ is the derivative of the "
    "loss with respect to the entry $Y_i$. From the loss back to {start}:"
)
_STEP_ASKED = (
    r"One step of gradient descent subtracts from every {number} $\eta$ times its derivative, "
    "with the learning rate {rate}."
)
_STEP = f"{_STEP_ASKED} The loss is {{before}} before the step and {{after}} after it."


def given(context: Context) -> Iterator[Block]:
    """Describe the network, and give its numbers."""
    yield heading(1, "The problem")
    equations = context.derivation.network.equations
    every = [equation.value for equation in equations]
    defined = definitions(context, every, Mentioned(), slopes=True), logarithms(equations)
    convolution = ((_CONVOLUTION if convolves(context) else "") + about_kernels(context),)
    described = description(context, context.named, names_loss=True)
    passage = (*described, *convolution, *_dots(context))
    yield paragraph(*joined((passage, *defined, about(context), origin(context, Mentioned()))))
    yield from kept(context)
    yield layer_table(context, context.named)
    shown = [t for t in context.derivation.network.given if context.style.shows(t.name)]
    yield from numbers(context, map(Quantity, shown))


def _dots(context: Context) -> Text:
    """Say how the matrices are to be read whose names have dots."""
    name = first_dotted(context)
    return () if name is None else filled(_DOTS, name=Inline(name))


def values(context: Context, needed: Container[str] | None = None) -> Iterator[Block]:
    """Give each tensor of the forward pass in general, and all in numbers.

    Args:
        context: The derivation.
        needed: The names of those that are given in numbers, unless all are.
    """
    every = [made for made in context.operations.values() if made.result.role != "position"]
    shown = [made for made in every if context.style.shows(made.result.name)]
    yield heading(1, "Forward pass")
    yield Rows(tuple(_value(context, made) for made in shown))
    letters = joined(on_the_way(context))
    borders = outside([equation for made in shown for equation in made.equations])
    if said := joined((letters, borders, roundings(context) if rounds_forward(context) else ())):
        yield paragraph(*said)
    new = [made.result for made in shown if not (made.is_number or made.renames)]
    asked = (tensor for tensor in new if needed is None or tensor.name in needed)
    yield from numbers(context, map(Quantity, asked), task=True)


def error_signals(context: Context) -> Iterator[Block]:
    """Give the derivative with respect to each stage in general, and all in numbers."""
    derivation = context.derivation
    moving = [tensor for tensor in differentiated(derivation) if derivation.depends_on(tensor)]
    shown = [tensor for tensor in moving if context.style.shows(f"{GRADIENT}{tensor.name}")]
    if not shown:
        return
    yield heading(1, "Backward pass")
    yield paragraph(*filled(OPENING, context.letters, start=way_back(context.derivation)))
    shorter = {tensor: shortened_forms(derivation, tensor) for tensor in shown}
    rows = (row for t in shown for row in (signal(context, t), *shorter_rows(context, shorter[t])))
    yield Rows(tuple(rows))
    yield from simplified(context, shorter)
    yield from named_functions(context, shown)
    if said := brackets_and_maxima(context, shown):
        yield paragraph(*said)
    yield from ties_and_kinks(context, shown)
    new = [t for t in shown if t.size > 1 and not is_renamed(context, t)]
    yield from numbers(context, (Quantity(derivation.adjoints[t.name]) for t in new), task=True)


def brackets_and_maxima(context: Context, tensors: Sequence[Tensor]) -> Text:
    """Say what brackets are and the R of each maximum, where derivatives have them."""
    formulas = (context.derivative(tensor).general.right for tensor in tensors)
    has_brackets = any(formula.has(Iverson) and not by_cases(formula) for formula in formulas)
    every = [one for t in tensors for one in context.derivative(t).contributions]
    bracket = filled(BRACKET) if has_brackets or _theorems_have_brackets(context) else ()
    rounded = () if rounds_forward(context) else roundings(context)
    return joined((bracket, rounded, *winners(context, every)))


def _theorems_have_brackets(context: Context) -> bool:
    """Tell whether a theorem on the derivatives of weights selects terms by brackets."""
    derivatives = (context.derivative(t) for t in context.derivation.network.parameters)
    stated = (theorem(derivative) for derivative in derivatives if derivative.is_of_window)
    return any(part.conditions for made in stated for part in made.parts)


def named_functions(context: Context, tensors: Sequence[Tensor]) -> Iterator[Block]:
    """Define the functions that the derivatives with respect to some tensors bring in."""
    formulas = [context.derivative(tensor).general.right for tensor in tensors]
    if defined := further(context, formulas, Mentioned()):
        yield paragraph(*defined)


def gradients(context: Context, mentioned: Mentioned) -> Iterator[Block]:
    """Give the theorem for weights of windows with its case, and every weight's derivative."""
    derivation = context.derivation
    moving = [t for t in derivation.network.parameters if derivation.depends_on(t)]
    parameters = [t for t in moving if context.style.shows(f"{GRADIENT}{t.name}")]
    if not parameters:
        return
    yield heading(1, every_derivative(context.derivation.network))
    for tensor in parameters:
        if context.derivative(tensor).is_of_window:
            yield from derivative_of_weights(context, tensor, mentioned)
        else:
            yield Rows((_slope(context, tensor),))
    yield from numbers(context, (slopes(context, t) for t in parameters), task=True)


def step(context: Context) -> Iterator[Block]:
    """Give every updated weight, and the loss before and after."""
    rate, made = context.learning_rate, context.descent
    if rate is None or made is None:
        return
    yield heading(1, "One step of gradient descent")
    loss = context.derivation.network.loss_tensor.symbol((0,))
    losses = {"before": (made.before, loss), "after": (made.after, AFTER_THE_STEP)}
    shown = {k: cell(figure(context, "", v, v, follows)) for k, (v, follows) in losses.items()}
    eta = learning_rate(context, rate)
    own: dict[str, str | Inline] = {
        "rate": eta,
        "number": learned_number(context.derivation.network),
    }
    yield Paragraph(filled(_STEP, **own, **shown), task=filled(_STEP_ASKED, **own))
    parameters = context.derivation.network.parameters
    yield from numbers(context, (updated(context, t, rate) for t in parameters), task=True)


def _value(context: Context, made: Operation) -> Row:
    """Return a tensor's formula: in numbers too where it has but one entry."""
    if made.is_number:
        return _of_one(context, made.result, made.general)
    return with_ranges(context, made.general)


def _of_one(context: Context, tensor: Tensor, general: General) -> Row:
    """Work out a tensor of one entry; where terms would be omitted, give the rule and the value.

    What a student gets does not depend on how long numbers are.
    """
    symbol = tensor.symbol((0,) * len(tensor.shape))
    formula = context.derivation.entries.formula(symbol)
    assert formula is not None
    worked = worked_row(context, symbol, formula)
    rule, (*_, value) = general_row(context, general), worked.sides
    claim = replace(rule.claim, value=worked.claim.value)
    rule = replace(rule, sides=(*rule.sides, value), claim=claim, task=worked.task)
    if Atom(r"\cdots") in nodes(worked.sides[0].formula):
        return rule
    asked = worked if len(lines(replace(worked.open, sides=worked.open.sides[:1]))) == 1 else rule
    made = worked if len(lines(worked)) <= _LINES else rule
    return made if made is asked else replace(made, asked=asked)


def signal(context: Context, tensor: Tensor) -> Row:
    """Return the derivative with respect to a stage, in general or, of one number, worked out."""
    derivation = context.derivation
    general = shortened(derivation, tensor) or context.derivative(tensor).general
    if tensor.size > 1:
        return with_ranges(context, general)
    return _of_one(context, derivation.adjoints[tensor.name], general)


def shorter_rows(context: Context, forms: Iterable[Substituted]) -> Iterator[Row]:
    """Print an error signal with others substituted."""
    return (with_ranges(context, form.general) for form in forms)


def _slope(context: Context, tensor: Tensor) -> Row:
    general = context.derivative(tensor).general
    row = with_ranges(context, general)
    return replace(row, left=context.partial(tensor[general.left.indices]))


def with_ranges(context: Context, general: General) -> Row:
    """Return a general formula, with what its free indices run over behind it."""
    made = general_row(context, general)
    if not general.free:
        return made
    over, last = ranges_behind(general, context.style.index_base), made.sides[-1]
    return replace(made, sides=(*made.sides[:-1], Side(last.relation, (*last.terms, over))))


def numbers(
    context: Context, quantities: Iterable[Quantity], *, task: bool = False
) -> Iterator[Block]:
    """Give those tensors as matrices that are small enough."""
    shown = [q for q in quantities if is_written_out(context, q.tensor)]
    if shown:
        yield from written_out(context, shown, task=task)


def on_the_way(context: Context) -> Iterator[Text]:
    """Say which letter is the mean and which the variance of a layer, for each that has any."""
    network = context.derivation.network
    owners = [(stage.output.name, stage.auxiliaries) for stage in network.stages]
    for owner, auxiliaries in (*owners, ("the loss", network.loss_stage.auxiliaries)):
        own = [t for t in auxiliaries.values() if context.style.shows(t.name)]
        if own:
            yield ("Here ", *_listed(context, own), f" of {owner}.")


def _listed(context: Context, tensors: list[Tensor]) -> Iterator[str | Inline]:
    """Return: mu is the mean, V the variance and x the normalised input."""
    for place, tensor in enumerate(tensors):
        between = "" if not place else " and " if place == len(tensors) - 1 else ", "
        verb = " is" if not place else ""
        yield from (between, context.named(tensor), f"{verb} the {key_of(tensor)}")
