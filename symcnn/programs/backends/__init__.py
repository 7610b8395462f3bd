"""Backends: each writes a plan in one language and is independent of the others.

A backend is a folder, whose module ``backend`` holds a ``BACKEND``, and a line in the table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from symcnn import limits
from symcnn.errors import SymcnnError

if TYPE_CHECKING:
    from symcnn.equations.values.evaluation import Array
    from symcnn.programs.backends.python.running import Running
    from symcnn.programs.plans.plan import Plan, Results

BACKENDS = {
    "scalar": "symcnn.programs.backends.scalar.backend",
    "array": "symcnn.programs.backends.numpy.backend",
    "native": "symcnn.programs.backends.numpy.compiled.backend",
    "jax": "symcnn.programs.backends.jax.backend",
    "javascript": "symcnn.programs.backends.javascript.backend",
    "c": "symcnn.programs.backends.c.backend",
}
"""Where each one is; it is loaded when it is asked for."""

_BY_SIZE = ("scalar", "array")
_HERE_ALONE = (*_BY_SIZE, "native")


@dataclass(frozen=True)
class Backend:
    """How programs are written in one language.

    Attributes:
        lowered: Returns a plan's statements, for a type of numbers ("float64", "float32").
        exported: Returns the text of a program that runs by itself, for statements, the
            numbers of an example in the order of ``Plan.given``, and a title.
        running: What prints the module's text and calls its functions; None for a language
            that Python cannot call, which is for export only.
        needs: A package that has to be installed for that; an extra has its name.
        results: What the programs that run by themselves return.
        offers: What they can be asked to return instead.
        reading: Returns the text of such a program that reads its numbers from an .npz file, for
            statements, the names of the tensors in the order of ``Plan.given``, the file as
            seen from the program's own, and a title; None for a language that cannot.
        files: Returns the texts of a program of several files by their names, for statements,
            numbers, a title, what the files are called, the identifier that names begin with,
            and the file that the numbers are kept in, if any; None for one of one file.
    """

    lowered: Callable[[Plan, str], Any]
    exported: Callable[[Any, Sequence[Array], str], str]
    running: type[Running] | None = None
    needs: str = ""
    results: Results = "all"
    offers: Sequence[Results] = ()
    reading: Callable[[Any, Sequence[str], str, str], str] | None = None
    files: Callable[[Any, Sequence[Array], str, str, str, str], dict[str, str]] | None = None


class Counted(Protocol):
    """A plan or a network, as far as the choice of a backend needs to know it."""

    @property
    def terms(self) -> int:
        """The number of loop assignments of all equations."""


def languages() -> dict[str, str]:
    """Return the languages that modules are exported in, and which backend writes each."""
    return {"numpy": "auto"} | {name: name for name in BACKENDS if name not in _HERE_ALONE}


def chosen(name: str, plan: Counted) -> Backend:
    """Return a backend by its name; "auto" is that of single numbers for small plans.

    Raises:
        SymcnnError: If there is none of this name.
    """
    if name == "auto":
        name = _BY_SIZE[plan.terms > limits.USUAL_SCALAR_TERMS]
    if name not in BACKENDS:
        known = '"auto", ' + ", ".join(f'"{known}"' for known in BACKENDS)
        raise SymcnnError(f"backend = {name!r} is unknown: choose {known}")
    return import_module(BACKENDS[name]).BACKEND  # type: ignore[no-any-return]


def runnable(name: str, plan: Counted) -> Backend:
    """Return a backend whose programs Python can call.

    Raises:
        SymcnnError: If there is none of this name, if its language is for export only, or
            if the package that it needs is not installed.
    """
    backend = chosen(name, plan)
    if backend.running is None:
        raise SymcnnError(
            f"backend = {name!r} cannot be called from Python: use symcnn export --to {name}"
        )
    if backend.needs and not _is_installed(backend.needs):
        raise SymcnnError(
            f"backend = {name!r} needs {backend.needs}: pip install 'symcnn[{backend.needs}]'"
        )
    return backend


def _is_installed(package: str) -> bool:
    try:
        import_module(package)
    except ImportError:
        return False
    return True
