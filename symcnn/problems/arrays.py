"""Arrays in an .npz file beside a problem file, which names it under ``arrays``.

They stand there by the full names of tensors (x, conv1.weight, target). A float is the shortest
decimal that is read as it: 0.1 is exactly 1/10, as in the problem file itself.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from symcnn.equations import Tensor
from symcnn.equations.values import Array, Row, exact, known
from symcnn.equations.values.archive import Archive, Header
from symcnn.equations.values.floats import LONG
from symcnn.errors import Mistakes, SymcnnError, located, shown
from symcnn.network.network import Network
from symcnn.problems.layouts import Kernels
from symcnn.problems.problem import Problem

_LARGEST = 8
"""The bytes of a number: a float of more would lose digits."""


class Arrays:
    """The arrays that a problem file names, or none.

    Attributes:
        name: The file as the problem file calls it; the empty text stands for none.
        kernels: How kernels are written, in this file as in the problem file.
    """

    def __init__(
        self, name: str = "", folder: Path | None = None, kernels: Kernels | None = None
    ) -> None:
        """Read what the file says of its arrays; no numbers yet."""
        self.name = name
        self.kernels = kernels or Kernels()
        self._archive: Archive | None = None
        if name:
            with located(name):
                self._archive = Archive((folder or Path()) / name)

    def check(self, network: Network) -> None:
        """Refuse names that the network has not, and what does not fit, before it is read.

        Raises:
            SymcnnError: A line for each array with its name and the remedy.
        """
        if self._archive is None:
            return
        tensors, mistakes = {tensor.name: tensor for tensor in network.given}, Mistakes()
        with located(self.name):
            before = "the network takes no numbers for "
            with mistakes.collected():
                self._archive.check_names(
                    tensors, lambda name: f"{before}{shown(name)}: {known(name, [*tensors])}"
                )
            known_names = [name for name in self._archive.names if name in tensors]
            for name, header in self._archive.headers(known_names).items():
                with mistakes.collected():
                    self._check(header, tensors[name])
            mistakes.end()

    def holds(self, tensor: Tensor) -> bool:
        """Tell whether the numbers of a tensor are there."""
        return self.has(tensor.name)

    def has(self, name: str) -> bool:
        """Tell whether an array of some name is there."""
        return self._archive is not None and name in self._archive.names

    def numbers(self, tensor: Tensor) -> Array | list[float]:
        """Return the numbers of a tensor in row-major order; a long array stays one."""
        assert self._archive is not None
        with located(self.name):
            array = self._archive.array(tensor.name).ravel()
            wrong = np.flatnonzero(~np.isfinite(array))
            if wrong.size:
                raise SymcnnError(
                    f"{tensor.name}, number {wrong[0] + 1}, is {array[wrong[0]]}: a finite number "
                    "is needed"
                )
        made: Array = self.kernels.ordered(array, tensor)
        return made if made.size >= LONG else made.tolist()

    def is_flat(self, tensor: Tensor) -> bool:
        """Tell whether the numbers of a tensor are there, and in one flat list."""
        if self._archive is None or not self.holds(tensor):
            return False
        return len(self._archive.headers([tensor.name])[tensor.name].shape) == 1

    def _check(self, header: Header, tensor: Tensor) -> None:
        """Refuse an array that is none of real numbers, or of another shape."""
        if header.dtype.kind not in "iuf" or header.dtype.itemsize > _LARGEST:
            raise SymcnnError(
                f"{tensor.name} is an array of {header.dtype}: save integers or floats of 64 bits "
                "at most"
            )
        self.kernels.check(header.shape, tensor)

    def remedy(self, tensor: Tensor) -> str:
        """Say how the numbers of a tensor get there, in front of what else can be done."""
        return f"save {tensor.name} in {self.name}, or " if self.name else ""


def apart(problem: Problem) -> dict[str, Array]:
    """Return the given numbers as arrays, those that read back as exactly the same.

    What no float holds, such as 1/3, is left out. Roots and logarithms are rounded, as in a
    problem file.
    """
    made = {tensor.name: _array(problem, tensor) for tensor in problem.network.given}
    return {name: array for name, array in made.items() if array is not None}


def _array(problem: Problem, tensor: Tensor) -> Array | None:
    entries = problem.values[tensor.name]
    if isinstance(entries, Row):
        return entries.array.reshape(tensor.shape)
    floats = [float(entry) for entry in entries]
    pairs = zip(entries, floats, strict=True)
    if any(entry.is_Rational and exact(number, "") != entry for entry, number in pairs):
        return None
    return np.array(floats).reshape(tensor.shape)
