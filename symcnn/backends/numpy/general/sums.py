"""Sums of products: factors grouped by their loops, then one einsum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import ascii_letters

from sympy import Expr, Indexed, Mul, S, Symbol

from symcnn.backends.numpy.general.operands import Operand, atom, constant
from symcnn.backends.numpy.general.writer import Fill, Writer, left
from symcnn.backends.python.printing import array_code
from symcnn.equations import Equation, Guard, accesses


def sum_of(writer: Writer, equation: Equation, value: Expr) -> Operand:
    """Return one addend of an equation, summed over the reduced loops.

    The axes of the result are loops of the target; a loop that it does not depend on
    is left out.
    """
    number, product = value.as_coeff_Mul()
    factors = [f for f in Mul.make_args(product) if f != 1]
    masked = _masked(equation, factors)
    fill: Fill = "edge" if masked else "zeros"
    operands = [elementwise(writer, f, equation.sizes, fill) for f in _grouped(factors)]
    if masked:
        operands.append(writer.inside(masked, equation.sizes))
    return _scaled(number * _repeats(equation, operands), _einsum(equation, operands))


def elementwise(
    writer: Writer, value: Expr, sizes: Mapping[Symbol, int], fill: Fill = "zeros"
) -> Operand:
    """Return the value over all loops that it holds."""
    if isinstance(value, Indexed):
        return writer.read(value, sizes, fill)
    operands = {read: writer.read(read, sizes, fill) for read in accesses(value)}
    loops = tuple(s for s in sizes if any(s in operand.loops for operand in operands.values()))
    if len(operands) == 1:
        loops = next(iter(operands.values())).loops
    if not operands:
        return constant(array_code(value))
    texts = {read: Symbol(operand.over(loops)) for read, operand in operands.items()}
    return Operand(array_code(value.xreplace(texts)), loops)


def _grouped(factors: Sequence[Expr]) -> list[Expr]:
    """Multiply the factors that run over the same loops into one."""
    groups: dict[frozenset[Symbol], Expr] = {}
    for factor in factors:
        loops = frozenset(s for read in accesses(factor) for s in read.free_symbols)
        groups[loops] = groups.get(loops, S.One) * factor
    return list(groups.values())


def _masked(equation: Equation, factors: Sequence[Expr]) -> list[Guard]:
    """Return the guards that need a mask, because zeros around a factor do not do."""
    reads = [base for base, power in (f.as_base_exp() for f in factors) if power.is_positive]
    needed = left(equation.guards, equation.target)
    return needed if left(needed, *(read for read in reads if isinstance(read, Indexed))) else []


def _repeats(equation: Equation, operands: Sequence[Operand]) -> int:
    """Return how often a reduced loop that no factor depends on repeats the sum."""
    repeats = 1
    for loop in equation.reduced:
        if all(loop.symbol not in operand.loops for operand in operands):
            repeats *= loop.size
    return repeats


def _einsum(equation: Equation, operands: Sequence[Operand]) -> Operand | None:
    if not operands:
        return None
    held = [s for s in equation.sizes if any(s in operand.loops for operand in operands)]
    reduced = {loop.symbol for loop in equation.reduced}
    kept = tuple(s for s in held if s not in reduced)
    if len(kept) == len(held):
        return _product(operands, kept)
    letters = _letters(held)
    sides = (
        ",".join("".join(letters[s] for s in o.loops) for o in operands),
        "".join(letters[s] for s in kept),
    )
    arguments = ", ".join(operand.text for operand in operands)
    plan = ", optimize=True" if len(operands) > 1 else ""
    return Operand(f'np.einsum("{"->".join(sides)}", {arguments}{plan})', kept)


def _product(operands: Sequence[Operand], kept: tuple[Symbol, ...]) -> Operand:
    if len(operands) == 1:
        return operands[0]
    return Operand("*".join(atom(operand.over(kept)) for operand in operands), kept)


def _letters(loops: Sequence[Symbol]) -> dict[Symbol, str]:
    """Give every loop a letter for einsum: its own where it has one."""
    own = {s: s.name for s in loops if len(s.name) == 1 and s.name in ascii_letters}
    spare = (letter for letter in ascii_letters if letter not in own.values())
    return {s: own.get(s) or next(spare) for s in loops}


def _scaled(number: Expr, operand: Operand | None) -> Operand:
    text = array_code(number)
    if operand is None:
        return constant(text)
    if number == 1:
        return operand
    return Operand(f"{atom(text)}*{atom(operand.text)}", operand.loops)
