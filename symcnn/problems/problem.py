"""A problem: a network with its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field, replace
from functools import cached_property
from importlib import import_module
from typing import Any

import numpy.typing as npt
from sympy import Expr

from symcnn.derivation import Derivation, Point, derive
from symcnn.equations import Tensor
from symcnn.equations.values import (
    Array,
    Values,
    check_indices,
    exact_entries,
    long_row,
    positive_rate,
    required,
    shapes,
)
from symcnn.equations.values.evaluation import Layout
from symcnn.equations.values.floats import as_distributions
from symcnn.errors import expect, located
from symcnn.network.network import Network
from symcnn.network.optimizers import SGD, optimizer_of
from symcnn.problems.few import check_few
from symcnn.problems.layouts import layout_of, reordered
from symcnn.problems.quantities import Quantities
from symcnn.problems.weights.origin import Origin
from symcnn.problems.weights.state import state_of
from symcnn.problems.worth import Accuracy, Worth
from symcnn.writing.formula.reader import prose


@dataclass(frozen=True)
class Quoted:
    """A quantity as a source states it.

    Attributes:
        quantity: Its name, such as "conv1" (see ``Problem.quantity``).
        by: The numbers that are printed, or the problem that yields them; None means the
            problem at hand.
        written: Printed numbers as they are printed, with all their digits: "0.10".
    """

    quantity: str
    by: tuple[Expr, ...] | Problem | None = None
    written: tuple[str, ...] = ()

    def values(self, at_hand: Problem) -> tuple[Expr, ...]:
        """Return the numbers."""
        if isinstance(self.by, tuple):
            return self.by
        return (self.by or at_hand).quantity(self.quantity)


@dataclass(frozen=True)
class Fault:
    """One mistake of a source.

    Attributes:
        text: What is to be said beside the mistake that yields the figures, which is found by
            marking them; formulas are written between dollar signs.
        printed: The figure of the source that shows it, if there is one.
        right: The correct quantity.
        source: The source, if the problem has several.
        conceals: A quantity whose printed figures conceal the mistake, if they do.
        work: The work that has it, as bibliographies name it, if it is not that of the problem.
    """

    text: str
    printed: Quoted | None
    right: Quoted
    source: str = ""
    conceals: str = ""
    work: str = ""

    def __post_init__(self) -> None:
        """Read the formulas at once: one that no document could hold is an error here."""
        prose(self.text)


@dataclass(frozen=True)
class Reconciliation:
    """The figures that a source printed, compared with the correct ones.

    Attributes:
        title: The heading of the section.
        figures: Pairs of a printed quantity and the correct one.
        faults: The mistakes of the source, in order.
        source: The source, as a heading names it.
        is_kept: Whether the problem at hand is what the source computed, mistakes included.
    """

    title: str
    figures: tuple[tuple[Quoted, Quoted], ...]
    faults: tuple[Fault, ...]
    source: str = "The source"
    is_kept: bool = False


@dataclass(frozen=True)
class Problem:
    """A network, the numbers for its input, parameters and target, and a title.

    Attributes:
        network: The network.
        values: Numbers by tensor name, in the layouts of the tensors, nested or
            flat; they are kept as exact rationals in row-major order, and long arrays as a
            ``Row`` of floats, whose entries are made exact when they are read.
        title: The title of documents.
        learning_rate: The learning rate of gradient descent; None omits updated weights.
        optimizer: What takes its steps: ``SGD()``, plain gradient descent, ``Adam(beta1=0.8)``,
            or the name of one, "adam".
        reconciliation: The mistakes of the source that the problem comes from, if any.
        source: The work that the problem is from, as bibliographies name it, with its web address.
        answers: How exact answers have to be.
        worth: What is asked for, and what that earns.
        origin: What the network's source stores, if it was imported, and where it is here.

    Args:
        layout: "filters-first" if the numbers of kernels are given filter by filter, (filters,
            channels, height, width), as in PyTorch's convolutions; they are kept as all others.
    """

    network: Network
    values: Values
    title: str = "A convolutional network"
    learning_rate: Any = None
    optimizer: Any = field(default=SGD())
    reconciliation: Reconciliation | None = field(default=None, compare=False)
    source: str = field(default="", compare=False)
    answers: Accuracy = field(default=Accuracy())
    worth: Worth = field(default=Worth())
    origin: Origin | None = field(default=None, compare=False, repr=False, kw_only=True)
    layout: InitVar[Layout | None] = None

    def __post_init__(self, layout: Layout | None) -> None:
        """Check that all numbers are there and fit."""
        expect(self.network, Network, "the network", "give a Network, and the numbers separately")
        expect(
            self.values, Mapping, "values", 'give a dict from names to numbers, {"x": [1, 2], ...}'
        )
        expect(self.answers, Accuracy, "answers", "give Accuracy(digits=4), or leave it out")
        expect(self.worth, Worth, "worth", 'give Worth(points={"loss": 2}), or leave it out')
        self.network.check_numbers()
        if layout is not None:
            made = reordered(self.values, self.network, layout_of(layout, "layout"))
            object.__setattr__(self, "values", made)
        given = self.network.given
        if (target := self.network.target) is not None and target.name in self.values:
            object.__setattr__(self, "values", self._with_distributions(target))
        rows = {t.name: long_row(self.values.get(t.name), shapes(t)) for t in given}
        check_few([t for t in given if rows[t.name] is None])
        required(self.values, given)
        numbers = {
            t.name: tuple(exact_entries(self.values[t.name], t)) if row is None else row
            for t, row in zip(given, rows.values(), strict=True)
        }
        check_indices(numbers, self.network.indexing)
        if target is not None:
            with located("loss"):
                self.network.loss.check(numbers[target.name], target.shape)
        object.__setattr__(self, "values", numbers)
        if self.learning_rate is not None:
            object.__setattr__(self, "learning_rate", positive_rate(self.learning_rate))
        object.__setattr__(self, "optimizer", optimizer_of(self.optimizer))

    def _with_distributions(self, target: Tensor) -> Values:
        """Return the numbers, with distributions in place of the numbers of classes."""
        if not self.network.loss.takes_classes:
            return self.values
        made = as_distributions(self.values[target.name], target)
        return {**self.values, target.name: made}

    def with_letters(self, letters: Mapping[str, str]) -> Problem:
        """Return the same problem with other letters for tensors in formulas.

        Args:
            letters: Letters by tensor name: {"conv1.weight": "K"}.
        """
        chosen = {**self.network.letters, **letters}
        return replace(self, network=replace(self.network, letters=chosen))

    def with_values(self, values: Values) -> Problem:
        """Return the same network with other numbers, which is not derived again.

        What a source printed for the numbers at hand is left out.

        Args:
            values: Numbers by tensor name, all of them; see ``Problem``.
        """
        made = replace(self, values=values, reconciliation=None)
        made.__dict__["derivation"] = self.derivation  # a cached property, of the same network
        return made

    @cached_property
    def derivation(self) -> Derivation:
        """The derivation of the network."""
        return derive(self.network)

    @cached_property
    def quantities(self) -> Quantities:
        """The quantities that have a name: tensors, gradients, routings, updated parameters."""
        return Quantities(self.derivation, self.values, self.learning_rate, self.optimizer)

    @property
    def point(self) -> Point:
        """The values of all entries at the problem's numbers, to 50 digits."""
        return self.quantities.point

    def quantity(self, name: str) -> tuple[Expr, ...]:
        """Return the entries of a quantity at the problem's numbers, in row-major order.

        Args:
            name: A tensor, "conv1"; the loss's derivative with respect to one,
                "gradient of conv1"; the routing of a maximum, "routing of pool1"; a parameter
                after one step of gradient descent, "updated conv1.weight"; or a value
                after several, "loss after 100 steps" or "loss after 100 steps of the weights",
                which keeps the biases fixed (both in floating point).
        """
        return self.quantities(name)

    def state_dict(self, dtype: npt.DTypeLike | None = None) -> dict[str, Array]:
        """Return the weights as arrays by the names and in the layouts of the source.

        Those of an imported network are called as there, and have the shapes that they have there:
        what was renamed, permuted or split goes back to its place, and what the network does not
        use is as it was. Those of a network that was written here are called by its layers, and
        have the layouts of PyTorch, as ``with_safetensors`` reads them: "conv1.weight" (filters,
        channels, height, width), "bn1.running_mean". The statistics of normalisations are there,
        too.

        Args:
            dtype: The type of the numbers of floats; by default that of the source.

        Raises:
            SymcnnError: A line for each array that the source cannot have: one weight that is
                several here, which are no longer equal, or a number that the source computes.
        """
        return state_of(self.network, self.values, self.origin, dtype)

    def interactive(self, **options: Any) -> Any:
        """Return the page on which every given number can be changed.

        Args:
            options: Those of ``symcnn.interactive_page``.
        """
        # What stands above problems is found by its name, so that nothing here depends on it.
        return import_module("symcnn.classroom.interactive").interactive_page(self, **options)

    def moved(self, weight: Expr, slope: Expr) -> Expr:
        """Return a weight after one step: w - rate * dL/dw, or as the optimizer has it.

        Without a learning rate there is no step.
        """
        return self.optimizer.first(weight, slope, self.learning_rate)

    def __repr__(self) -> str:
        """Name the problem and its layers."""
        layers = ", ".join(stage.output.name for stage in self.network.stages)
        return f"<Problem {self.title!r}: {layers}>"

    def _repr_html_(self) -> str:
        """Return what Jupyter shows: the layers, the given numbers and the loss."""
        return str(self._display._repr_html_())

    def _repr_markdown_(self) -> str:
        """Return the same as Markdown, for viewers that show no HTML."""
        return str(self._display._repr_markdown_())

    def _repr_latex_(self) -> str:
        """Return the same for nbconvert's LaTeX and PDF."""
        return str(self._display._repr_latex_())

    @cached_property
    def _display(self) -> Any:
        shown = import_module("symcnn.document.problem_display").display
        return shown(
            self.title, self.derivation, self.point.value, self.learning_rate, self.optimizer
        )


def check_problem(problem: Any) -> None:
    """Refuse what is no problem.

    Raises:
        SymcnnError: Says what it is instead, and how to make one.
    """
    expect(problem, Problem, "the problem", "give Problem(network, values), or load(path)")
