"""A module to keep: a program's text with the example's numbers, which runs by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from symcnn.derivation import Derivation
from symcnn.equations import Tensor
from symcnn.equations.values import Array, Values, float_arrays, required
from symcnn.equations.values.archive import archived
from symcnn.errors import SymcnnError
from symcnn.programs.backends import Backend, chosen, languages
from symcnn.programs.plans.plan import plan_of


class _Made(NamedTuple):
    """A program and its numbers, and the backend that writes them."""

    backend: Backend
    program: Any
    given: Sequence[Tensor]
    arrays: Sequence[Array]


def exported(
    derivation: Derivation, values: Values, title: str, to: str = "numpy", arrays: str = ""
) -> str:
    """Return the text of a module that computes the loss and all gradients.

    It needs nothing of symcnn, holds the numbers, does nothing when it is imported, and
    prints the loss and every gradient when it is run.

    Args:
        derivation: What is computed.
        values: The numbers, by tensor name.
        title: What they are an example of.
        to: The language, one of ``symcnn.programs.backends.languages()``.
        arrays: An .npz file that the module reads its numbers from, as seen from its own; the
            content is ``archive(derivation, values)``. Without it, they stand in the module.

    Raises:
        SymcnnError: If a name, a shape or a number is wrong, or the language reads no .npz file.
    """
    made = _made(derivation, values, languages()[to])
    if not arrays:
        return made.backend.exported(made.program, made.arrays, title)
    if made.backend.reading is None:
        raise SymcnnError(f"a module of {to} reads no .npz file: leave its numbers in the module")
    names = [tensor.name for tensor in made.given]
    return made.backend.reading(made.program, names, arrays, title)


def archive(derivation: Derivation, values: Values) -> bytes:
    """Return the numbers as the content of an .npz file, by the names of the tensors."""
    given = derivation.network.given
    required(values, given)
    return archived(float_arrays(values, given))


def _made(derivation: Derivation, values: Values, language: str) -> _Made:
    plan = plan_of(derivation)
    required(values, plan.given)
    backend = chosen(language, plan)
    if backend.results != "all":
        plan = plan_of(derivation, backend.results)
    arrays = [*float_arrays(values, plan.given).values()]
    return _Made(backend, backend.lowered(plan, "float64"), plan.given, arrays)
