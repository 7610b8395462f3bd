"""What a layer or a loss computes, and the derivatives that follow, for all sizes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from sympy import Add, Expr, Ge, Indexed, IndexedBase, Le, Mul, Ne, Pow, Symbol, log, sympify
from sympy.core.relational import Relational

from symcnn.derivation import Derivation, derive
from symcnn.derivation.general import General
from symcnn.derivation.statement import Statements, left_of
from symcnn.document.blocks import Inline
from symcnn.document.facts.derivative import derivatives
from symcnn.document.facts.operation import operations
from symcnn.document.theory.by_digits import by_digits
from symcnn.document.theory.specimen import Specimen
from symcnn.equations import Recurrence, Tensor, loops_over, units
from symcnn.equations.functions import Iverson
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import is_at_least, is_made_of_sizes
from symcnn.network.network import Network, supposed
from symcnn.network.stage import LossStage
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import joined, parenthesized, row
from symcnn.writing.lettering import signal_of
from symcnn.writing.printing.arithmetic import arithmetic
from symcnn.writing.printing.manner import DecimalMark
from symcnn.writing.printing.names import chosen_letters


class TensorFormula(NamedTuple):
    """A formula for all entries of a tensor.

    Attributes:
        tensor: What is computed, or what the loss is differentiated with respect to.
        general: The formula.
    """

    tensor: Tensor
    general: General


@dataclass(frozen=True)
class Statement:
    """The formulas of a layer or a loss.

    Attributes:
        derivation: The derivation of the network around it.
        inputs: What it reads.
        parameters: What it learns.
        output: What it makes.
        given: What a loss compares its input with, and what else is given.
        forward: The forward formulas, in the order of evaluation.
        backward: The derivatives, from the output to the inputs.
        own_name: What the package calls it, with its settings; empty if it is somebody else's.
    """

    derivation: Derivation
    inputs: tuple[Tensor, ...]
    parameters: tuple[Tensor, ...]
    output: Tensor
    given: tuple[Tensor, ...]
    forward: tuple[TensorFormula, ...]
    backward: tuple[TensorFormula, ...]
    own_name: str = ""

    @property
    def network(self) -> Network:
        """The network around it."""
        return self.derivation.network

    @property
    def formulas(self) -> tuple[TensorFormula, ...]:
        """All formulas, of values and of derivatives."""
        return (*self.forward, *self.backward)

    @property
    def tensors(self) -> tuple[Tensor, ...]:
        """Every tensor that the formulas hold, but derivatives."""
        computed = (formula.tensor for formula in self.forward)
        return (*self.inputs, *self.parameters, *self.given, *computed)


def statement(specimen: Specimen) -> Statement:
    """Derive the formulas of a layer or a loss that stands by itself."""
    network = specimen.network
    subject = network.loss if specimen.is_loss else network.layers[-1]
    is_own = type(subject).__module__.startswith("symcnn.")
    return replace(_statement(specimen), own_name=specimen.name if is_own else "")


def _statement(specimen: Specimen) -> Statement:
    derivation, network = derive(specimen.network), specimen.network
    if specimen.is_loss:
        end, read = network.loss_stage, (network.output,)
        given = (*filter(None, [end.given]), *end.givens.values())
        forward = _forward(derivation, (*end.auxiliaries.values(), end.loss))
        backward = _backward(derivation, read)
        signals = _backward(derivation, _signals(derivation, end, backward))
        return Statement(derivation, read, (), end.loss, given, forward, (*signals, *backward))
    stage = network.stages[-1]
    parameters, auxiliaries = (tuple(t.values()) for t in (stage.parameters, stage.auxiliaries))
    forward = _forward(derivation, (*auxiliaries, stage.output))
    backward = _backward(derivation, (*reversed(auxiliaries), *parameters, *stage.inputs))
    given = tuple(stage.givens.values())
    return Statement(derivation, stage.inputs, parameters, stage.output, given, forward, backward)


def _signals(
    derivation: Derivation, end: LossStage, formulas: Sequence[TensorFormula]
) -> list[Tensor]:
    """Return the intermediate tensors of a loss whose error signals stand in formulas."""
    read = {base for formula in formulas for base in formula.general.right.atoms(IndexedBase)}
    own = (tensor for tensor in end.auxiliaries.values() if tensor.name in derivation.adjoints)
    return [tensor for tensor in own if derivation.adjoints[tensor.name].base in read]


def _forward(derivation: Derivation, made: Collection[Tensor]) -> tuple[TensorFormula, ...]:
    """Return the formulas of tensors, in the order of evaluation."""
    own = (one for one in operations(derivation).values() if one.result in made)
    return tuple(TensorFormula(one.result, one.general) for one in own)


def _backward(derivation: Derivation, tensors: Iterable[Tensor]) -> tuple[TensorFormula, ...]:
    """Return the derivatives with respect to tensors that the loss depends on."""
    every = derivatives(derivation)
    own = (every[t.name] for t in tensors if t.name in every and derivation.depends_on(t))
    steps = derivation.network.recurrences
    return tuple(TensorFormula(one.tensor, _at_all_steps(by_digits(one), steps)) for one in own)


def _at_all_steps(general: General, steps: Sequence[Recurrence]) -> General:
    """Leave out brackets that multiply what is 0 where they are, before the first step."""
    terms = map(partial(_without_zeros, steps=steps), Add.make_args(general.right))
    return replace(general, right=Add(*terms)) if steps else general


def _without_zeros(term: Expr, steps: Sequence[Recurrence]) -> Expr:
    """Return a product without what brackets say of entries in it that are 0 elsewhere."""
    factors = Mul.make_args(term)
    pairs = ((f, one) for f in factors if isinstance(f, Indexed) for one in steps)
    said = {_step(read, one) for read, one in pairs if read.base in one.order}
    kept = (
        Iverson(*(c for c in factor.args if not (isinstance(c, Ge | Le) and c.gts - c.lts in said)))
        if isinstance(factor, Iverson)
        else factor
        for factor in factors
    )
    return Mul(*kept)


def _step(read: Indexed, recurrence: Recurrence) -> Expr:
    """Return which step an entry is of; a negative one is before the first."""
    axis = recurrence.axis
    index = read.indices[axis]
    return (read.shape[axis] - 1 - index).expand() if recurrence.back else index


def is_made(indices: Iterable[Expr]) -> bool:
    """Tell whether an index is made of several letters."""
    return any(len(index.free_symbols) > 1 for index in indices)


def hypotheses(made: Statement) -> tuple[Relational, ...]:
    """Return what the letters of a statement must fulfil: its layer's settings, divisors, roots."""
    letters = {*made.network.sizes, *made.network.real_letters, *made.network.relations}
    formulas = [formula.general.checked for formula in made.formulas]
    found = dict.fromkeys(c for formula in formulas for c in _supposed(formula, letters))
    found |= dict.fromkeys(supposed(made.network))
    return tuple(sorted(found, key=str))


def _supposed(formula: Expr, letters: set[Symbol]) -> Iterator[Relational]:
    """Run over the conditions of one formula, without those that hold for all letters."""
    for part in formula.atoms(Pow, log):
        argument = part.args[0]
        if not argument.free_symbols or not argument.free_symbols <= letters:
            continue
        is_root = isinstance(part, log) or not part.exp.is_integer
        divides = isinstance(part, log) or part.exp.is_negative
        for factor in [argument] if is_root else Mul.make_args(argument.factor()):
            yield from _condition(factor, positive=is_root, nonzero=divides)


def _condition(argument: Expr, *, positive: bool, nonzero: bool) -> Iterator[Relational]:
    """Return that an argument is not 0, positive or not negative, if that is not certain."""
    number, rest = argument.as_coeff_Add()
    if nonzero:
        if _never_below(argument, 1):
            return
        above = positive or _never_below(argument, 0)
        yield rest > -number if above else Ne(rest, -number)
    elif positive and not _never_below(argument, 0):
        yield rest >= -number


def _never_below(argument: Expr, least: int) -> bool:
    """Tell whether a size is at least a number, or a real number is positive or not negative."""
    if is_made_of_sizes(argument):
        return is_at_least(argument, least)
    return bool(argument.is_positive if least else argument.is_nonnegative)


class Printed(Statements):
    """Prints parts of a statement.

    Attributes:
        made: The statement.
    """

    def __init__(self, made: Statement, index_base: int = 1, decimal: DecimalMark = ".") -> None:
        """Take a statement, what the first index is, and the decimal mark.

        Factors stand in the order of the inputs: a b, q k.
        """
        stages = {t.label: -n for n, t in enumerate(made.inputs)} if len(made.inputs) > 1 else {}
        super().__init__(made.derivation, index_base, decimal=decimal, stages=stages)
        self.made = made

    @property
    def letters(self) -> Mapping[str, Formula]:
        """What stands for L and delta in sentences, where others were chosen for them."""
        return chosen_letters(
            self.made.network.loss_tensor.label, signal_of(self.made.network.letters)
        )

    @property
    def departs(self) -> str:
        """What is otherwise in the work that defines the layer."""
        of_loss = self.made.output.role == "loss"
        return "" if of_loss else self.made.network.stages[-1].layer.departs

    def formula(self, expression: Expr) -> Inline:
        """Print an expression inside of a sentence."""
        return Inline(self.printer.tree(expression))

    def letter(self, tensor: Tensor) -> Inline:
        """Print what a tensor is called."""
        return self.formula(tensor.base.label)

    def entry_of(self, tensor: Tensor, indices: Sequence[Expr] = ()) -> Expr:
        """Return an entry, by default at a tensor's own indices, without those of short axes."""
        entry = tensor[indices or tensor.indices]
        return entry.xreplace(units(loops_over(entry)))

    def definition(self, tensor: Tensor) -> Inline:
        """Print an error signal as the derivative that it is, with the indices of the entry."""
        forward = (f.general.left.indices for f in self.made.forward if f.tensor == tensor)
        indices = next((own for own in forward if all(i.is_Symbol for i in own)), tensor.indices)
        adjoint = self.entry_of(self.made.derivation.adjoints[tensor.name], indices)
        slope = self.printer.partial(self.printer.tree(self.entry_of(tensor, indices)))
        return Inline(row(self.printer.tree(adjoint), "=", slope))

    def signal(self, of: TensorFormula) -> Inline | None:
        """Print the error signal of an intermediate result as such; None for anything else."""
        return self.definition(of.tensor) if of.tensor.role == "auxiliary" else None

    def left(self, of: TensorFormula) -> Formula:
        """Print the left side of a formula."""
        general, tensor = of.general, of.tensor
        entry = tensor[general.left.indices]
        if tensor in self.made.inputs:
            return self.printer.partial(self.printer.tree(entry))
        return left_of(self.printer, tensor, entry, general.left)

    def shape(self, tensor: Tensor) -> Inline:
        """Print H x W x C, with sums among several in parentheses."""
        sizes = [*map(sympify, shape_told(tensor))]
        several = len(sizes) > 1
        printed = (
            parenthesized(arithmetic(n)) if several and n.is_Add else arithmetic(n) for n in sizes
        )
        return Inline(joined([*printed], r"\times"))


def shape_told(tensor: Tensor) -> Shape:
    """Return the shape of a tensor as it is told: of an intermediate result as it is written.

    Its axes of length 1, as that of a single head, have no index.
    """
    written = tuple(n for n in tensor.shape if n != 1)
    return written if written and tensor.role == "auxiliary" else tensor.shape
