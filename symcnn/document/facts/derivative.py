"""What the derivative with respect to a tensor is made of: the steps of the chain rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from sympy import IndexedBase, Mul, Symbol

from symcnn import limits
from symcnn.derivation import Derivation, Step
from symcnn.derivation.general import General, backward_form
from symcnn.derivation.index_conditions import determining
from symcnn.document.facts import forms, patterns, windows
from symcnn.document.facts.letters import Letters, letters
from symcnn.document.facts.meant import Meant, meant
from symcnn.equations import Assignments, LogSumExp, Max, Mean, Tensor, accesses, indexing, meeting
from symcnn.equations.assignments import Selected
from symcnn.equations.functions import Iverson
from symcnn.writing.lettering import taken_letters


@dataclass(frozen=True)
class Derivative:
    """The derivative with respect to a tensor; each fact is read off when it is first asked for.

    Attributes:
        derivation: The derivation.
        tensor: The tensor.
        meant: What authors say of layers, by the names of the tensors that these compute.
    """

    derivation: Derivation
    tensor: Tensor
    meant: Mapping[str, Meant] = field(default_factory=dict)

    @cached_property
    def steps(self) -> Sequence[Step]:
        """The applications of the chain rule that contribute to it."""
        return self.derivation.steps_by(self.tensor.name)

    @cached_property
    def general(self) -> General:
        """The formula for all entries of the derivative."""
        return backward_form(self.derivation, self.tensor.name)

    @cached_property
    def letters(self) -> Letters:
        """The indices that have a name, and their letters."""
        network, kernels = self.derivation.network, windows.kernels(self.derivation)
        sources = windows.at_positions((step.source for step in self.steps), kernels)
        return letters(sources, kernels, taken_letters(network), _axes(self.derivation))

    @cached_property
    def contributions(self) -> Sequence[Contribution]:
        """What each step contributes."""
        return [Contribution(self, step) for step in self.steps]

    @property
    def is_renaming(self) -> bool:
        """Whether the tensor is only renamed."""
        return [one.kind for one in self.contributions] == ["renaming"]

    @property
    def is_of_window(self) -> bool:
        """Whether the entries of the tensor are the weights of a window."""
        kinds = {"convolution", "transposed convolution", "weighted sum over a window"}
        return any(one.kind in kinds for one in self.contributions)


def derivatives(derivation: Derivation) -> dict[str, Derivative]:
    """Return the derivatives with respect to all tensors, by their names."""
    said, tensors = meant(derivation.network), derivation.network.tensors
    return {name: Derivative(derivation, tensors[name], said) for name in derivation.adjoints}


def _axes(derivation: Derivation) -> dict[IndexedBase, tuple[Symbol, ...]]:
    adjoints, tensors = derivation.adjoints, derivation.network.tensors.values()
    return {
        t.base: derivation.indices(t.name) if t.name in adjoints else t.indices for t in tensors
    }


_Single = Literal["loss", "maximum", "log-sum-exp", "mean", "function", "renaming", "sum"]
_Product = Literal["convolution", "transposed convolution", "weighted sum", "chain rule"]
_OverWindow = Literal["weighted sum over a window", "sum over a window", "mean over a window"]
Kind = _Single | _Product | _OverWindow
"""What a step differentiates."""

_ENTRIES = 60
"""The entries of a large tensor from which it is read off how often each is used."""


@dataclass(frozen=True)
class Contribution:
    """What one step of the chain rule contributes to a derivative."""

    derivative: Derivative
    step: Step

    @property
    def meant(self) -> Meant | None:
        """What the author of a layer says of it, if anything."""
        found = self.derivative.meant.get(self.result.name)
        return found if found and found.backward(self.own) else None

    @property
    def heads(self) -> int:
        """The number of heads of the layer that computes the result."""
        return getattr(self.meant.place.made, "heads", 1) if self.meant else 1

    @property
    def own(self) -> Tensor:
        """The tensor by which is differentiated."""
        return self.step.of

    @property
    def result(self) -> Tensor:
        """The tensor that is computed from it."""
        return self.derivative.derivation.tensors[self.step.source.target.base]

    @property
    def meaning(self) -> str:
        """What the author of the layer says of the derivative, if anything."""
        return self.meant.backward(self.own) if self.meant else ""

    @property
    def explained(self) -> Tensor:
        """The tensor whose equations a reason speaks of: an author's speaks of a whole layer."""
        return self.meant.made if self.meant else self.result

    @cached_property
    def kind(self) -> Kind:
        """What is differentiated."""
        step, source = self.step, self.step.source
        if self.result.role == "loss":
            return "loss"
        if step.routing is not None:
            return "maximum"
        if isinstance(source.reduction, LogSumExp):
            return "log-sum-exp"
        if isinstance(source.reduction, Mean):
            return "mean"
        if self.is_function:
            return "function"
        if self.takes_entries:
            return "renaming" if self._is_alone and forms.keeps_entries(source) else "sum"
        return self._kind_of_product

    @property
    def _kind_of_product(self) -> _Product | _OverWindow:
        """What a sum of products is, by its indices: a convolution reads through a window."""
        source, every = self.step.source, self.derivative.derivation.network.equations
        if not forms.is_product(source, windows.kernels(self.derivative.derivation)):
            if not self.slides:
                return "chain rule"
            average = patterns.is_average(source, every)
            return "mean over a window" if average else "sum over a window"
        if self.derivative.letters.slides(source.target):
            return "transposed convolution"
        if self.slides:
            matches = forms.matches(source, self.derivative.letters)
            return "convolution" if matches else "weighted sum over a window"
        return "weighted sum" if source.reduced else "chain rule"

    @property
    def slides(self) -> bool:
        """Whether a window slides over what the result is computed from."""
        return any(map(self.derivative.letters.slides, accesses(self.step.source.value)))

    @property
    def wraps(self) -> bool:
        """Whether indices continue at the other end, as quotients and remainders do."""
        return bool(determining(self.step.source))

    @property
    def is_grouped(self) -> bool:
        """Whether channels are read in groups."""
        kernels = windows.kernels(self.derivative.derivation)
        return patterns.groups(self.step.source, kernels) is not None

    @property
    def is_function(self) -> bool:
        """Whether every entry of the result is one function of an entry."""
        step, source = self.step, self.step.source
        bent = bool(step.local.free_symbols) and accesses(source.value) == (step.access,)
        return bent and not source.reduced and self._is_alone

    @property
    def _is_alone(self) -> bool:
        every, target = self.derivative.derivation.network.equations, self.step.source.target.base
        return bool(sum(equation.target.base == target for equation in every) == 1)

    @property
    def takes_entries(self) -> bool:
        """Whether the result is made of entries as they are, not of terms with them."""
        return bool(self.step.source.value == self.step.access)

    @property
    def is_of_parameter(self) -> bool:
        """Whether it contributes to the derivative with respect to a parameter."""
        return self.own.role == "parameter"

    @property
    def is_number(self) -> bool:
        """Whether a single number is differentiated by."""
        return self.own.size == 1

    @property
    def gives_number(self) -> bool:
        """Whether the result is a single number."""
        return self.result.size == 1

    @property
    def splits_ties(self) -> bool:
        """Whether equal largest entries share the error signal of a maximum."""
        reduction = self.step.source.reduction
        return isinstance(reduction, Max) and reduction.ties == "split"

    @property
    def is_selected(self) -> bool:
        """Whether an entry selects what is taken over."""
        return isinstance(self.step.local, Iverson) and bool(indexing([self.step.source]))

    @property
    def is_reused(self) -> bool:
        """Whether the tensor reaches the loss in other ways as well: another layer, a penalty."""
        return len({one.result.name for one in self.derivative.contributions}) > 1

    @property
    def adds_parameter(self) -> bool:
        """Whether a parameter enters the result with the factor 1."""
        return self.is_of_parameter and bool(self.step.local == 1)

    @property
    def multiplies_parameter(self) -> bool:
        """Whether a parameter enters the result with a product of entries as its factor."""
        return self.is_of_parameter and all(f.is_Indexed for f in Mul.make_args(self.step.local))

    @cached_property
    def is_shared(self) -> bool:
        """Whether an entry is read by several loop assignments."""
        entries = _listed(self.step).reads[self.step.access].tolist()
        return len({*entries}) < len(entries)

    @property
    def meets_several(self) -> bool:
        """Whether an entry is multiplied by several numbers for one entry of the result."""
        return bool({*self.long_loops} - self.step.source.target.free_symbols)

    @property
    def meets_again(self) -> bool:
        """Whether an entry may be multiplied by the same number more than once."""
        return not patterns.meets_once(self.step.source)

    @property
    def long_loops(self) -> Sequence[Symbol]:
        """The loops of the sum that have several values."""
        return [loop.symbol for loop in self.step.equation.reduced if loop.size > 1]

    @property
    def is_named_by_letters(self) -> bool:
        """Whether the entry that is differentiated by has letters alone as indices."""
        lengths = zip(self.step.access.indices, self.own.shape, strict=True)
        return all(index.is_Symbol for index, length in lengths if length > 1)

    @cached_property
    def spreads(self) -> bool:
        """Whether an entry helps, by all steps to this result, to make several entries of it."""
        pairs = set[tuple[int, int]]()
        target = self.step.source.target.base
        for step in (s for s in self.derivative.steps if s.source.target.base == target):
            listed = _listed(step)
            entries = listed.reads[step.access].tolist()
            pairs.update(zip(entries, listed.targets.tolist(), strict=True))
        return len({read for read, _ in pairs}) < len(pairs)

    @property
    def is_subtracted(self) -> bool:
        """Whether the mean of the result is subtracted later, and a parameter with it."""
        every, step = self.derivative.derivation.network.equations, self.step
        is_added = self.is_of_parameter and self.takes_entries
        return is_added and patterns.is_subtracted(step.access, step.source.target, every)


def _listed(step: Step) -> Assignments:
    """Return how entries are read, of a large equation only some entries of what is read."""
    if step.source.terms <= limits.LISTED_TERMS:
        return Assignments(step.source)
    entries = np.unique(np.linspace(0, step.of.size - 1, _ENTRIES).round().astype(int))
    return Selected(step.source, meeting(step.source, step.access, entries))
