"""Whether a loss can be negative, read off the signs of its terms.

A square is never negative. Neither is -t log p, where p is a probability, a number between 0 and
1, and t a target that is not negative. Probabilities are entries of a softmax, and values of the
logistic function or of the normal distribution function.
"""

from __future__ import annotations

from math import prod

from sympy import Expr, Indexed, log

from symcnn.document.context import Context
from symcnn.document.facts.patterns import definition, softmax
from symcnn.document.story.usual import holds
from symcnn.equations import Equation, Mean, Sum
from symcnn.equations.functions import normal_cdf, sigmoid


def is_never_negative(context: Context) -> bool:
    """Tell whether no number that the loss can be is negative; False if that is not known."""
    stage, network = context.derivation.network.loss_stage, context.derivation.network
    ways = [stage.equations]
    if stage.given is not None and all(
        holds(context, condition) for condition in network.loss.supposes(stage.given)
    ):
        ways.append(stage.usual)
    own = ([e for e in way if e.target.base == stage.loss.base] for way in ways)
    return any(way and all(_adds_up(context, equation) for equation in way) for way in own)


def _adds_up(context: Context, equation: Equation) -> bool:
    """Tell whether an equation adds terms none of which can be negative."""
    adds = isinstance(equation.reduction, Sum | Mean)
    return adds and _sign(context, equation.value) == 1


def _sign(context: Context, term: Expr) -> int:
    """Return 1 for a term that is never negative, -1 for one never positive, else 0."""
    if term.is_nonnegative or _is_fraction(context, term):
        return 1
    if term.is_nonpositive or (isinstance(term, log) and _is_fraction(context, term.args[0])):
        return -1
    signs = {_sign(context, part) for part in term.args} if term.is_Add else {0}
    if term.is_Mul:
        signs = {prod(_sign(context, part) for part in term.args)}
    return signs.pop() if len(signs) == 1 else 0


def _is_fraction(context: Context, number: Expr) -> bool:
    """Tell whether a number is known to lie between 0 and 1."""
    entry = 1 - number if number.is_Add else number
    return isinstance(entry, Indexed) and _is_probability(context, entry)


def _is_probability(context: Context, entry: Indexed) -> bool:
    """Tell whether the entries of a tensor lie between 0 and 1, as given or by their equation."""
    tensor, equations = context.derivation.tensors[entry.base], context.derivation.network.equations
    if tensor.role == "target":
        return all(0 <= context.value(tensor.symbol(at)) <= 1 for at in tensor.positions())
    made = definition(entry, equations)
    if made is None or made.reduced:
        return False
    if isinstance(made.value, Indexed):
        return _is_probability(context, made.value)
    is_share = softmax(made.value, equations) is not None
    return is_share or isinstance(made.value, sigmoid | normal_cdf)
