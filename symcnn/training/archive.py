"""Arrays from an .npz file, as ``numpy.savez`` writes it; nothing in it is run as code."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from symcnn.errors import SymcnnError, shown
from symcnn.values.evaluation import Array

_REMEDY = "save it with numpy.savez(file, x=..., y=...)"


def arrays_of(path: str | Path) -> dict[str, Array]:
    """Return every array of an .npz file by its name.

    Raises:
        SymcnnError: If the file cannot be read, is something else, or holds objects that
            are no arrays of numbers.
    """
    try:
        return _arrays(Path(path))
    except SymcnnError:
        raise
    except OSError as error:
        reason = error.strerror or "it is damaged"
        raise SymcnnError(f"cannot read the file: {reason}: check its name") from None
    except MemoryError:
        raise SymcnnError("an array does not fit into memory: give fewer samples") from None
    except Exception:  # what a damaged header makes NumPy's parser raise has no end
        raise SymcnnError(f"this is not a valid .npz file: {_REMEDY}") from None


def _arrays(path: Path) -> dict[str, Array]:
    with path.open("rb") as file:
        loaded = np.load(file, allow_pickle=False)
        if not isinstance(loaded, np.lib.npyio.NpzFile):
            raise SymcnnError(f"the file contains a single array without a name: {_REMEDY}")
        with loaded:
            return {name: _array(loaded, name) for name in loaded.files}


def _array(loaded: np.lib.npyio.NpzFile, name: str) -> Array:
    """Return one array of the file; pickled objects are refused, not loaded."""
    try:
        array = loaded[name]
    except ValueError as error:
        if "pickle" not in str(error):
            raise
        raise SymcnnError(
            f"{shown(name)} contains Python objects, which are not read: save an array of numbers"
        ) from None
    if not isinstance(array, np.ndarray):  # a member of another kind comes as its bytes
        raise SymcnnError(f"{shown(name)} is not an array: {_REMEDY}")
    return array
