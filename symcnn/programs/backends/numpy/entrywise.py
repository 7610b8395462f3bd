"""Entry by entry: an expression becomes NumPy's functions, one result after the other.

(1 - a^2) d    becomes    s = a*a,  s = 1 - s,  s = s*d    in one array s

so nothing is allocated; a second result that must wait gets a scratch array. What depends on
fewer loops is hoisted, that is computed over these alone, before the rest:

y[n, k] = (x[n, k] - m[k])/sqrt(V[k] + e)    becomes    s[k] = sqrt(V[k] + e),  y = (x - m)/s
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sympy import (
    Add,
    Dummy,
    Expr,
    Ge,
    Gt,
    Indexed,
    IndexedBase,
    Le,
    Lt,
    Mul,
    Piecewise,
    Pow,
    S,
    Symbol,
    exp,
    log,
    tanh,
)
from sympy.codegen.cfunctions import expm1, log1p

from symcnn.equations import accesses, fraction_of, is_divisor
from symcnn.equations.functions import Iverson, relu
from symcnn.equations.notation import Shape
from symcnn.programs.backends.numpy.arrays import Array, Formula, Grid, Operand
from symcnn.programs.backends.numpy.statements import Apply, Copy, CopyCases, Statement
from symcnn.programs.backends.numpy.strided import Strided, dense

_FUNCTIONS = {exp: "np.exp", expm1: "np.expm1", log: "np.log", log1p: "np.log1p", tanh: "np.tanh"}
_COMPARISONS = {Gt: "np.greater", Lt: "np.less", Ge: "np.greater_equal", Le: "np.less_equal"}

Reads = Mapping[Indexed, Strided]
"""Where the entries lie that an expression reads."""


def evaluate(
    value: Expr, reads: Reads, out: Strided, function: str | None = None
) -> list[Statement]:
    """Compute a value over all loops of ``out`` into it, or bring it there by a function.

    Args:
        value: The expression.
        reads: Where the entries lie that it reads.
        out: Where the result goes; it must not lie in an array that is read.
        function: What combines the result with what ``out`` holds; by default it is replaced.
    """
    value, reads, before = _prepared(value, reads)
    order = out.in_memory
    place = out.over(order, out.array, "_entries")
    grids = {read: a.over(order, a.array, "_at_", out.array) for read, a in reads.items()}
    expression = _Expression(grids, place.shape)
    if function is None:
        expression.into(value, place)
    else:
        share = expression.operand(value, None)
        expression.statements.append(Apply(function, (place, share), place))
    return [*before, *expression.statements]


def _prepared(value: Expr, reads: Reads) -> tuple[Expr, Reads, list[Statement]]:
    """Return a value after its parts over fewer loops were computed."""
    hoisting = _Hoisting(reads)
    value = hoisting.rest(value, hoisting.loops(value))
    places, before = dict(reads), list[Statement]()
    for entry, part in hoisting.parts.items():
        places[entry], computed = over_loops(part, reads, "hoisted")
        before += computed
    return value, {read: places[read] for read in accesses(value)}, before


def sizes_of(reads: Reads) -> dict[Symbol, int]:
    """Return the size of every loop that entries run over."""
    return {loop: n for access in reads.values() for loop, n in access.sizes.items()}


def over_loops(value: Expr, reads: Reads, *hint: Array | str) -> tuple[Strided, list[Statement]]:
    """Return where a value lies; what is no entry is computed, as its largest read lies."""
    if value in reads:
        return reads[value], []
    own = {read: reads[read] for read in accesses(value)}
    sizes = sizes_of(own)
    largest = max(own.values(), key=lambda access: access.size)
    rest = [loop for loop in sizes if loop not in largest.sizes]
    made = dense((*rest, *largest.in_memory), sizes, *hint)
    return made, evaluate(value, own, made)


class _Expression:
    """An expression on its way into arrays of one shape."""

    def __init__(self, grids: Mapping[Indexed, Grid], shape: Shape) -> None:
        self.statements: list[Statement] = []
        self._grids, self._shape, self._waiting = grids, shape, 0

    def into(self, value: Expr, place: Grid) -> None:
        """Compute the value into a place."""
        if self._is_there(value):
            self.statements.append(Copy(place, self.operand(value, place)))
        else:
            self._compute(value, place)

    def operand(self, value: Expr, place: Grid | None) -> Operand:
        """Return where a value is; what is nowhere is computed, into the place if given."""
        if value in self._grids:
            return self._grids[value]
        if value.is_number:
            return number_text(value)
        if place is None:
            place = _scratch(self._shape, self._waiting)
            self._waiting += 1
        self._compute(value, place)
        return place

    def _compute(self, value: Expr, place: Grid) -> None:
        """Apply what stands outermost in a value, after what stands inside of it."""
        if isinstance(value, Add):
            self._sum(value, place)
        elif isinstance(value, Mul):
            self._product(value, place)
        elif isinstance(value, Pow):
            self._power(value, place)
        elif value.func in _FUNCTIONS:
            self._apply(_FUNCTIONS[value.func], place, value.args[0])
        elif isinstance(value, relu):
            self._apply("np.maximum", place, value.args[0], S.Zero)
        elif _is_of_comparisons(value):
            self._bracket(value, place)
        else:
            self._written(value, place)

    def _apply(self, function: str, place: Grid, *arguments: Expr) -> None:
        """Apply a function; the first argument that needs computing may use the place."""
        waiting, free = self._waiting, [place]
        operands: list[Operand] = []
        for argument in arguments:
            computed = free and not self._is_there(argument)
            operands.append(self.operand(argument, free.pop() if computed else None))
        self.statements.append(Apply(function, tuple(operands), place))
        self._waiting = waiting

    def _sum(self, value: Add, place: Grid) -> None:
        """Add term after term; what has no name yet comes first, and needs no scratch."""
        terms = sorted(value.args, key=lambda term: (_sign(term) < 0, self._is_there(term)))
        first, *rest = terms
        functions = ("np.subtract" if _sign(term) < 0 else "np.add" for term in rest)
        magnitudes = (term * _sign(term) for term in rest)
        self._fold(first, zip(functions, magnitudes, strict=True), place)

    def _product(self, value: Mul, place: Grid) -> None:
        """Multiply factor by factor, then divide by the divisors."""
        over, under = fraction_of(value)
        factors = sorted((f for f in over if f != -1), key=self._is_there)
        first, *rest = factors or [S.One]
        steps = [("np.multiply", factor) for factor in rest]
        steps += [("np.divide", divisor) for divisor in under]
        result = self._fold(first, steps, place)
        if -1 in over:
            self.statements.append(Apply("np.negative", (result,), place))

    def _fold(self, first: Expr, steps: Iterable[tuple[str, Expr]], place: Grid) -> Operand:
        """Combine a value with others, each by its function; return where the result is."""
        result = self.operand(first, place)
        for function, other in steps:
            waiting = self._waiting
            operand = self.operand(other, place if result != place else None)
            self.statements.append(Apply(function, (result, operand), place))
            self._waiting, result = waiting, place
        return result

    def _power(self, value: Pow, place: Grid) -> None:
        """Square, take a root or divide where that is all: np.power is slow."""
        base, exponent = value.args
        if exponent == 2:
            self._apply("np.square", place, base)
        elif exponent == S.Half:
            self._apply("np.sqrt", place, base)
        elif is_divisor(value):
            self._apply("np.divide", place, S.One, base**-exponent)
        else:
            self._apply("np.power", place, base, exponent)

    def _bracket(self, value: Iverson, place: Grid) -> None:
        """Compare; of several comparisons, multiply the results."""
        first, *others = value.args
        if others:
            factors = [("np.multiply", Iverson(condition)) for condition in others]
            self._fold(Iverson(first), factors, place)
        else:
            self._apply(_COMPARISONS[first.func], place, *first.args)

    def _written(self, value: Expr, place: Grid) -> None:
        """Write out what is not one of NumPy's functions, as a whole."""
        reads = {read: self._grids[read] for read in accesses(value)}
        copied = CopyCases if value.has(Piecewise) else Copy
        self.statements.append(copied(place, Formula(value, reads)))

    def _is_there(self, value: Expr) -> bool:
        return value in self._grids or value.is_number


def _scratch(shape: Shape, number: int) -> Grid:
    """Return an array for results on the way; statements of one shape share it."""
    return Array(("scratch",), shape, key=("scratch", shape, number)).all


def _sign(term: Expr) -> int:
    number, _ = term.as_coeff_Mul()
    return -1 if number.is_negative else 1


def number_text(value: Expr) -> str:
    """Return the text of a number; Python's floats take the type of the arrays beside them."""
    return str(value if value.is_Rational else float(value))


def _is_of_comparisons(value: Expr) -> bool:
    """Tell whether a value is the bracket of comparisons that NumPy has."""
    return isinstance(value, Iverson) and all(c.func in _COMPARISONS for c in value.args)


class _Hoisting:
    """The parts that were taken out of an expression, by the entries in their places."""

    def __init__(self, reads: Reads) -> None:
        self.parts: dict[Indexed, Expr] = {}
        self._reads = reads

    def loops(self, part: Expr) -> frozenset[Symbol]:
        """Return the loops of a part."""
        return frozenset(loop for read in accesses(part) for loop in self._reads[read].sizes)

    def rest(self, part: Expr, every: frozenset[Symbol]) -> Expr:
        """Return what is left of a part that has all loops."""
        if isinstance(part, Pow) and part.exp.is_number:
            return self.rest(part.base, every) ** part.exp
        if not isinstance(part, Add | Mul):
            return part
        groups: dict[frozenset[Symbol], list[Expr]] = {}
        for argument in part.args:
            groups.setdefault(self.loops(argument), []).append(argument)
        left = [self.rest(argument, every) for argument in groups.pop(every, ())]
        left += groups.pop(frozenset(), ())
        return part.func(*left, *(self._taken_out(part.func(*own)) for own in groups.values()))

    def _taken_out(self, part: Expr) -> Expr:
        """Return the entry in the place of a part; one that is there, or its negative, stays."""
        if is_divisor(part):
            return self._taken_out(part.base**-part.exp) ** -1
        entry = part.as_coeff_Mul()[1]
        if entry in self._reads:
            return part
        made: Indexed = IndexedBase(Dummy("hoisted"))[0]
        self.parts[made] = part
        return made
