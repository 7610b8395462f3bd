"""Loading a .pt2 file: what can be refused is refused before PyTorch is imported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from symcnn.equations.values import Array
from symcnn.errors import SymcnnError
from symcnn.imports.choosing import check_input
from symcnn.imports.torch.allowed import COMPOSED, NAMES, functions
from symcnn.imports.torch.example import example
from symcnn.imports.torch.operators import TABLE, WORDS
from symcnn.imports.torch.parts import parts_of
from symcnn.imports.torch.program import Program
from symcnn.imports.torch.stated import PARTS, stated

if TYPE_CHECKING:
    from symcnn.imports.assembling import ImportOptions
    from symcnn.problems import Problem


def loaded(path: Path, x: Any, options: ImportOptions) -> Problem:
    """Return the problem of a file; its input is the given one, or its own example.

    Raises:
        SymcnnError: If the file cannot be read, or has no example, and see ``from_torch``.
    """
    with parts_of(path, PARTS) as parts:
        program = stated(parts, NAMES, {*TABLE, *WORDS, *COMPOSED}, options.output)
        given = example(parts) if x is None else _given(x, program)
        if given is None:
            raise SymcnnError("the program has no example of a single input: give an array x")
        import torch

        from symcnn.imports.torch.calls import Installed
        from symcnn.imports.torch.importing import made_of
        from symcnn.imports.torch.numbers import float64, usually_float64
        from symcnn.imports.torch.sizes import shapes_of

        program = replace(program, functions=Installed(functions()))
        with usually_float64():
            shapes = shapes_of(program, given)
            return made_of(program, float64(torch.from_numpy(given)), options, shapes=shapes)


def _given(x: Any, program: Program) -> Array:
    """Return an input as floats, or as integers where the program takes them, as an embedding."""
    check_input(array := np.asarray(x), program.input_shape)
    array = array.astype(np.float64)
    takes = next(a.numbers for a in program.arguments if a.read is None)
    whole = np.isfinite(array).all() and (array == array.round()).all()
    return array.astype(np.int64) if takes.startswith("int") and whole else array
