"""What a program computes: the loss, every layer's output, every gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
"""An array; NumPy's own name for this, NDArray, would take longer to import."""


@dataclass(frozen=True)
class Evaluation:
    """The numbers of one forward and backward pass.

    Arrays have the layouts of the tensors, the batch axis first where there is one.

    Attributes:
        loss: L; no number where it was not computed.
        outputs: The output of every layer, by its name.
        gradients: dL/dT for the input "x", every layer's output and every parameter,
            by the name of T. Factors 1/a and 1/(1 - a), where a is an exponential or a sigmoid,
            are bounded by exp(700), about 1e304: a derivative that is larger on paper, such as
            dL/da = -1/a for an a that has underflowed, remains a float.
    """

    loss: float
    outputs: dict[str, Array]
    gradients: dict[str, Array]

    def __repr__(self) -> str:
        """Say what it holds; the arrays themselves would fill screens."""
        return held(self, f"{self.loss:.6g}")


def held(evaluation: Any, loss: str) -> str:
    """Return a line on what an evaluation holds: the loss, and what has arrays."""
    kinds = {"outputs": evaluation.outputs, "gradients": evaluation.gradients}
    parts = (f"{kind} of {', '.join(arrays)}" for kind, arrays in kinds.items() if arrays)
    return f"<{type(evaluation).__name__}: {'; '.join([f'loss {loss}', *parts])}>"
