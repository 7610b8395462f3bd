"""Sums of products: factors grouped by their loops, then one einsum."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from string import ascii_letters

from sympy import Expr, Symbol

from symcnn.equations import Equation, Guard, by_loops, further_guards, zeros_of
from symcnn.programs.backends.jax.builder import Builder
from symcnn.programs.backends.jax.operands import Loops, Operand


def sum_of(builder: Builder, equation: Equation, value: Expr) -> Operand:
    """Return one addend of an equation, summed over the reduced loops.

    The axes of the result are loops of the target; a loop that it does not depend on
    is left out.
    """
    factor, product = value.as_coeff_Mul()
    factors = by_loops(product)
    masked = _masked(equation, product)
    operands = [
        builder.value(f, equation.sizes, "edge" if masked else "zeros") for f in factors.values()
    ]
    if masked:
        operands.append(builder.inside(masked, equation.sizes))
    return scaled(builder, factor * _repeats(equation, operands), _einsum(equation, operands))


def scaled(builder: Builder, factor: Expr, operand: Operand | None) -> Operand:
    """Return a number times an operand; without one, the number."""
    if operand is None:
        return builder.number(factor)
    if factor == 1:
        return operand
    return Operand(f"({builder.printer.code(factor)})*{operand.atom}", operand.loops, tight=False)


def _masked(equation: Equation, product: Expr) -> Sequence[Guard]:
    """Return the guards that need a mask, because padding a factor with zeros is not enough."""
    needed = further_guards(equation.guards, equation.target)
    return needed if further_guards(needed, *zeros_of(product)) else []


def _repeats(equation: Equation, operands: Sequence[Operand]) -> int:
    """Return how often reduced loops that no factor depends on repeat the sum."""
    held = {loop for operand in operands for loop in operand.loops}
    return prod(loop.size for loop in equation.reduced if loop.symbol not in held)


def _einsum(equation: Equation, operands: Sequence[Operand]) -> Operand | None:
    """Return the product of operands, summed over the reduced loops that they have."""
    if not operands:
        return None
    held = [s for s in equation.sizes if any(s in operand.loops for operand in operands)]
    reduced = {loop.symbol for loop in equation.reduced}
    kept = tuple(s for s in held if s not in reduced)
    if len(kept) == len(held):
        return _product(operands, kept)
    letters = _letters(held)
    every = (*(operand.loops for operand in operands), kept)
    *terms, result = ("".join(letters[loop] for loop in loops) for loops in every)
    arguments = ", ".join(operand.text for operand in operands)
    plan = ", optimize=True" if len(operands) > 1 else ""
    return Operand(f'jnp.einsum("{",".join(terms)}->{result}", {arguments}{plan})', kept)


def _product(operands: Sequence[Operand], kept: Loops) -> Operand:
    if len(operands) == 1:
        return operands[0]
    return Operand("*".join(operand.over(kept).atom for operand in operands), kept, tight=False)


def _letters(loops: Sequence[Symbol]) -> dict[Symbol, str]:
    """Assign every loop a letter for einsum: its own if it is a single letter."""
    own = {s: s.name for s in loops if len(s.name) == 1 and s.name in ascii_letters}
    spare = (letter for letter in ascii_letters if letter not in own.values())
    return {s: own.get(s) or next(spare) for s in loops}
