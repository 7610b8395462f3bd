"""A module to keep: a program's text with the example's numbers, which runs by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from symcnn.derivation import Derivation
from symcnn.equations import Tensor
from symcnn.equations.values import Array, Values, float_arrays, required
from symcnn.equations.values.archive import archived
from symcnn.errors import SymcnnError
from symcnn.programs.backends import Backend, chosen, languages
from symcnn.programs.backends.python.names import identifier
from symcnn.programs.plans.plan import Results, plan_of


class _Made(NamedTuple):
    """A program and its numbers, and the backend that writes them."""

    backend: Backend
    program: Any
    given: Sequence[Tensor]
    arrays: Sequence[Array]


@dataclass(frozen=True)
class Form:
    """What a program of several files is called, and what it computes.

    Attributes:
        stem: What the files are called.
        name: What the names in them begin with; by default the stem.
        dtype: The type of the numbers, "float64" or "float32".
        results: What it returns, if not what programs of the language usually do.
        data: The file of the numbers, if they are to have one.
    """

    stem: str
    name: str = ""
    dtype: str = "float64"
    results: Results | None = None
    data: str = ""


def exported(
    derivation: Derivation,
    values: Values,
    title: str,
    to: str = "numpy",
    arrays: str = "",
    results: Results | None = None,
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
        results: What it returns, if not what modules of the language usually do.

    Raises:
        SymcnnError: If a name, a shape or a number is wrong, the language reads no .npz file, or
            its modules do not return such results.
    """
    made = _made(derivation, values, to, results)
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


def exported_files(
    derivation: Derivation, values: Values, title: str, to: str, form: Form
) -> dict[str, str]:
    """Return the texts of a program of several files, by the names of these.

    Args:
        derivation: What is computed.
        values: The numbers, by tensor name.
        title: What they are an example of.
        to: The language, one whose programs have several files.
        form: What the files and the names in them are called, and what they compute.

    Raises:
        SymcnnError: If a name, a shape or a number is wrong.
    """
    made = _made(derivation, values, to, form.results, form.dtype)
    assert made.backend.files is not None, "a language of several files is asked for"
    name = identifier(form.name or form.stem)
    return made.backend.files(made.program, made.arrays, title, form.stem, name, form.data)


def _made(
    derivation: Derivation,
    values: Values,
    to: str,
    results: Results | None = None,
    dtype: str = "float64",
) -> _Made:
    plan = plan_of(derivation)
    backend = chosen(languages()[to], plan)
    wanted = results or backend.results
    if wanted not in (backend.results, *backend.offers):
        offered = [f'"{known}"' for known in (backend.results, *backend.offers)]
        raise SymcnnError(
            f'programs of {to} do not return results="{wanted}": choose {" or ".join(offered)}'
        )
    if wanted != "all":
        plan = plan_of(derivation, wanted)
    spare = {tensor.name for tensor in derivation.network.given} - {t.name for t in plan.given}
    numbers = {name: value for name, value in values.items() if name not in spare}
    required(numbers, plan.given)
    arrays = [*float_arrays(numbers, plan.given, dtype).values()]
    return _Made(backend, backend.lowered(plan, dtype), plan.given, arrays)
