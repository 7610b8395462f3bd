"""Files of weights, by the names and in the layouts of the source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from os import PathLike
from pathlib import Path

from symcnn.equations.values import Array
from symcnn.equations.values.archive import archived
from symcnn.errors import SymcnnError, shown
from symcnn.problems.problem import Problem
from symcnn.problems.write import write_file


def _safetensors(arrays: Mapping[str, Array]) -> bytes:
    if find_spec("safetensors") is None:
        raise SymcnnError('this needs safetensors: pip install "symcnn[safetensors]"')
    from safetensors.numpy import save

    content: bytes = save({n: a.copy(order="C") for n, a in arrays.items()}, {"format": "pt"})
    return content


_KINDS: Mapping[str, Callable[[Mapping[str, Array]], bytes]] = {
    ".safetensors": _safetensors,
    ".npz": archived,
}


def check_weights(path: str | PathLike[str]) -> None:
    """Refuse a file that is called like no file of weights.

    Raises:
        SymcnnError: Says what it can be called.
    """
    if Path(path).suffix.lower() not in _KINDS:
        raise SymcnnError(f"{shown(str(path))} ends in neither {' nor '.join(_KINDS)}: choose one")


def save_weights(problem: Problem, path: str | PathLike[str]) -> None:
    """Write the weights of a problem; see ``Training.save``.

    Raises:
        SymcnnError: See ``Training.save``.
    """
    write_file(Path(path), content_of_weights(problem, path))


def content_of_weights(problem: Problem, path: str | PathLike[str]) -> bytes:
    """Return the content of such a file.

    Raises:
        SymcnnError: See ``Training.save``.
    """
    check_weights(path)
    return _KINDS[Path(path).suffix.lower()](problem.state_dict())
