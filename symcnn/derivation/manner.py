"""How the formulas of a derivation are printed: its letters, shapes and stages."""

from __future__ import annotations

from symcnn.derivation.constants import Constants
from symcnn.derivation.derived import Derived
from symcnn.writing.lettering import signal_of
from symcnn.writing.printing.manner import Manner
from symcnn.writing.printing.names import letters_of
from symcnn.writing.printing.order import stages_of


def manner_of(
    derivation: Derived, constants: Constants, index_base: int, separator: str = ","
) -> Manner:
    """Return how to print formulas with indices from ``index_base`` on."""
    shapes = {tensor.label: tensor.shape for tensor in derivation.tensors.values()}
    return Manner(
        base=index_base,
        shapes={} if index_base == 1 else shapes,
        weights=letters_of(derivation.network.parameters),
        loss=derivation.network.loss_tensor.label,
        signal=signal_of(derivation.network.letters),
        stages=stages_of(derivation.network.equations),
        separator=separator,
        constants=constants.decimals,
        summands=constants.letters,
    )
