"""A program: the derivation as Python source, compiled, numbers in, numbers out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from threading import local
from types import CodeType
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from symcnn.derivation import Derivation
from symcnn.equations import Tensor
from symcnn.errors import SymcnnError
from symcnn.numeric.evaluation import Array, Evaluation
from symcnn.numeric.floats import float_arrays
from symcnn.numeric.listing import FUNCTION, Listing, module_text
from symcnn.numeric.operations import Operations, operations
from symcnn.numeric.plan import Plan, Results, plan_of
from symcnn.numeric.scalar import straight_line
from symcnn.values import Values

Backend = Literal["auto", "scalar", "array"]

FEW_TERMS = 500
"""Up to this many terms straight-line code is quicker to make and to run than arrays."""


@dataclass(frozen=True)
class Program:
    """The loss, all outputs and all gradients as a function of the numbers.

    Attributes:
        listing: The statements.
        given: The tensors that need numbers, in the order of the arguments.
        dtype: The type of the numbers, "float64" or "float32".
    """

    listing: Listing
    given: tuple[Tensor, ...]
    dtype: str = "float64"

    def __call__(self, values: Values) -> Evaluation:
        """Evaluate at numbers by the tensors' names: "x", "target", the parameters.

        Args:
            values: Nested lists, flat row-major lists or arrays.

        Raises:
            SymcnnError: If a name, a shape or a number is wrong.
        """
        outputs: dict[str, Array] = {}
        arguments = float_arrays(values, self.given, self.dtype)
        loss, gradients = self.function(*arguments, outputs=outputs)
        return Evaluation(loss, outputs, gradients)

    @cached_property
    def source(self) -> str:
        """The text of a module that imports NumPy alone and holds the one function."""
        return module_text(self.listing, self.dtype)

    @property
    def operations(self) -> Operations:
        """How many operations the forward pass and the gradients take."""
        return operations(self.listing)

    @property
    def function(self) -> Callable[..., tuple[float, dict[str, Array]]]:
        """The bare function: arrays in the order of ``given`` in, loss and gradients out.

        It checks nothing. Every thread has its own, because arrays are used again.
        """
        if not hasattr(self._of_thread, "function"):
            namespace: dict[str, Any] = {}
            exec(self._compiled, namespace)
            self._of_thread.function = namespace[FUNCTION]
        return self._of_thread.function  # type: ignore[no-any-return]

    @cached_property
    def _compiled(self) -> CodeType:
        return compile(self.source, "<symcnn>", "exec")

    @cached_property
    def _of_thread(self) -> local:
        return local()


def lambdify(
    derivation: Derivation,
    backend: Backend = "auto",
    *,
    dtype: npt.DTypeLike = "float64",
    results: Results = "all",
) -> Program:
    """Turn a derivation into a NumPy program.

    Args:
        derivation: What ``derive(network)`` returned.
        backend: "scalar" writes one statement for each entry, the fastest for a
            handful of numbers; "array" one for each equation; "auto" chooses by size.
        dtype: The type of the numbers, float64 or float32. The scalar backend computes in
            Python's floats whatever it hands out.
        results: "all" hands out every layer's output and every gradient; "training" the
            last layer's output and the gradients by the parameters. The program for
            training leaves out what these do not need, and is faster: no gradient by the
            input, and an increasing function before a maximum is applied after it.
    """
    kind = _checked_dtype(dtype)
    if results not in ("all", "training"):
        raise SymcnnError(f'results = {results!r} is not known: "all" and "training" are')
    plan = plan_of(derivation, results)
    return Program(listed(plan, backend, kind), plan.given, kind)


def _checked_dtype(dtype: npt.DTypeLike) -> str:
    name = np.dtype(dtype).name
    if name not in ("float64", "float32"):
        raise SymcnnError(f'dtype = {dtype!r} is not known: "float64" and "float32" are')
    return name


def listed(plan: Plan, backend: Backend, dtype: str = "float64") -> Listing:
    """Write a plan down with the one backend or the other."""
    if backend not in ("auto", "scalar", "array"):
        raise SymcnnError(f'backend = {backend!r} is not known: "auto", "scalar" and "array" are')
    if backend == "scalar" or (backend == "auto" and plan.terms <= FEW_TERMS):
        return straight_line(plan, dtype)
    # Loaded when it is needed: tiny networks are done before this would be imported.
    from symcnn.numeric.array import arrays

    return arrays(plan)
