"""What the derivative with respect to a tensor is made of: the steps of the chain rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sympy import IndexedBase, Symbol

from symcnn.derivation import Derivation, Step
from symcnn.derivation.general import General, backward_form
from symcnn.document.facts.contribution import Contribution
from symcnn.document.facts.letters import Letters, letters
from symcnn.document.facts.meant import Meant, meant
from symcnn.equations import Tensor
from symcnn.writing.lettering import taken_letters

_OF_WINDOWS = ("convolution", "transposed convolution", "weighted sum over a window")
"""The kinds of steps whose weights are those of a window."""


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
        taken = taken_letters(self.derivation.network)
        tensors = self.derivation.network.tensors.values()
        kernels = {tensor.base for tensor in tensors if tensor.role == "parameter"}
        sources = [step.source for step in self.steps]
        return letters(sources, kernels, taken, _axes(self.derivation))

    @cached_property
    def contributions(self) -> Sequence[Contribution]:
        """What each step contributes."""
        return [self._contribution(step) for step in self.steps]

    def _contribution(self, step: Step) -> Contribution:
        base = step.source.target.base
        alike = [other for other in self.steps if other.source.target.base == base]
        result = self.derivation.tensors[base]
        return Contribution(self.derivation, step, self.letters, alike, self.meant.get(result.name))

    @property
    def is_renaming(self) -> bool:
        """Whether the tensor is only renamed."""
        return [one.kind for one in self.contributions] == ["renaming"]

    @property
    def is_of_window(self) -> bool:
        """Whether the entries of the tensor are the weights of a window."""
        return any(one.kind in _OF_WINDOWS for one in self.contributions)


def derivatives(derivation: Derivation) -> dict[str, Derivative]:
    """Return the derivatives with respect to all tensors, by their names."""
    said, tensors = meant(derivation.network), derivation.network.tensors
    return {name: Derivative(derivation, tensors[name], said) for name in derivation.adjoints}


def _axes(derivation: Derivation) -> dict[IndexedBase, tuple[Symbol, ...]]:
    adjoints, tensors = derivation.adjoints, derivation.network.tensors.values()
    return {
        t.base: derivation.indices(t.name) if t.name in adjoints else t.indices for t in tensors
    }
