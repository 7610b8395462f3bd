"""A module to keep: a program's text with the example's numbers, which runs by itself."""

from __future__ import annotations

from symcnn.backends import chosen, languages
from symcnn.derivation import Derivation
from symcnn.plans.plan import plan_of
from symcnn.values import Values, float_arrays, required


def exported(derivation: Derivation, values: Values, title: str, to: str = "numpy") -> str:
    """Return the text of a module that computes the loss and all gradients.

    It needs nothing of symcnn, holds the numbers, does nothing when it is imported, and
    prints the loss and every gradient when it is run.

    Args:
        derivation: What is computed.
        values: The numbers, by tensor name.
        title: What they are an example of.
        to: The language, one of ``symcnn.backends.languages()``.

    Raises:
        SymcnnError: If a name, a shape or a number is wrong.
    """
    plan = plan_of(derivation)
    required(values, plan.given)
    backend = chosen(languages()[to], plan)
    arrays = [*float_arrays(values, plan.given).values()]
    return backend.exported(backend.lowered(plan, "float64"), arrays, title)
