"""What every command and format makes of a problem file, and what is wrong with that.

    python -m tests.generated.damaged 10000         # that many files
    python -m tests.generated.damaged 10000 2500    # from a file on

A file gives a result, or lines of at most 200 characters, in 5 s and 1 GiB; what it says is
nowhere a command. Where its reading is what refuses it, every command says the same.
"""

from __future__ import annotations

import ast
import io
import json
import resource
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from time import process_time
from typing import NamedTuple

import symcnn as sc
from symcnn.cli import main
from symcnn.cli.arguments import FORMATS
from tests.generated import mutations, obeyed

FILE, OUT = Path("problem.toml"), Path("out")
TEXTUAL = ",".join(name for name in FORMATS if name != "pdf")
COMMANDS = [
    *("evaluate", "evaluate --json", "evaluate --exact --json"),
    *(f"export -o out/model.py --to {name}" for name in ("numpy", "jax", "sympy")),
    f"train -o out --steps 3 --format {TEXTUAL}",
    "train -o out --steps 3 --rate 0.1 --dtype float32",
    f"derive -o out --format {TEXTUAL} --blanks",
]
OPTIONS = [
    "derive -o out --format tex --detail full --digits 3 --decimal-comma --index-base 0",
    "derive -o out --format tex --fragment --weight ",
]
"""What a document is told besides: of these a file takes its turn."""

PDF, PDF_EVERY = "derive -o out --format pdf", 100
"""TeX takes seconds: one file of so many is set."""

INVISIBLE = "\n\t\u00a0\u2009\u2061\u2062\u2063"
"""What symcnn writes to lay lines, formulas and pictures out."""

SAID = ("symcnn: warning: ", "symcnn: note: there are no boxes for some of the figures of ")
"""What commands may say besides their results."""

LONGEST, SECONDS, KIBIBYTES = 200, 5, 2**20
"""The characters of a line, and what a command may take: 1 GiB."""


class Done(NamedTuple):
    """What a command printed and wrote, and what it took."""

    status: int | None
    out: str
    err: str
    seconds: float
    kibibytes: int
    written: dict[str, bytes]


class TooLong(BaseException):
    """A command was ended: it would not have ended by itself."""


def faults(number: int, seconds: float = SECONDS) -> Iterator[str]:
    """Give a file to every command, and name what went wrong.

    Args:
        number: Which file.
        seconds: What a command may take. How long that is depends on the machine: a test
            gives a multiple, and finds what does not end.
    """
    FILE.write_bytes(mutations.file(number))
    problem, refusal = read(), None
    for command in commands(number, problem):
        made = done(command, seconds)
        if made.seconds > seconds:  # others may have slowed the processor down
            made = min(made, done(command, seconds), key=lambda again: again.seconds)
        if made.seconds > seconds:
            yield f"file {number}, {' '.join(command)}: takes {made.seconds:.1f} seconds"
        if problem is None:
            refusal = refusal or made.err
        for fault in faults_of(command, made, refusal):
            yield f"file {number}, {' '.join(command)}: {fault}"
    if problem is not None:
        for fault in obeyed.faults(problem, FILE):
            yield f"file {number}, obeyed: {fault}"


def read() -> sc.Problem | None:
    """Return the file's problem, unless it is refused."""
    try:
        return sc.load(FILE)
    except sc.SymcnnError:
        return None


def commands(number: int, problem: sc.Problem | None) -> Iterator[list[str]]:
    """Write down every command with its arguments."""
    for command in (*COMMANDS, *([PDF] if number % PDF_EVERY == 99 else [])):
        name, *options = command.split()
        yield [name, str(FILE), *options]
    if problem is None:
        return
    name, *options = OPTIONS[number % len(OPTIONS)].split()
    if options[-1] == "--weight":
        weight = [*problem.network.tensors.values()][number % len(problem.network.tensors)]
        options.append(f"{weight.name}[{','.join('0' * len(weight.shape))}]")
    yield [name, str(FILE), *options]


def done(command: list[str], seconds: float) -> Done:
    """Run a command, and end it where it takes twice as long as it may."""
    OUT.mkdir()
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    before, started, status = most_memory(), process_time(), None
    with suppress(TooLong), limited(2 * seconds), redirect_stdout(out), redirect_stderr(err):
        status = main(command)
    took = process_time() - started, most_memory() - before
    texts = (stream.buffer.getvalue().decode() for stream in (out, err) if not stream.flush())
    written = {path.name: path.read_bytes() for path in OUT.iterdir()}
    rmtree(OUT)
    return Done(status, *texts, *took, written)


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """End what takes longer."""
    signal.signal(signal.SIGPROF, _end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _end(*_: object) -> None:
    raise TooLong


def most_memory() -> int:
    """Return the most memory that this process has held since it was last asked, in KiB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with suppress(OSError):  # elsewhere than on Linux it is the most ever
        Path("/proc/self/clear_refs").write_text("5")
    return most


def faults_of(command: list[str], made: Done, refusal: str | None) -> Iterator[str]:
    """Say what a command must not do; where the file is refused, in the same words as others."""
    if made.kibibytes > KIBIBYTES:
        yield f"takes {made.kibibytes:,} KiB"
    wrong = [c for text in (made.out, made.err) for c in text if not (c.isprintable() or c == "\n")]
    if wrong:
        yield f"prints {''.join(wrong)!r:.100}"
    if refusal is not None and (made.status, made.err) != (2, refusal):
        yield f"ends with {made.status}, {made.err!r}, and others with {refusal!r}"
    if made.status == 0:
        yield from faults_of_results(command, made)
    elif made.status is not None:
        yield from faults_of_errors(command, made)


def faults_of_results(command: list[str], made: Done) -> Iterator[str]:
    for line in made.err.splitlines():
        if not line.startswith(SAID) or len(line) > LONGEST:
            yield f"prints {line!r}"
    if "-o" in command and not made.written:
        yield "writes nothing"
    if "--json" in command:
        content = json.loads(made.out)
        if not content.keys() >= {"title", "outputs", "loss", "gradients", "check"}:
            yield f"prints the keys {[*content]}"
    for name, written in made.written.items():
        yield from (f"{name}: {fault}" for fault in faults_of_file(name, written))


def faults_of_file(name: str, written: bytes) -> Iterator[str]:
    """Say what is wrong in a file that was written."""
    if name.endswith(".pdf"):
        return
    text = written.decode()
    if wrong := {c for c in text if not (c.isprintable() or c in INVISIBLE)}:
        yield f"holds {sorted(wrong)}"
    if name.endswith(".py"):
        ast.parse(text)
    if name.endswith(".toml"):
        trained = Path("trained.toml")
        trained.write_text(text, encoding="utf-8")
        try:
            sc.load(trained)
        except sc.SymcnnError as error:
            yield f"is no problem file: {error}"


def faults_of_errors(command: list[str], made: Done) -> Iterator[str]:
    if made.status != 2:
        yield f"ends with {made.status}"
    if made.written:
        yield f"leaves {[*made.written]}"
    if made.out and command[0] != "train":  # its progress
        yield f"prints {made.out!r:.100}"
    for line in made.err.removesuffix("\n").split("\n"):
        if not line.startswith("symcnn: error: ") or len(line) > LONGEST:
            yield f"prints {line!r:.600}"


@contextmanager
def workshop() -> Iterator[None]:
    """Work in a folder of its own; a warning is a fault."""
    with TemporaryDirectory() as folder, chdir(folder), warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


if __name__ == "__main__":
    number, first = (int(text) for text in (*sys.argv[1:], "0")[:2])
    with workshop():
        for position in range(first, first + number):
            for fault in faults(position):
                print(fault, flush=True)
            if position % 100 == 99:
                print(f"{position + 1}: {most_memory():,} KiB, {process_time():.0f} s", flush=True)
