"""The header: structures, functions, and what they need of a machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from symcnn.programs.backends.c.bodies import Body
from symcnn.programs.backends.c.counts import Count
from symcnn.programs.backends.c.language import comment, inside_comment
from symcnn.programs.backends.c.program import Member, Program

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
    rows = [f"  {_row(program, member)}" for member in members]
    rows = rows or [f"  {program.real.name} none[1];"]
    return [comment(about), "typedef struct {", *rows, f"}} {name};"]


def _row(program: Program, member: Member) -> str:
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
