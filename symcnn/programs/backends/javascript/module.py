"""A program as data, and the text of a module: the program with the numbers of an example."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from symcnn.equations import Tensor
from symcnn.equations.values.evaluation import Array
from symcnn.programs.backends.javascript.language import JAVASCRIPT, comment, string, table
from symcnn.programs.backends.loops.language import Block
from symcnn.writing.wrapping import filled


@dataclass(frozen=True)
class Program:
    """A forward and backward pass, statement by statement.

    Attributes:
        given: The tensors that need numbers.
        indices: The lengths of the axes that the entries of some of them select from.
        unpack: Statements that read the rows of the given numbers.
        forward: The forward pass.
        backward: The gradients.
        further: What only the stages need.
        values: The rows of all tensors, by their names.
        derivatives: The rows of all gradients, by the names of their tensors.
        routings: The rows of the routings of maxima, by the names of these.
        winners: For every entry of a maximum, the place in its routing that is not 0.
        shapes: The shape of every tensor.
        outputs: The names of those that are outputs of layers.
        gradients: The names of those whose gradients are returned.
        has_loss: Whether the loss is computed; if not, there are no gradients.
    """

    given: Sequence[Tensor]
    indices: Mapping[str, int]
    unpack: Sequence[str]
    forward: Sequence[Block]
    backward: Sequence[Block]
    further: Sequence[Block]
    values: Mapping[str, str]
    derivatives: Mapping[str, str]
    routings: Mapping[str, str]
    winners: Mapping[str, str]
    shapes: Mapping[str, tuple[int, ...]]
    outputs: Sequence[str]
    gradients: Sequence[str]
    has_loss: bool = True


_TYPES = """/**
 * Numbers in the shape of a tensor: nested arrays, or typed ones.
 * @typedef {number | {readonly length: number, readonly [place: number]: Nested}} Nested
 */

/**
 * Numbers by the names of tensors.
 * @typedef {Readonly<Record<string, Nested>>} Values
 */

/**
 * All entries of tensors in row-major order, by the names of the tensors.
 * @typedef {object} Stages
 * @property {Record<string, Float64Array>} values the numbers of every tensor
 * @property {Record<string, Float64Array>} derivatives dL/dT, by the name of T
 * @property {Record<string, Float64Array>} routings for every maximum, 1 at the term that it
 *   takes and 0 elsewhere; one axis for each loop of its equation
 * @property {Record<string, Int32Array>} winners for every entry of a maximum, the place in its
 *   routing of the first largest term
 */
"""

_STAGES = """/**
 * Return everything on the way from the given numbers to the loss and back.
 * @param {Values} values numbers for every tensor of VALUES
 * @returns {Stages}
 * @throws {TypeError | RangeError} if a name, a shape or a number is wrong
 */
"""

_RESULTS = """/**
 * Return the loss L, every layer's output and dL/dT for every tensor T, as nested arrays.
 * @param {Values} values numbers for every tensor of VALUES
 * @returns {{loss: number, outputs: Record<string, Nested>, gradients: Record<string, Nested>}}
 * @throws {TypeError | RangeError} if a name, a shape or a number is wrong, or a result not finite
 */
"""

_RESULTS_BODY = """function lossAndGradients(values) {
  const made = stages(values);
  const outputs = finite(OUTPUTS, made.values, "");
  const gradients = finite(GRADIENTS, made.derivatives, "dL/d ");
  finite(["loss"], made.values, "");
  return { loss: made.values["loss"][0], outputs, gradients };
}
"""

_OUTPUTS_ALONE = """/**
 * Return every layer's output, as nested arrays by the names of the layers.
 * @param {Values} values numbers for every tensor of VALUES
 * @returns {Record<string, Nested>}
 * @throws {TypeError | RangeError} if a name, a shape or a number is wrong, or a result not finite
 */
"""

_OUTPUTS_ALONE_BODY = """function outputs(values) {
  return finite(OUTPUTS, stages(values).values, "");
}
"""

_RUNTIME = Path(__file__).with_name("runtime")

_EXPORT = "export "
"""What stands in front of what others may use."""


def module_text(program: Program, arrays: Sequence[Array], title: str) -> str:
    """Return a module that imports nothing, with the numbers as ``VALUES``."""
    return "\n".join(_parts(program, arrays, title))


def _parts(program: Program, arrays: Sequence[Array], title: str) -> Iterator[str]:
    what = "the loss, its gradients" if program.has_loss else "the outputs"
    yield comment(f"{title}: {what} and everything on the way.") + "\n"
    yield _TYPES
    given = zip(program.given, arrays, strict=True)
    values = table((tensor.name, filled(_listed(array.tolist()))) for tensor, array in given)
    yield _constant(
        "The numbers of the example.", "Record<string, Nested>", "VALUES", values, _EXPORT
    )
    shapes = table((name, str([*shape])) for name, shape in program.shapes.items())
    yield _constant(
        "The shape of every tensor.", "Record<string, number[]>", "SHAPES", shapes, _EXPORT
    )
    names = [tensor.name for tensor in program.given]
    lengths = table((name, str(length)) for name, length in program.indices.items())
    yield _constant("What numbers are given for.", "string[]", "GIVEN", _strings(names))
    about = "Of numbers that select entries, the length of the axis."
    yield _constant(about, "Record<string, number>", "INDICES", lengths)
    yield _constant(
        "What outputs are returned of.", "string[]", "OUTPUTS", _strings(program.outputs)
    )
    if program.has_loss:
        about = "With respect to what gradients are returned."
        yield _constant(about, "string[]", "GRADIENTS", _strings(program.gradients))
    body = "\n".join(f"  {line}".rstrip() for line in "\n".join(_body(program)).splitlines())
    stages = f"{_STAGES}{_EXPORT}function stages(values) {{\n{body}\n}}\n"
    results = _results(program)
    yield from (stages, results, *_called(stages + results))


def _results(program: Program) -> str:
    """Return the function that is called."""
    if program.has_loss:
        return f"{_RESULTS}{_EXPORT}{_RESULTS_BODY}"
    return f"{_OUTPUTS_ALONE}{_EXPORT}{_OUTPUTS_ALONE_BODY}"


def _constant(about: str, kind: str, name: str, value: str, export: str = "") -> str:
    return f"/**\n * {about}\n * @type {{{kind}}}\n */\n{export}const {name} = {value};\n"


def _body(program: Program) -> Iterator[str]:
    yield from ("const given = numbersOf(values);", *program.unpack)
    yield from _blocks("Forward pass.", program.forward)
    yield from _blocks("Backward pass: gradients, from the loss to the input.", program.backward)
    yield from _blocks("What is on the way besides.", program.further)
    yield "\nreturn {"
    for name in ("values", "derivatives", "routings", "winners"):
        yield f"  {name}: {table(getattr(program, name).items(), indent='  ')},"
    yield "};"


def _blocks(title: str, blocks: Iterable[Block]) -> Iterator[str]:
    if blocks:
        yield f"\n// {title}"
    for block in blocks:
        yield from ("", *block.text(JAVASCRIPT))


def _called(text: str) -> list[str]:
    """Return the functions that a text calls, and those that they call."""
    found: dict[str, str] = {}
    new = [text]
    while new:
        calls = {*re.findall(r"\b(\w+)\(", new.pop())}
        names = calls & functions().keys() - found.keys()
        found |= {name: functions()[name] for name in names}
        new += [found[name] for name in names]
    return [found[name] for name in sorted(found)]


@cache
def functions() -> dict[str, str]:
    """Return the functions that modules may call, by their names."""
    return {path.stem: path.read_text(encoding="utf-8") for path in _RUNTIME.glob("*.js")}


def _strings(names: Sequence[str]) -> str:
    return f"[{filled(', '.join(map(string, names)))}]"


def _listed(numbers: Any) -> str:
    if isinstance(numbers, list):
        return f"[{', '.join(map(_listed, numbers))}]"
    return repr(numbers).removesuffix(".0")
