"""The symbols: what every letter and every sign stands for, and what formulas take for granted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from sympy import Expr, Function, log

from symcnn.derivation.general import General
from symcnn.derivation.statement import terms_of
from symcnn.document import printed_form
from symcnn.document.blocks import Block, Inline, Table, Text, heading, joined, paragraph
from symcnn.document.context import Context
from symcnn.document.facts.derivative import Derivative
from symcnn.document.rows.matrices import Piece, first_slice, written
from symcnn.document.story.aside import is_aside
from symcnn.document.story.brackets import BRACKET, divisors
from symcnn.document.theorems.theorem import has_one, theorem
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.sentences import NO_BREAK
from symcnn.document.words.settings import settings
from symcnn.document.words.table import filled
from symcnn.document.words.words import (
    described_loss,
    in_words,
    meaning,
    noun,
    times,
    with_parameters,
)
from symcnn.equations import Equation, LogSumExp, Tensor
from symcnn.equations.functions import DefinedFunction, Iverson
from symcnn.network.network import Network
from symcnn.network.stage import LossStage, Stage
from symcnn.writing.formula import Fenced, Formula, nodes

_DOWN = r"A number in $\lfloor\cdot\rfloor$ is rounded down to a whole number{more}."
_UP = r"A number in $\lceil\cdot\rceil$ is rounded up to a whole number."
_BOTH = r", one in $\lceil\cdot\rceil$ is rounded up"
_DOWN_TO, _UP_TO = r"\lfloor", r"\lceil"
_NATURAL = "Logarithms are natural."
_NOTATION = "Entries are numbered from {base}, and axes of length 1 carry no index. {signal}"
LETTERS = "the letters of the layers"
"""What is noted where the problem has given them, so that they are not listed again."""

SIGNAL = (
    r"The error signal $\delta_i^Y = \frac{\partial L}{\partial Y_i}$ of an entry $Y_i$ is the "
    "derivative of the loss with respect to it: it says how fast the loss changes with that "
    "entry. Its superscript names the tensor."
)
"""The definition of error signals, which a document gives once."""

_MATRICES = (
    " Tensors are written as matrices: the first index counts the rows and the second the columns. "
    "A tensor with one index is a row."
)
_SLICES = (
    " Tensors are written as matrices. In {name} the dots stand for the open indices, of which the "
    "first counts the rows and the second the columns. A tensor with one index is a row."
)


def symbols(context: Context, mentioned: Mentioned) -> Iterator[Piece]:
    """List every tensor with its letter, and explain the notation."""
    yield "question", [heading(1, "Symbols")]
    yield "meaning", _symbols(context, mentioned)


def _symbols(context: Context, mentioned: Mentioned) -> Iterator[Block]:
    network = context.derivation.network
    mentioned.first(SIGNAL)
    base = str(context.style.index_base)
    opening = filled(_NOTATION, base=base, signal=filled(SIGNAL, context.letters))
    notation = joined((opening, brackets(context), divisors(context, mentioned)))
    notation = joined((notation, roundings(context)))
    every = [tensor for tensor in network.tensors.values() if tensor.role != "position"]
    said = joined(((*notation, *_matrices(context)), logarithms(printed_form.equations(context))))
    if context.tells("listing"):
        yield paragraph(*said)
        rows = (_row(tensor, context) for tensor in every)
        yield Table((("Symbol",), ("Shape",), ("Meaning",)), tuple(rows), "llX")
        return
    is_listed = mentioned.first(LETTERS)
    yield paragraph(*said)
    known = frozenset[str]() if is_listed else lettered(network)
    others = [tensor for tensor in every if tensor.name not in known]
    if not is_listed:  # what layers compute on the way has its letter where it is computed
        every_stage: list[Stage | LossStage] = [*network.stages, network.loss_stage]
        computed = {t.name for stage in every_stage for t in stage.auxiliaries.values()}
        others = [tensor for tensor in others if tensor.name not in computed]
    if others:
        header = (("Symbol",), ("Python name",), ("Shape",), ("Meaning",))
        yield Table(header, tuple(_long_row(tensor, context) for tensor in others), "lllX")


def _matrices(context: Context) -> Text:
    """Say how matrices are to be read; a dot stands in the names of those that are slices."""
    name = first_dotted(context)
    return filled(_MATRICES) if name is None else filled(_SLICES, name=Inline(name))


def first_dotted(context: Context) -> Formula | None:
    """Return the first name with dots of a matrix, if there is one: that of a slice."""
    tensors = written(context, context.derivation.network.tensors.values())
    return next(filter(None, (first_slice(context, tensor) for tensor in tensors)), None)


def _long_row(tensor: Tensor, context: Context) -> tuple[Text, ...]:
    symbol, shape, what = _row(tensor, context)
    return symbol, (tensor.name,), shape, what


def _row(tensor: Tensor, context: Context) -> tuple[Text, ...]:
    symbol = Inline(context.printed(entry_of(tensor)))
    return (symbol,), (times(tensor.shape),), (meaning(tensor),)


def entry_of(tensor: Tensor) -> Expr:
    """Return the general entry of a tensor; the loss is one number, which has no index."""
    return tensor[tensor.indices] if tensor.role != "loss" else tensor.symbol((0,))


_INPUTS = {None: "The input ", 1: "The batch of one input "}
"""What comes before the letter of the input, by the number of samples, if there are not several."""

Letter = Callable[[Tensor], Inline]
"""Returns what a tensor is called: its letter, with indices or without."""


def description(context: Context, letter: Letter, *, names_loss: bool = False) -> Text:
    """Say what goes in, what it is compared with, and that a loss comes out.

    Args:
        context: The derivation.
        letter: What returns the letters of tensors.
        names_loss: Whether it is said which loss that is: where no section does.
    """
    network = context.derivation.network
    learned = sum(tensor.size for tensor in network.parameters)
    given = network.loss_stage.given
    own = (letter(network.loss_tensor), f" ({described_loss(network)})" if names_loss else "")
    if given is not None and given.name == "target":
        its = "the output is" if network.batch in (None, 1) else "the outputs are"
        all_ = " in all" if learned else ""
        to: Text = (f"{all_}; {its} compared with the target ", letter(given), ", which gives ")
        to, opening = (*to, "the loss ", *own), ", given"
    else:
        also = () if given is None else (f", given the {given.name} ", letter(given))
        to, opening = (" to the loss ", *own, *also), ", given" if given is None else " and"
    besides = _besides(network, letter, opening) if names_loss else ()  # no table lists these
    return (
        _INPUTS.get(network.batch, "The batch of inputs "),
        letter(network.input),
        ", of shape ",
        times(network.input.shape),
        f", passes through {in_words(len(network.stages), 'layer')} {with_parameters(learned)}",
        *to,
        *besides,
        ".",
    )


def _besides(network: Network, letter: Letter, opening: str) -> Text:
    """Name what the loss is given besides a target, such as weights."""
    parts = network.loss_stage.givens.values()
    named = [(f"{opening} the {key_of(tensor)} ", letter(tensor)) for tensor in parts]
    return tuple(part for one in named for part in one)


def layer_table(context: Context, letter: Letter) -> Table:
    """List the layers, with the letters and shapes of what they compute and learn."""
    stages = context.derivation.network.stages
    has_givens = any(stage.givens for stage in stages)  # of which each has a word
    return Table(
        (("Layer",), ("Settings",), ("Output",), ("Parameters",)),
        tuple(_layer(context, stage, letter) for stage in stages),
        "lXlY" if has_givens else "lXll",
    )


def _layer(context: Context, stage: Stage, letter: Letter) -> tuple[Text, ...]:
    learned = ((*_shaped(tensor, letter), ", ") for tensor in stage.parameters.values())
    given = (
        (f"{key_of(tensor)} ", *_shaped(tensor, letter), ", ") for tensor in stage.givens.values()
    )
    parameters = tuple(part for parts in learned for part in parts)[:-1] or ("none",)
    besides = tuple(part for parts in given for part in parts)[:-1]
    return (
        (stage.output.name,),
        settings(stage, context.numerals, context.manner),
        _shaped(stage.output, letter),
        (*parameters, "; given: ", *besides) if besides else parameters,
    )


def key_of(tensor: Tensor) -> str:
    """Return what a tensor is called in its layer or loss: mask for dropout1.mask."""
    return noun(tensor)


def _shaped(tensor: Tensor, letter: Letter) -> Text:
    """Return a tensor's letter and its shape, which a single number is not parted from."""
    return letter(tensor), f":{NO_BREAK if len(tensor.shape) == 1 else ' '}", times(tensor.shape)


def lettered(network: Network) -> frozenset[str]:
    """Return the names of the tensors whose letters stand in the passage and the table."""
    given = network.loss_stage.given
    own = ((s.output, *s.parameters.values(), *s.givens.values()) for s in network.stages)
    made = [tensor for tensors in own for tensor in tensors]
    ends = [network.input, network.loss_tensor, *([] if given is None else [given])]
    return frozenset(tensor.name for tensor in (*made, *ends))


def brackets(context: Context) -> Text:
    """Say what a bracket is, if a document may have any.

    Formulas have those of functions with kinks, and of maxima; theorems those of windows.
    """
    derivation = context.derivation
    steps = [step for made in _told(context) for step in made.steps]
    formulas = [part for step in steps for part in (step.source.value, step.local)]
    formulas += [form.right for form in forward_forms(context)]
    has_any = bool(derivation.routings) or any(f.has(Iverson) for f in formulas)
    return filled(BRACKET) if has_any or any(map(_selects, _told(context))) else ()


def _selects(derivative: Derivative) -> bool:
    """Tell whether a derivative, or a theorem on it, has brackets that select windows."""
    if derivative.general.right.has(Iverson):
        return True
    made = theorem(derivative) if has_one(derivative) else None
    return made is not None and any(part.conditions for part in made.parts)


def roundings(context: Context) -> Text:
    """Say what the signs of floors and ceilings mean, if a formula is printed with any."""
    signs = _rounded(context, chain(forward_forms(context), backward_forms(context)))
    if _DOWN_TO in signs:
        return filled(_DOWN.replace("{more}", _BOTH if _UP_TO in signs else ""))
    return filled(_UP) if _UP_TO in signs else ()


def rounds_forward(context: Context) -> bool:
    """Tell whether a formula of the forward pass has a floor or a ceiling."""
    return bool(_rounded(context, forward_forms(context)))


def forward_forms(context: Context) -> Iterator[General]:
    """Run over the formulas of the forward pass."""
    return (operation.general for operation in context.operations.values())


def backward_forms(context: Context) -> Iterator[General]:
    """Run over the formulas of the backward pass."""
    return (made.general for made in _told(context))


def _told(context: Context) -> Iterator[Derivative]:
    """Run over the derivatives that a document tells of."""
    return (made for made in context.derivatives.values() if not is_aside(context, made.tensor))


def _rounded(context: Context, formulas: Iterable[General]) -> set[str]:
    """Return the signs of floors and ceilings in formulas as they are printed."""
    printed = (term for f in formulas for term in terms_of(f, context.printer))
    every = (node for term in printed for node in nodes(term))
    return {n.left for n in every if isinstance(n, Fenced) and n.left in (_DOWN_TO, _UP_TO)}


def logarithms(equations: Iterable[Equation]) -> Text:
    """Say which logarithms are meant, if formulas have any."""
    return (_NATURAL,) if any(map(_has_logarithm, equations)) else ()


def _has_logarithm(equation: Equation) -> bool:
    """Tell whether log(...) is printed: functions without a letter are written out."""
    functions = equation.value.atoms(Function)
    defined = [f for f in functions if isinstance(f, DefinedFunction) and not f.called]
    written = [*functions, *(f.definition(*f.args) for f in defined)]
    adds = isinstance(equation.reduction, LogSumExp) and any(
        loop.size != 1 for loop in equation.reduced
    )
    return adds or any(part.has(log) for part in written)
