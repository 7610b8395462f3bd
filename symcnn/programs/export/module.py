"""A module to keep: a program's text with the example's numbers, which runs by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from symcnn.derivation import Derivation
from symcnn.equations import Tensor
from symcnn.equations.values import Array, Values, float_arrays, required
from symcnn.equations.values.archive import archived
from symcnn.errors import SymcnnError, expect, shown
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


CResults = Literal["gradients", "all", "training", "outputs"]
"""What a program of C returns."""

_STEM = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


def to_c(
    derivation: Derivation,
    values: Values,
    name: str = "model",
    *,
    dtype: Literal["float64", "float32"] = "float64",
    results: CResults = "gradients",
    title: str = "",
    data: bool = False,
) -> dict[str, str]:
    """Write the loss and its gradients as C99, with a static workspace.

        w <- w - rate * dL/dw:    L = model_loss_and_gradients(&values, &gradients, &workspace);
                                  model_step(&values, &gradients, rate);

    The source allocates nothing and needs the functions of math.h at most. Tensors on the way lie
    in a workspace, in the same memory where they are not needed at the same time. Arrays are
    flat, in row-major order.

    Args:
        derivation: The result of ``derive(network)``.
        values: Numbers by tensor name, which become the example of the program.
        name: What files, types and functions are called.
        dtype: The type of the numbers: float64 is C's double, float32 its float.
        results: "gradients" returns those with respect to the input and the parameters, "training"
            those with respect to the parameters alone; "all" returns those with respect to every
            layer's output and the outputs besides. "outputs" writes the forward pass alone, which
            takes no target.
        title: What the program is of, for its first line.
        data: Whether the numbers have a file of their own, model_data.c.

    Returns:
        The texts by the names of the files: ``model.c``, ``model.h``.

    Raises:
        SymcnnError: If an argument is wrong, or a name, a shape or a number.

    >>> import symcnn as sc
    >>> problem = sc.examples.cnn_by_hand()
    >>> files = sc.to_c(problem.derivation, problem.values, dtype="float32")
    >>> [*files]
    ['model.c', 'model.h']
    """
    expect(derivation, Derivation, "the derivation", "give derive(network) or problem.derivation")
    if dtype not in ("float64", "float32"):
        raise SymcnnError(f'dtype = {dtype!r} is unknown: choose "float64" or "float32"')
    file = f"{name}_data.c" if data else ""
    form = Form(checked_stem(name), "", dtype, results, file)
    return exported_files(derivation, values, title or name, "c", form)


def checked_stem(stem: str) -> str:
    """Return what files are called, if a source can include it as it is.

    Raises:
        SymcnnError: If it contains other than letters, digits, ``_``, ``-`` and full stops.
    """
    if not _STEM.fullmatch(stem):
        raise SymcnnError(
            f"a program of C cannot be called {shown(stem)}: use letters, digits, - and _ alone, "
            "as in model.c"
        )
    return stem
