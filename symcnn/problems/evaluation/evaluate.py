"""The one call that evaluates a problem."""

from __future__ import annotations

from typing import Literal, overload

from symcnn.equations.values import Evaluation
from symcnn.errors import SymcnnError
from symcnn.problems import Problem, check_problem
from symcnn.problems.evaluation.exact import ExactEvaluation, exact_evaluation
from symcnn.programs.computing import computed
from symcnn.programs.lambdify import lambdify


@overload
def evaluate(
    problem: Problem, *, exact: Literal[False] = False, backend: str = "auto"
) -> Evaluation: ...


@overload
def evaluate(
    problem: Problem, *, exact: Literal[True], backend: str = "auto"
) -> ExactEvaluation: ...


def evaluate(
    problem: Problem, *, exact: bool = False, backend: str = "auto"
) -> Evaluation | ExactEvaluation:
    """Return the loss, every output and every gradient at the problem's numbers.

    Floating point rounds 0.2 + 0.4 + 0.6. Where two entries of a pooling window are equal,
    it may find one of them larger, and route the derivative to the wrong one.
    Exact evaluation does not round: a value is a rational number if only rational
    operations lead to it. Other values have 50 digits, all of them certain, since
    irrational numbers are enclosed between two decimals.

    Args:
        problem: A network with its numbers.
        exact: Whether to evaluate exactly, in SymPy numbers; only for small networks.
        backend: What computes in floating point; see ``lambdify``.

    Raises:
        SymcnnError: If a backend is given for exact evaluation, or is unknown.
        TooLargeError: If the network is too large to be evaluated exactly.
        NotFiniteError: If a number has no finite value, such as the logarithm of 0.

    >>> from symcnn.problems.examples import cnn_by_hand
    >>> float(evaluate(cnn_by_hand()).loss)
    0.03043124508096392
    >>> exact = evaluate(cnn_by_hand(), exact=True)
    >>> exact.outputs["conv1"][1, 0].tolist(), exact.loss
    ([3/20, 1/20, 1/10], 0.030431245080963900438544752845683212437545483312700)
    """
    check_problem(problem)
    if exact and backend != "auto":
        raise SymcnnError(f"backend = {backend!r} is for floating point: leave out exact, or it")
    if exact:
        return exact_evaluation(problem)
    program = lambdify(problem.derivation, backend)
    return computed(program, problem.derivation, problem.values)
