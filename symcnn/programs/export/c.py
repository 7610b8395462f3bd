"""Programs of C: a source and a header, which need neither Python nor symcnn."""

from __future__ import annotations

import re
from typing import Literal

from symcnn.derivation import Derivation
from symcnn.equations.values import Values
from symcnn.errors import SymcnnError, expect, shown
from symcnn.programs.export.module import Form, exported_files

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
