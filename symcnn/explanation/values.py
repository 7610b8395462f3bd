"""The values of all entries that a document prints."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from sympy import Expr, Float, Symbol

from symcnn.derivation import Derivation
from symcnn.equations import Tensor
from symcnn.evaluation import is_small
from symcnn.problems import Problem
from symcnn.programs import Program, lambdify
from symcnn.reference import Forward
from symcnn.values import Values
from symcnn.values.evaluation import Array


def printed_values(problem: Problem) -> Callable[[Symbol], Expr]:
    """Return the value of any entry: exact to 50 digits, or a float in large networks."""
    exact = problem.point.value
    if is_small(problem.derivation):
        return exact
    program = lambdify(problem.derivation)
    computed = program_values(problem.derivation, program, problem.values)
    locate = problem.derivation.entries.locate

    def value(symbol: Symbol) -> Expr:
        is_given = locate(symbol)[0].is_given
        return exact(symbol) if is_given else Float(computed(symbol))

    return value


def program_values(
    derivation: Derivation, program: Program, values: Values
) -> Callable[[Symbol], float]:
    """Return the value of any entry by the derived NumPy program."""
    evaluation = program(values)
    arrays = {
        **Forward(derivation.network, values).values,
        **evaluation.outputs,
        **{derivation.adjoints[name].name: g for name, g in evaluation.gradients.items()},
    }

    def value(symbol: Symbol) -> float:
        tensor, position = derivation.entries.locate(symbol)
        if tensor.name in arrays:
            return float(arrays[tensor.name][position])
        # Programs keep the derivatives by what is computed on the way to themselves.
        formula = derivation.entries.formula(symbol)
        return 0.0 if formula is None else float(formula.xreplace(numbers(formula)))

    def numbers(formula: Expr) -> dict[Symbol, Float]:
        return {symbol: Float(value(symbol)) for symbol in formula.free_symbols}

    return value


def printed_gradients(problem: Problem, value: Callable[[Symbol], Expr]) -> dict[str, Array]:
    """Return the gradients that the document prints, by the name of input or parameter."""
    tensors = problem.network.tensors.values()
    wanted = (t for t in tensors if t.role in ("input", "parameter"))
    return {t.name: _array(problem.derivation.adjoints[t.name], value) for t in wanted}


def _array(adjoint: Tensor, value: Callable[[Symbol], Expr]) -> Array:
    numbers = [float(value(adjoint.symbol(position))) for position in adjoint.positions()]
    return np.array(numbers).reshape(adjoint.shape)
