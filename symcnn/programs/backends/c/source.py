"""The source: helpers, functions and the numbers of the example."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import numpy as np

from symcnn.equations.values.evaluation import Array
from symcnn.programs.backends.c.bodies import Body
from symcnn.programs.backends.c.header import GRADIENTS, LOSS, OUTPUTS, signatures
from symcnn.programs.backends.c.language import Real, inside_comment
from symcnn.programs.backends.c.program import Program
from symcnn.writing.wrapping import filled

_RUNTIME = Path(__file__).with_name("runtime")

_OF_DOUBLES = re.compile(r"\b(exp|fabs|log|log1p|erfc)(?=\()|\bdouble\b|(?<=\d)\.(\d+)")

_OF_LIBRARY = re.compile(
    r"\b(INFINITY|(?:a?(?:cos|sin|tan)h?|atan2|cbrt|erfc?|exp2?|expm1|fabs|fm(?:ax|in|od)|hypot|"
    r"log(?:10|1p|2)?|pow|sqrt|floor|ceil|[lt]gamma)f?(?=\())"
)


_INDEPENDENT = """
/* In front of a loop whose rounds do not depend on each other. */
#if defined(__GNUC__) && !defined(__clang__)
#define INDEPENDENT _Pragma("GCC ivdep")
#else
#define INDEPENDENT
#endif
"""


def source_text(program: Program, name: str, header: str, title: str, numbers: str = "") -> str:
    """Return the text of the source.

    Args:
        program: The program.
        name: An identifier, with which all names begin.
        header: The file of the header.
        title: What it computes the gradients of.
        numbers: The definition of the example, where it stands in the source.
    """
    functions = [*_functions(program, name)]
    helpers = helpers_called("\n".join(functions), program.real)
    parts = [*helpers, *functions, *([numbers] if numbers else [])]
    math = "#include <math.h>\n" if any(map(_OF_LIBRARY.search, parts)) else ""
    math += _INDEPENDENT if any("INDEPENDENT" in part for part in functions) else ""
    about = f"/* {inside_comment(title)}. Each equation stands above its statements. */"
    return "\n".join([about, "", f'#include "{header}"', math, *parts])


def data_text(numbers: str, header: str, title: str) -> str:
    """Return the text of a file with the numbers alone."""
    return f'/* {inside_comment(title)}: the numbers. */\n\n#include "{header}"\n\n{numbers}'


def numbers_text(program: Program, name: str, arrays: Iterable[Array]) -> str:
    """Return the definition of the example."""
    rows = [_row(array, program.real) for array in arrays]
    return f"const {name}_values {name}_example = {{\n" + ",\n".join(rows) + "\n};\n"


def _row(array: Array, real: Real) -> str:
    kind = np.dtype(real.dtype).type
    numbers = (f"{kind(number)!s}{real.literal}" for number in array.ravel().tolist())
    return f"  {{ {filled(', '.join(numbers))} }}"


def _functions(program: Program, name: str) -> Iterator[str]:
    bodies = {GRADIENTS: program.both, LOSS: program.loss, OUTPUTS: program.outputs}
    for suffix, head in signatures(program, name).items():
        body = bodies.get(suffix)
        lines = _step(program) if body is None else [*_statements(program, suffix, body)]
        yield "\n".join([head, "{", *(f"  {line}".rstrip() for line in _split(lines)), "}", ""])


def _split(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield from line.splitlines() or [""]


def _statements(program: Program, suffix: str, body: Body) -> Iterator[str]:
    """Write a function's statements, and that it does not need some of its arguments."""
    words = set(re.findall(r"\w+", "\n".join(line for line in body.lines if "/*" not in line)))
    needed = {"values": "values", "workspace": "entries"}
    needed |= {GRADIENTS: {"gradients": "gradients"}}.get(suffix, {})
    yield from (f"(void){argument};" for argument, word in needed.items() if word not in words)
    if "entries" in words:
        yield f"{program.real.name} *const entries = workspace->entries;"
    yield from body.lines
    if body.loss and suffix != OUTPUTS:
        yield from ("", f"return {body.loss};")


def _step(program: Program) -> list[str]:
    """Write the step of every parameter."""
    lines: list[str] = []
    for moved, slope in program.parameters:
        entry = f"values->{moved.name}[entry] -= rate*gradients->{slope.name}[entry];"
        lines.append(f"for (long entry = 0; entry < {moved.size}; entry++) {entry}")
    return lines


def helpers_called(text: str, real: Real) -> list[str]:
    """Return the helpers that a text calls, those that they call before them."""
    wanted = set(re.findall(r"\b(\w+)\(", text))
    found = [_of(real, helper) for name, helper in _helpers().items() if name in wanted]
    counts = sorted({int(n) for n in re.findall(r"\blog_of_sum_(\d+)\(", text)})
    if counts and "larger" not in wanted:
        found.append(_of(real, _helpers()["larger"]))
    return found + [_of(real, _log_of_sum(count)) for count in counts]


@cache
def _helpers() -> dict[str, str]:
    """Return the functions that programs may call, for doubles, by their names."""
    paths = sorted(_RUNTIME.glob("*.c"))
    return {path.stem: path.read_text(encoding="utf-8") for path in paths}


def _log_of_sum(count: int) -> str:
    names = [f"t{number}" for number in range(count)]
    most = names[0]
    for other in names[1:]:
        most = f"larger({most}, {other})"
    sums = " + ".join(f"exp({name} - most)" for name in names)
    arguments = ", ".join(f"double {name}" for name in names)
    return (
        "/* Return log(exp(t0) + exp(t1) + ...); the largest is taken out: nothing overflows. */\n"
        f"static double log_of_sum_{count}({filled(arguments)})\n{{\n"
        f"  const double most = {filled(most)};\n"
        f"  return most + log({filled(sums)});\n}}\n"
    )


def _of(real: Real, helper: str) -> str:
    """Return a helper for a type of numbers."""
    if not real.suffix:
        return helper
    code = helper.partition("*/\n")
    spelled = _OF_DOUBLES.sub(lambda found: _in_float(found), code[2])
    return code[0] + code[1] + spelled


def _in_float(found: re.Match[str]) -> str:
    text = found.group()
    if text == "double":
        return "float"
    return f"{text}F" if text.startswith(".") else f"{text}f"
