"""Functions of programs against 40 digits, over the range of floats and at its ends."""

import subprocess

import mpmath
import pytest
import sympy
from sympy import Symbol

from symcnn import SymcnnError
from symcnn.equations.functions import Iverson, maximum
from symcnn.programs.backends.c.language import REALS, printer_of
from symcnn.programs.backends.c.source import helpers_called
from symcnn.programs.backends.straight.functions import log_of_sum
from tests.programs.backends.c.compiled import STRICT, build, needs_gcc
from tests.programs.backends.javascript.test_functions import FUNCTIONS, cube, strange

Z, Y = Symbol("z", real=True), Symbol("y", real=True)

RIGHT = {"normal_cdf": 3e-13}
"""The error of z/sqrt(2) is multiplied by z^2 in the tail, as in Python's programs."""


def printer(dtype="float64"):
    return printer_of(REALS[dtype], 10)(None)


def values(rows, folder, dtype="float64"):
    """Compile texts in z, and return their values at numbers."""
    real = REALS[dtype]
    functions, calls = [], []
    for number, (text, numbers) in enumerate(rows):
        head = f"static {real.name} f{number}({real.name} z, {real.name} y)"
        functions.append(f"{head}\n{{ (void)y; return {text}; }}")
        calls += [
            f'printf("%.17g\\n", (double)f{number}({z!r}{real.literal}, 0.5{real.literal}));'
            for z in numbers
        ]
    included = ["#include <math.h>", "#include <stdio.h>"]
    body = [*helpers_called("\n".join(functions), real), *functions]
    main = ["int main(void)\n{", *calls, "return 0;\n}"]
    (folder / "f.c").write_text("\n".join([*included, *body, *main]))
    build([*STRICT, "-O0", "f.c", "-o", "f", "-lm"], folder)
    done = subprocess.run([folder / "f"], capture_output=True, text=True, check=True)
    made = iter([float(line) for line in done.stdout.split()])
    return [[next(made) for _ in numbers] for _, numbers in rows]


@needs_gcc
def test_functions_are_right_to_1e_14(tmp_path):
    rows = [(printer().code(f), [float(z) for z in zs]) for f, zs, _ in FUNCTIONS.values()]
    with mpmath.workdps(40):
        for (name, (_, _, exact)), (_, zs), made in zip(
            FUNCTIONS.items(), rows, values(rows, tmp_path), strict=True
        ):
            for z, value in zip(zs, made, strict=True):
                expected = exact(mpmath.mpf(z))
                scale = abs(expected) + 1e-300
                assert abs(value - expected) <= RIGHT.get(name, 1e-14) * scale, (name, z, value)


@needs_gcc
def test_floats_are_of_32_bits_throughout(tmp_path):
    """No constant is a double, which -Wdouble-promotion would tell; near 0, where all is tame."""
    names = [name for name in FUNCTIONS if name not in ("acosh", "log", "powers")]
    numbers = [0.25, 0.625, -0.125]
    rows = [(printer("float32").code(FUNCTIONS[name][0]), numbers) for name in names]
    for name, made in zip(names, values(rows, tmp_path, "float32"), strict=True):
        for z, value in zip(numbers, made, strict=True):
            assert value == pytest.approx(float(FUNCTIONS[name][2](z)), rel=1e-6), name


@needs_gcc
def test_maxima_pass_on_what_is_no_number(tmp_path):
    expressions = [maximum(Z, Y, 0), maximum(Y, Z), maximum(Z, Y, -1, -2), log_of_sum(Z, Y, 1)]
    rows = [(printer().code(expression), [0.0, 2.0]) for expression in expressions]
    rows.append(("larger(z/0.0, y) + larger(y, z/0.0)", [0.0]))
    *maxima, sums, nothing = values(rows, tmp_path)
    assert maxima == [[0.5, 2], [0.5, 2], [0.5, 2]]
    for z, value in zip([0, 2], sums, strict=True):
        assert value == pytest.approx(
            float(mpmath.log(sum(map(mpmath.exp, [z, 0.5, 1])))), rel=1e-15
        )
    assert nothing[0] != nothing[0]


class named(sympy.Function):  # noqa: N801
    def _ccode(self, printer):
        return f"hypot({printer._print(self.args[0])}, 1)"


def test_a_function_of_the_user_is_its_definition_or_says_how_it_is_written():
    assert printer().code(2 * cube(Z)) == "2*(pow(z, 3))"
    assert printer("float32").code(cube(Z) / 3) == "(1.0F/3.0F)*(powf(z, 3))"
    assert printer().code(named(Z)) == "hypot(z, 1)"
    with pytest.raises(SymcnnError) as caught:
        printer().code(1 + strange(Z))
    assert str(caught.value) == (
        "strange cannot be written in C: derive the function from DefinedFunction, or give it a "
        "method _ccode(printer)"
    )


def test_numbers_and_cases():
    assert printer().code(10**20 * Z) == "1e+20*z"
    assert printer("float32").code(sympy.Rational(1, 10**9) * Z) == "(1e-09F)*z"
    a, b = Symbol("a", real=True), Symbol("b", real=True)
    cases = sympy.Piecewise((Z, (a < 0) | ((a > 1) & (b > 1))), (1, True))
    assert printer().code(cases) == "(a > 1 && b > 1) || a < 0 ? z : 1"
    assert printer().code(-Iverson(sympy.Eq(a, Z), a > 1)) == "-(a == z && a > 1 ? 1 : 0)"
