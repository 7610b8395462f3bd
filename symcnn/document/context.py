"""What the sections of a derivation are written from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, cmp_to_key
from itertools import takewhile

from sympy import Expr, Symbol, sign

from symcnn import limits
from symcnn.derivation import Derivation
from symcnn.derivation.derived import Constants, constants, manner_of
from symcnn.document.bindings import FIXED, Fixed
from symcnn.document.blocks import Inline
from symcnn.document.facts.derivative import Derivative, derivatives
from symcnn.document.facts.given import Check, Chosen, Correction, Curvature, Descent, Nudge, Whole
from symcnn.document.facts.needed import Needed, needed
from symcnn.document.facts.operation import Operation, operations
from symcnn.document.facts.scope import Overview, Path, Position, Scope
from symcnn.document.facts.softmax import Softmaxes, softmaxes
from symcnn.document.outline import OUTLINES, Outline, Role
from symcnn.document.style import Style
from symcnn.equations import Max, Tensor
from symcnn.equations.values import Array
from symcnn.network.optimizers import SGD, Optimizer
from symcnn.writing.formula import Formula
from symcnn.writing.lettering import signal_of
from symcnn.writing.printing.manner import Manner, separator
from symcnn.writing.printing.mathematics import MathPrinter
from symcnn.writing.printing.names import chosen_letters
from symcnn.writing.printing.numerals import Numeral, Numerals

_FEW = 3
"""The most layers of a network of which nothing is left out where there are weights."""


@dataclass(frozen=True)
class Context:
    """A derivation with its numbers.

    Attributes:
        title: The document's title.
        derivation: What is explained.
        value: The value of any entry, or expression of entries, at the problem's numbers.
        check: The gradient check.
        learning_rate: The step of gradient descent, if weights are to be updated.
        optimizer: What takes the step.
        descent: What the step does to the loss, if all weights are listed.
        nudge: What a change of the weight that is followed does to it.
        correction: What is wrong in the source of the problem, if anything is.
        style: How numbers and indices are printed.
        scope: What is worked out.
        curvature: The second derivatives, if they are asked for.
        chosen: What stands for derivatives where there are none.
        source: The work that the problem is from, if it is from one.
        bindings: What figures stand for: themselves, unless a page lets them follow their numbers.
        whole: The network that this one is a part of, if it is.
        arrays: The floats of all tensors, given, computed and of derivatives, by their names; none
            where entries are worked out exactly.
    """

    title: str
    derivation: Derivation
    value: Callable[[Expr], Expr]
    check: Check
    learning_rate: Expr | None = None
    optimizer: Optimizer = field(default=SGD())
    descent: Descent | None = None
    nudge: Nudge | None = None
    correction: Correction | None = None
    style: Style = field(default_factory=Style)
    scope: Scope = field(default_factory=Overview)
    curvature: Curvature | None = None
    chosen: Sequence[Chosen] = ()
    source: str = ""
    bindings: Fixed = FIXED
    whole: Whole | None = None
    arrays: Mapping[str, Array] = field(default_factory=dict)

    @cached_property
    def operations(self) -> Mapping[str, Operation]:
        """What the equations of each tensor do, by its name."""
        return operations(self.derivation)

    @cached_property
    def derivatives(self) -> Mapping[str, Derivative]:
        """What the derivative with respect to each tensor is made of, by its name."""
        return derivatives(self.derivation)

    def operation(self, tensor: Tensor) -> Operation:
        """Return what the equations of a tensor do."""
        return self.operations[tensor.name]

    def derivative(self, tensor: Tensor) -> Derivative:
        """Return what the derivative with respect to a tensor is made of."""
        return self.derivatives[tensor.name]

    @cached_property
    def numerals(self) -> Numerals:
        """How numbers are printed."""
        return Numerals(self.style.digits, self.style.decimal)

    @property
    def outline(self) -> Outline:
        """What the document tells; of one weight, what is on the way to it."""
        detail = self.style.detail
        follows = isinstance(self.scope, Path) and detail != "full"
        return OUTLINES["one weight" if follows else detail]

    def tells(self, role: Role) -> bool:
        """Tell whether the document has blocks of a role."""
        return role in self.outline.roles

    @property
    def separator(self) -> str:
        """What stands between the numbers of a list."""
        return separator(self.style.decimal)

    @cached_property
    def printer(self) -> MathPrinter:
        """What prints formulas."""
        return self._printer(self.manner)

    @cached_property
    def brief_printer(self) -> MathPrinter:
        """What prints the formulas of worked rows: long sums inside of terms are cut short."""
        manner = replace(self.manner, most_inside=limits.INNER_TERMS)
        return self._printer(manner)

    def _printer(self, manner: Manner) -> MathPrinter:
        """Return a printer that knows all entries."""
        return self.bindings.printer(self._is_entry, manner)

    def _is_entry(self, symbol: Symbol) -> bool:
        """Tell whether a symbol is an entry, or the derivative with respect to one."""
        found = self.derivation.entries.where(symbol)
        return found is not None and found[0].role != "selector"

    def number_printer(self, numbers: Mapping[Symbol, Numeral]) -> MathPrinter:
        """Return what prints formulas with numbers in place of entries and constants."""
        manner = replace(self.manner, most_inside=limits.INNER_TERMS, summands={})
        return MathPrinter({s: n.formula for s, n in numbers.items()}, manner)

    @cached_property
    def constants(self) -> Constants:
        """The settings of layers and loss that formulas contain."""
        return constants(self.derivation.network, self.numerals)

    @cached_property
    def manner(self) -> Manner:
        """How formulas are printed."""
        return manner_of(self.derivation, self.constants, self.style.index_base, self.separator)

    def printed(self, expression: Expr) -> Formula:
        """Print a formula."""
        return self.printer.tree(expression)

    def partial(self, entry: Expr) -> Formula:
        """Print dL/d(entry)."""
        return self.printer.partial(self.printed(entry))

    @cached_property
    def letters(self) -> Mapping[str, Formula]:
        """What stands for L and delta in sentences, where the problem calls them otherwise."""
        network = self.derivation.network
        return chosen_letters(network.loss_tensor.label, signal_of(network.letters))

    def named(self, tensor: Tensor) -> Inline:
        """Return the letter of a tensor, e.g. z^{(2)}."""
        return Inline(self.printed(tensor.base.label))

    def numeral(self, symbol: Symbol) -> Numeral:
        """Return the value of an entry as it is printed."""
        return self.numeral_of(symbol, self.value(symbol))

    def numeral_of(self, expression: Expr, value: Expr) -> Numeral:
        """Return the value of an expression of entries as it is printed."""
        return self.bindings.bound(self.numerals(value), expression)

    def falling(self, terms: Sequence[Expr]) -> list[int]:
        """Return the numbers of some terms from the largest on, equal ones as they stand."""

        def behind(m: int, n: int) -> int:
            return self._sign(terms[n], terms[m])

        return sorted(range(len(terms)), key=cmp_to_key(behind))

    def largest(self, terms: Sequence[Expr]) -> list[int]:
        """Return the numbers of all terms that are the largest."""
        falling = self.falling(terms)
        first = terms[falling[0]]
        return [*takewhile(lambda n: self.value(first - terms[n]).is_zero, falling)]

    def winners(self, terms: Sequence[Expr], reduction: Max) -> list[int]:
        """Return the numbers of the terms that a maximum takes: the first largest, or all."""
        return self.largest(terms) if reduction.ties == "split" else self.falling(terms)[:1]

    def _sign(self, one: Expr, other: Expr) -> int:
        """Return the sign of a difference; numbers of equal digits need not be equal."""
        difference = self.value(one) - self.value(other)
        return int(sign(difference if difference else self.value(one - other)))

    @cached_property
    def differentiated(self) -> Sequence[Tensor]:
        """The stages from the loss back; what is computed on the way, if it counts."""
        every = reversed([*self.derivation.network.tensors.values()])
        moves = self.derivation.depends_on
        return [
            tensor
            for tensor in every
            if tensor.role in ("hidden", "input") or (tensor.role == "auxiliary" and moves(tensor))
        ]

    @cached_property
    def leaves_out(self) -> bool:
        """Whether error signals are left out that no parameter needs: not in small networks."""
        return self.abridges and not self.is_short

    @property
    def abridges(self) -> bool:
        """Whether a document leaves out what its readers can do without; none to the input does."""
        if self.tells("listing") or self.style.quantities:
            return False
        thread, tensors = self.scope.thread, self.derivation.network.tensors
        return thread is None or tensors[thread.name].role != "input"

    @cached_property
    def is_short(self) -> bool:
        """Whether a network has few layers, or nothing that could be left out."""
        network = self.derivation.network
        return len(network.stages) <= _FEW or not any(map(self.is_reached, network.parameters))

    @cached_property
    def softmaxes(self) -> Softmaxes:
        """How softmaxes are given, and which of them without their log-sum-exp."""
        abridges, network = self.abridges and self.tells("worked"), self.derivation.network
        return softmaxes(self.derivatives, self.operations, network, self.value, abridges=abridges)

    @cached_property
    def needed(self) -> Needed:
        """The error signals that the derivatives of the parameters are computed from."""
        return needed(self.derivation, self.softmaxes.stated)

    def is_reached(self, tensor: Tensor) -> bool:
        """Tell whether a derivative moves, and some of its entries are worked out."""
        return self.derivation.depends_on(tensor) and bool(self.worked_derivatives(tensor))

    def is_worked(self, tensor: Tensor) -> bool:
        """Tell whether every entry of a tensor is worked out."""
        return self.scope.is_whole(tensor)

    def worked(self, tensor: Tensor) -> list[Position]:
        """Return the entries that are worked out."""
        return self.scope.entries(tensor)

    def worked_pairs(self, tensor: Tensor) -> list[tuple[Position, Position]]:
        """Return the entries that are worked out, each with the one that a student works out."""
        return list(zip(self.scope.entries(tensor), self.scope.asked(tensor), strict=True))

    def worked_derivatives(self, tensor: Tensor) -> list[Position]:
        """Return the entries by which the derivative is worked out."""
        return self.scope.entries(self.derivation.adjoints[tensor.name])

    def closed_derivatives(self, tensor: Tensor) -> list[Position]:
        """Return the entries by which the derivative is given in closed form."""
        return self.scope.closed(self.derivation.adjoints[tensor.name])

    def listed(self, tensor: Tensor) -> list[Position]:
        """Return the entries of a tensor that a table of its own lists."""
        return self.scope.listed(tensor, tensor.size)

    def listed_weights(self) -> list[tuple[Tensor, Position]]:
        """Return the entries of parameters that the tables list."""
        parameters, adjoints = self.derivation.network.parameters, self.derivation.adjoints
        together = sum(tensor.size for tensor in parameters)
        return [
            (tensor, position)
            for tensor in parameters
            for position in self.scope.listed(adjoints[tensor.name], together)
        ]

    @property
    def lists_weights(self) -> bool:
        """Whether the tables list all weights, or all that are of interest."""
        sizes = [tensor.size for tensor in self.derivation.network.parameters]
        return isinstance(self.scope, Path) or len(self.listed_weights()) == sum(sizes)
