"""The texts of a program: the header, and the source with helpers, functions and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from symcnn.equations.values.evaluation import Array
from symcnn.programs.backends.c.bodies import Body
from symcnn.programs.backends.c.counts import Count
from symcnn.programs.backends.c.language import Real, comment, inside_comment
from symcnn.programs.backends.c.program import Member, Program
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


_LAYOUT = (
    "Arrays are flat, with the last axis varying fastest. Images are height x width x channels,",
    "kernels height x width x input channels x filters, weights of dense layers units x inputs.",
)

GRADIENTS, LOSS, OUTPUTS, STEP = "loss_and_gradients", "loss", "outputs", "step"
"""What follows the name of a program in the names of its functions."""


def header_text(program: Program, name: str, title: str) -> str:
    """Return the text of the header.

    Args:
        program: The program.
        name: An identifier, with which all names begin.
        title: What the program computes the gradients of; it is text, whatever it holds.
    """
    guard = f"{name.upper()}_H"
    opening = [f"#ifndef {guard}", f"#define {guard}", "", "#ifdef __cplusplus", 'extern "C" {']
    closing = ["#ifdef __cplusplus", "}", "#endif", "", "#endif"]
    parts = (_about(program, title), [*opening, "#endif"], *_declared(program, name), closing)
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def signatures(program: Program, name: str) -> dict[str, str]:
    """Return the heads of all functions, by what follows the program's name."""
    real, values = program.real.name, f"const {name}_values *values"
    workspace = f"{name}_workspace *workspace"
    outputs = f"void {name}_{OUTPUTS}({values}, {real} *output, {workspace})"
    if program.both is None:
        return {OUTPUTS: outputs}
    gradients = f"{name}_gradients *gradients"
    heads = {
        GRADIENTS: f"{real} {name}_{GRADIENTS}({values}, {gradients}, {workspace})",
        LOSS: f"{real} {name}_{LOSS}({values}, {workspace})",
        OUTPUTS: outputs,
    }
    if program.parameters:
        moved = f"{name}_values *values, const {gradients}, {real} rate"
        heads[STEP] = f"void {name}_{STEP}({moved})"
    return heads


def _about(program: Program, title: str) -> Iterable[str]:
    """Say what it is, and what it needs of a machine."""
    what = "outputs" if program.both is None else "loss, its gradients and its outputs"
    yield f"/* {inside_comment(f'{title}: the {what}.')}"
    yield ""
    yield from (f"   {line}" for line in _LAYOUT)
    yield ""
    yield from (f"   {line}" for line in _needs(program))
    yield "*/"


def _needs(program: Program) -> Iterator[str]:
    size = program.real.size
    values, gradients = (_bytes(m, size) for m in (program.values, program.gradients))
    parts = [f"values {values:,}", f"workspace {max(program.entries, 1) * size:,}"]
    if program.both is not None:
        parts.insert(1, f"gradients {max(gradients, size):,}")
    yield f"RAM, in bytes: {', '.join(parts)}. Nothing is allocated."
    code = sum(body.code for body in program.bodies)
    yield f"Flash, in bytes: example {values:,}, code about {_rounded(code):,}, without math.h's,"
    yield "on a Cortex-M4 with -Os."
    for suffix, body in zip((GRADIENTS, LOSS, OUTPUTS), _in_order(program), strict=True):
        if body is not None:
            yield f"{suffix}: {_work(body.count)}."


def _in_order(program: Program) -> Sequence[Body | None]:
    return program.both, program.loss, program.outputs


def _work(count: Count) -> str:
    calls = f", calls of functions such as exp: {count.calls:,}" if count.calls else ""
    return f"{count.products:,} multiplications and divisions{calls}"


def _rounded(number: int) -> int:
    """Return a number to two digits."""
    return int(float(f"{number:.1e}"))


def _bytes(members: Iterable[Member], size: int) -> int:
    return size * sum(member.size for member in members)


def _declared(program: Program, name: str) -> Iterator[Sequence[str]]:
    """Run over the structures and the functions."""
    entries, real = max(program.entries, 1), program.real.name
    yield _structure(program, program.values, f"{name}_values", "What numbers are given for.")
    if program.both is not None:
        about = "The derivatives of the loss, with respect to the tensors of these names."
        yield _structure(program, program.gradients, f"{name}_gradients", about)
    upper = f"{name.upper()}_WORKSPACE_ENTRIES"
    yield [
        comment("Memory for what is on the way; nothing in it need be set, nor is it kept."),
        f"#define {upper} {entries}",
        f"typedef struct {{ {real} entries[{upper}]; }} {name}_workspace;",
    ]
    yield [comment("The numbers of the problem."), f"extern const {name}_values {name}_example;"]
    for suffix, head in signatures(program, name).items():
        yield [*map(comment, _meaning(program, suffix)), f"{head};"]


def _structure(program: Program, members: Sequence[Member], name: str, about: str) -> Sequence[str]:
    rows = [f"  {_in_header(program, member)}" for member in members]
    rows = rows or [f"  {program.real.name} none[1];"]
    return [comment(about), "typedef struct {", *rows, f"}} {name};"]


def _in_header(program: Program, member: Member) -> str:
    shape = " x ".join(map(str, member.shape))
    whole = f", whole numbers from 0 to {member.length - 1}" if member.length else ""
    described = comment(f"{member.about}: {shape}{whole}")
    return f"{program.real.name} {member.name}[{member.size}]; {described}"


def _meaning(program: Program, suffix: str) -> Iterable[str]:
    output = program.output
    shape = " x ".join(map(str, output.shape))
    return {
        GRADIENTS: ["Return the loss, and write its gradients."],
        LOSS: ["Return the loss."],
        OUTPUTS: [f"Write the output of {output.about}, an array of {shape}."],
        STEP: ["Move every parameter against its gradient, w - rate * dL/dw."],
    }[suffix]
