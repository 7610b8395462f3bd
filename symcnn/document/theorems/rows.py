"""Printing a theorem's formulas, and what each of them claims."""

from __future__ import annotations

from math import prod

from sympy import Expr, Indexed, Symbol

from symcnn import limits
from symcnn.derivation.statement import left_of
from symcnn.document.blocks import EQUAL, Row, Side
from symcnn.document.claims import Claim, Terms
from symcnn.document.context import Context
from symcnn.document.facts.letters import Letters
from symcnn.document.theorems.parts import EntryFormula, Part, slope
from symcnn.document.theorems.theorem import Theorem
from symcnn.equations import accesses, is_position
from symcnn.writing.formula import Fenced, Formula
from symcnn.writing.formula.build import joined, parenthesized, row, scripts, signed
from symcnn.writing.printing.mathematics import MathPrinter
from symcnn.writing.printing.names import named
from symcnn.writing.printing.subscripts import position


class AllAxes(MathPrinter):
    """Prints every axis that has an index, those of length 1 as well."""

    def part(self, part: Part, letters: Letters) -> Formula:
        """Print max or sum over the loops of the value, with a bracket for each condition."""
        reads = sorted(accesses(part.value), key=self.place)
        order = [s for read in reads for index in read.indices for s in letters.loops(index)]
        loops = sorted(part.over, key=[*order, *part.over].index)
        negative = part.value.could_extract_minus_sign()
        value = -part.value if negative else part.value
        whole = not (part.loops or part.conditions)
        body = self._print(value) if whole and not negative else self._operand(value)
        if loops:
            over = joined([named(loop.name) for loop in loops], ",")
            body = row(scripts(r"\max" if part.is_maximum else r"\sum", over), body)
        brackets = (self._equal(*condition) for condition in part.conditions)
        return row(*(("-",) if negative else ()), body, *brackets)

    def _equal(self, index: Expr, own: Symbol) -> Fenced:
        return Fenced("[", row(position(index, self._manner.base), "=", named(own.name)), "]")

    def _print_Indexed(self, expr: Indexed) -> Formula:
        if is_position(expr):
            return super()._print_Indexed(expr)
        axes = zip(expr.indices, expr.shape, strict=True)
        return self._indexed(expr, [index for index, n in axes if index.free_symbols or n != 1])

    def _print_slope(self, expr: slope) -> Formula:
        return row(r"\varphi", "'", parenthesized(self._print(expr.args[0])))


def formula_row(context: Context, made: Theorem, formula: EntryFormula) -> Row:
    """Return the row  left = sum of the parts, which claims what the equations send to entries."""
    entries, letters, function = context.derivation.entries, made.letters, made.function
    tensor, axes = context.derivation.tensors[formula.left.base], formula.left.indices

    def at(place: tuple[int, ...]) -> dict[Symbol, int]:
        free = {index: n for index, n in zip(axes, place, strict=True) if index.is_Symbol}
        return letters.case(free)

    indices = {tensor.symbol(place): at(place) for place in _places(formula)}
    loops = [{loop.symbol: loop.size for loop in part.loops} for part in formula.parts]
    forms = {index.symbol: index.form(letters.numbers) for index in letters.named_indices.values()}
    steep = None if function is None else (function.argument, function.slope)

    def right(symbol: Symbol) -> list[Expr]:
        return [entries.collected((part.equation for part in formula.parts), symbol)]

    printer = AllAxes(manner=context.manner)
    first, *rest = (printer.part(part, letters) for part in formula.parts)
    side = Side(EQUAL, (first, *map(signed, rest)))
    terms = Terms(loops, forms, letters.numbers, steep)
    left = left_of(printer, formula.tensor, formula.tensor[formula.left.indices], formula.left)
    return Row(left, (side,), Claim(tuple(indices), right, indices=indices, terms=terms))


def _places(formula: EntryFormula) -> list[tuple[int, ...]]:
    """Choose an entry in the middle, and the first and last unless that is much work."""
    shape = [int(size) for size in formula.left.shape]
    middle, ends = tuple(n // 2 for n in shape), (tuple(n - 1 for n in shape), (0,) * len(shape))
    work = sum(prod(loop.size for loop in part.loops) for part in formula.parts)
    return [middle] if work > limits.CHECKED_TERMS else list(dict.fromkeys([middle, *ends]))
