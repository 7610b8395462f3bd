"""Programs of C, compiled together with a main function that prints what they compute."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from shutil import which
from typing import Any, NamedTuple

import numpy as np
import pytest

import symcnn as sc
from symcnn import limits
from symcnn.equations.values import float_arrays
from symcnn.programs.backends.c.backend import BACKEND
from symcnn.programs.backends.c.program import Member, Program
from symcnn.programs.plans.plan import Results, plan_of

GCC = which("gcc") or which("cc")
CPP = which("g++")

needs_gcc = pytest.mark.skipif(GCC is None, reason="needs a C compiler, gcc or cc")
needs_cpp = pytest.mark.skipif(CPP is None, reason="needs g++")

STRICT = [
    "-std=c99",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-pedantic",
    "-O2",
    "-Wdouble-promotion",
    "-Wshadow",
]
SANITIZED = ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]


class Written(NamedTuple):
    """A program with its files."""

    name: str
    program: Program
    files: Mapping[str, str]
    main: str


def written(
    derivation: sc.Derivation,
    values: Mapping[str, Any],
    name: str = "model",
    *,
    dtype: str = "float64",
    way: str = "auto",
    results: Results = "all",
    data: str = "",
) -> Written:
    """Write a program, entry by entry ("entries"), as loops ("loops"), or as it is."""
    plan = plan_of(derivation, results)
    usual = limits.USUAL_SCALAR_TERMS
    limits.USUAL_SCALAR_TERMS = {"entries": limits.SCALAR_TERMS, "loops": 0}.get(way, usual)
    try:
        program = BACKEND.lowered(plan, dtype)
    finally:
        limits.USUAL_SCALAR_TERMS = usual
    numbers = {tensor.name: values[tensor.name] for tensor in plan.given}
    arrays = [*float_arrays(numbers, plan.given, dtype).values()]
    files = BACKEND.files(program, arrays, "an example", name, name, data)
    return Written(name, program, files, "\n".join(_main(name, program)))


def _main(name: str, program: Program) -> Iterator[str]:
    """Write a function that prints all results, with dirty memory beforehand."""
    real = program.real.name
    yield f"static {name}_workspace {name}_w;"
    yield f"static {real} {name}_o[{program.output.size}];"
    if program.both is not None:
        yield f"static {name}_gradients {name}_g;"
    yield f"static void run_{name}(void) {{"
    yield f"  memset(&{name}_w, 123, sizeof {name}_w);"
    if program.both is not None:
        yield f"  memset(&{name}_g, 123, sizeof {name}_g);"
        call = f"{name}_loss_and_gradients(&{name}_example, &{name}_g, &{name}_w)"
        yield f'  printf("%.17g ", (double){call});'
        yield f"  memset(&{name}_w, 124, sizeof {name}_w);"
        yield f'  printf("%.17g ", (double){name}_loss(&{name}_example, &{name}_w));'
    yield f"  memset(&{name}_w, 125, sizeof {name}_w);"
    yield f"  {name}_outputs(&{name}_example, {name}_o, &{name}_w);"
    yield from _printed(f"{name}_o", program.output)
    for member in program.gradients:
        yield from _printed(f"{name}_g.{member.name}", member)
    yield '  printf("\\n");\n}'


def _printed(array: str, member: Member) -> Iterator[str]:
    yield f'  for (long n = 0; n < {member.size}; n++) printf("%.17g ", (double){array}[n]);'


class Ran(NamedTuple):
    """What a program gives: the loss twice, the last output, and gradients by their names."""

    losses: tuple[float, ...]
    output: np.ndarray
    gradients: dict[str, np.ndarray]


def run(
    programs: Sequence[Written], folder: Path, flags: Sequence[str] = STRICT, compiler: str = ""
) -> list[Ran]:
    """Compile programs, run them, and return what they give at their own numbers."""
    head = "#include <stdio.h>\n#include <string.h>\n"
    head += "".join(f'#include "{made.name}.h"\n' for made in programs)
    body = "\n".join(made.main for made in programs)
    calls = "".join(f"  run_{made.name}();\n" for made in programs)
    files = {name: text for made in programs for name, text in made.files.items()}
    files["main.c"] = f"{head}\n{body}\nint main(void) {{\n{calls}  return 0;\n}}\n"
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    sources = [name for name in files if name.endswith(".c")]
    build([*flags, *sources, "-o", "run", "-lm"], folder, compiler)
    done = subprocess.run([folder / "run"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[:3000]
    lines = done.stdout.splitlines()
    return [_read(made.program, line) for made, line in zip(programs, lines, strict=True)]


def build(arguments: Sequence[str], folder: Path, compiler: str = "") -> None:
    """Call the compiler, which has nothing to say."""
    done = subprocess.run([compiler or GCC, *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[:3000]
    assert done.stderr == ""


def _read(program: Program, line: str) -> Ran:
    numbers = [float(word) for word in line.split()]
    losses = 0 if program.both is None else 2
    shapes = {member.about: member.shape for member in program.gradients}
    output = np.array(numbers[losses : losses + program.output.size])
    place, gradients = losses + program.output.size, {}
    for name, shape in shapes.items():
        size = int(np.prod(shape))
        gradients[name] = np.array(numbers[place : place + size]).reshape(shape)
        place += size
    assert place == len(numbers)
    return Ran(tuple(numbers[:losses]), output.reshape(program.output.shape), gradients)
