"""An error signal into which others were substituted."""

from __future__ import annotations

from typing import NamedTuple

from symcnn.derivation.general import General
from symcnn.equations import Tensor


class Substituted(NamedTuple):
    """The formula of an error signal without those of some tensors.

    Attributes:
        others: The tensors whose error signals were substituted.
        general: The formula.
    """

    others: tuple[Tensor, ...]
    general: General
