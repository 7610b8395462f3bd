"""An optimizer by its name, with its settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symcnn.equations.values import known
from symcnn.errors import SymcnnError, shown
from symcnn.network.optimizers.adaptive import SGD, Adagrad, Adam, AdamW, RMSprop
from symcnn.network.optimizers.optimizer import Optimizer

OPTIMIZERS: Mapping[str, type[Optimizer]] = {
    made.name: made for made in (SGD, Adam, AdamW, RMSprop, Adagrad)
}


def optimizer_of(chosen: Any) -> Optimizer:
    """Return an optimizer that is given itself, or by its name with the usual settings.

    Raises:
        SymcnnError: If it is neither.
    """
    if isinstance(chosen, Optimizer):
        return chosen
    if isinstance(chosen, str):
        return kind_of(chosen)()
    remedy = 'give its name, such as "adam", or an optimizer, such as Adam(beta1=0.8)'
    raise SymcnnError(f"the optimizer is {shown(chosen)}: {remedy}")


def kind_of(name: str) -> type[Optimizer]:
    """Return the optimizer of a name.

    Raises:
        SymcnnError: If there is none.
    """
    if name not in OPTIMIZERS:
        raise SymcnnError(f"the optimizer {shown(name)} is unknown: {known(name, [*OPTIMIZERS])}")
    return OPTIMIZERS[name]
