"""What a layer or a loss computes, and the derivatives that follow, for all sizes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sympy import IndexedBase

from symcnn.derivation import Derivation, derive
from symcnn.derivation.general import General, backward_form, forward_form
from symcnn.document.theory.specimen import Specimen
from symcnn.equations import Tensor, grouped
from symcnn.network.network import Network
from symcnn.network.stage import LossStage


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
    """

    derivation: Derivation
    inputs: tuple[Tensor, ...]
    parameters: tuple[Tensor, ...]
    output: Tensor
    given: tuple[Tensor, ...]
    forward: tuple[TensorFormula, ...]
    backward: tuple[TensorFormula, ...]

    @property
    def network(self) -> Network:
        """The network around it."""
        return self.derivation.network

    @property
    def tensors(self) -> tuple[Tensor, ...]:
        """Every tensor that the formulas hold, but derivatives."""
        computed = (formula.tensor for formula in self.forward)
        return (*self.inputs, *self.parameters, *self.given, *computed)


def statement(specimen: Specimen) -> Statement:
    """Derive the formulas of a layer or a loss that stands by itself."""
    derivation, network = derive(specimen.network), specimen.network
    if specimen.is_loss:
        end, read = network.loss_stage, (network.output,)
        made: Sequence[Tensor] = (*end.auxiliaries.values(), end.loss)
        given = (*(() if end.given is None else (end.given,)), *end.givens.values())
        backward = list(_backward(derivation, read))
        return Statement(
            *(derivation, read, (), end.loss, given),
            tuple(_forward(derivation, made)),
            (*_backward(derivation, _signals(derivation, end, backward)), *backward),
        )
    stage = network.stages[-1]
    parameters = tuple(stage.parameters.values())
    auxiliaries = tuple(stage.auxiliaries.values())
    made = (*auxiliaries, stage.output)
    differentiated = (*reversed(auxiliaries), *parameters, *stage.inputs)
    return Statement(
        *(derivation, stage.inputs, parameters, stage.output, tuple(stage.givens.values())),
        tuple(_forward(derivation, made)),
        tuple(_backward(derivation, differentiated)),
    )


def _signals(
    derivation: Derivation, end: LossStage, formulas: Sequence[TensorFormula]
) -> list[Tensor]:
    """Return the intermediate tensors of a loss whose error signals stand in formulas."""
    read = {base for formula in formulas for base in formula.general.right.atoms(IndexedBase)}
    own = (tensor for tensor in end.auxiliaries.values() if tensor.name in derivation.adjoints)
    return [tensor for tensor in own if derivation.adjoints[tensor.name].base in read]


def _forward(derivation: Derivation, made: Sequence[Tensor]) -> Iterator[TensorFormula]:
    """Run over the formulas of tensors, in the order of evaluation."""
    by_base = {tensor.base: tensor for tensor in made}
    for base, equations in grouped(derivation.network.equations):
        if base in by_base:
            yield TensorFormula(by_base[base], forward_form(derivation, equations))


def _backward(derivation: Derivation, tensors: Sequence[Tensor]) -> Iterator[TensorFormula]:
    """Run over the derivatives with respect to tensors that the loss depends on."""
    for tensor in tensors:
        if tensor.name in derivation.adjoints and derivation.depends_on(tensor):
            yield TensorFormula(tensor, backward_form(derivation, tensor.name))
