"""NumPy with what is no matrix product in C; for Python alone, which calls it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symcnn.equations.values.evaluation import Array
from symcnn.errors import SymcnnError
from symcnn.programs.backends import Backend
from symcnn.programs.backends.numpy.compiled.lowering import compiled
from symcnn.programs.backends.numpy.compiled.running import CompiledRunning


def _exported(listing: Any, arrays: Sequence[Array], title: str) -> str:
    raise SymcnnError('backend = "native" is for this machine: export to "numpy" or "c"')


BACKEND = Backend(compiled, _exported, CompiledRunning)
