"""Loss and gradient as functions of one vector, for optimizers of others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symcnn.equations import Tensor
from symcnn.equations.notation import dimensions
from symcnn.equations.values import Array, float_arrays
from symcnn.errors import SymcnnError, expect
from symcnn.problems.problem import Problem, check_problem
from symcnn.programs.lambdify import lambdify
from symcnn.programs.program import Program


@dataclass(frozen=True, eq=False)
class Flat:
    """The loss of a network, and its gradient, as functions of one vector of its parameters.

    The vector has the entries of the parameters row by row, one parameter after the other. Called
    with it, this returns the loss and the gradient, a vector of the same length, as the functions
    of ``scipy.optimize`` take them.

    Attributes:
        program: What computes.
        values: The numbers of everything given.
        parameters: The parameters in the vector, in its order.
    """

    program: Program
    values: Mapping[str, Array]
    parameters: tuple[Tensor, ...]

    @property
    def start(self) -> Array:
        """The vector of the given parameters."""
        return self.pack(self.values)

    def __call__(self, vector: Array) -> tuple[float, Array]:
        """Return the loss and its gradient at a vector.

        Raises:
            SymcnnError: If it has another length, or a number is beyond floats.
        """
        made = self.program({**self.values, **self.unpack(vector)})
        return float(made.loss), self.pack(made.gradients)

    def pack(self, arrays: Mapping[str, Any]) -> Array:
        """Return the vector of arrays by the names of the parameters; others are left out.

        Raises:
            SymcnnError: If one is missing, or has another number of entries.
        """
        rows = []
        for tensor in self.parameters:
            if tensor.name not in arrays:
                raise SymcnnError(f"{tensor.name} is missing: give an array for each parameter")
            row = np.asarray(arrays[tensor.name], dtype=float).ravel()
            if row.size != tensor.size:
                remedy = f"give {tensor.size:,}"
                raise SymcnnError(f"{tensor.name} has {row.size:,} entries: {remedy}")
            rows.append(row)
        return np.concatenate(rows)

    def unpack(self, vector: Array) -> dict[str, Array]:
        """Return the parameters in a vector, by name.

        Raises:
            SymcnnError: If it has another length.
        """
        row, sizes = np.asarray(vector, dtype=float), [int(t.size) for t in self.parameters]
        if row.shape != (sum(sizes),):
            shape = dimensions(row.shape) or "of one number"
            raise SymcnnError(f"the vector has the shape {shape}, but {sum(sizes):,} is needed")
        parts = np.split(row, np.cumsum(sizes)[:-1])
        named = zip(self.parameters, parts, strict=True)
        return {tensor.name: part.reshape(tensor.shape) for tensor, part in named}


def flat(of: Problem | Program, values: Mapping[str, Any] | None = None) -> Flat:
    """Return loss and gradient as functions of one vector of all parameters.

    Args:
        of: A problem, or the program that ``lambdify`` makes of a derivation.
        values: Numbers by name, of parameters as well; not needed with a problem.

    Raises:
        SymcnnError: If numbers are missing, or there is no parameter.

    >>> from symcnn.problems.examples import cnn_by_hand
    >>> made = flat(cnn_by_hand())
    >>> loss, gradient = made(made.start)
    >>> round(loss, 6), gradient.shape
    (0.030431, (9,))
    """
    if not isinstance(of, Program):
        check_problem(of)
        program, numbers = lambdify(of.derivation), of.values if values is None else values
    else:
        expect(values, Mapping, "values", "give the numbers by name, flat(program, values)")
        assert values is not None
        program, numbers = of, values
    parameters = tuple(tensor for tensor in program.given if tensor.role == "parameter")
    if not parameters:
        raise SymcnnError("the vector would be empty: the network has no parameter")
    return Flat(program, float_arrays(numbers, program.given), parameters)
