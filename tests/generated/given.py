"""What commands make of the other files that they are given: answers, arrays, data and networks.

    python -m tests.generated.given 10000         # that many files
    python -m tests.generated.given 10000 2500    # from a file on

Each is a sound file that something has happened to, made of its number alone, and goes to the
commands that read files of its kind. It gives a result, or lines of at most 200 characters of which
there are ten at most, in 5 s and 1 GiB.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from random import Random
from time import process_time
from typing import Any

import numpy as np

import symcnn as sc
from symcnn.problems.write import problem_file
from tests.classroom.spreadsheets.small_workbooks import (
    ANSWERS,
    GIVEN,
    SLOPES,
    number,
    parts,
    product,
)
from tests.generated import damaged

LINES = 10

NETWORK = """input = {shape = [3]}
layers = [{type = "dense", units = 2, bias = false}, {type = "relu"}]
loss = {type = "half_squared_error"}
"""
"""A network without its numbers."""

ARRAYS = """arrays = "numbers.npz"
input = {shape = [2]}
layers = [{type = "dense", units = 2, bias = false}]
loss = {type = "sum_of_outputs"}
"""

QUESTION = """input = {shape = [2], values = [1, 2]}
layers = [{type = "dense", units = 2, bias = false, weight = [1, 2, 3, 4]}]
loss = {type = "half_squared_error", target = [1, 0]}
"""


def saved(**arrays: Any) -> bytes:
    content = io.BytesIO()
    np.savez(content, **arrays)
    return content.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return content.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def numbers() -> bytes:
    return saved(x=np.array([1.0, 2]), **{"dense1.weight": np.ones((2, 2), np.float32)})


@cache
def samples() -> bytes:
    return saved(x=np.arange(12.0).reshape(6, 2), target=np.ones((6, 2)))


@cache
def answers() -> dict[str, Any]:
    """Return the answers to the question, as they are due."""
    problem = sc.load(Path("question.toml"))
    return {
        name: [str(n) for n in problem.quantity(name)]
        for name in ("dense1", "loss", "gradient of dense1", "gradient of dense1.weight")
    }


def as_toml() -> bytes:
    lines = (f'"{n}" = [{", ".join(f"{v!r}" for v in row)}]' for n, row in answers().items())
    return "\n".join(lines).encode()


def as_json() -> bytes:
    return json.dumps(answers()).encode()


def as_csv() -> bytes:
    header = ["student", *(f'"{n}[{k}]"' for n in ("dense1", "loss") for k in _places(n))]
    row = [v for n in ("dense1", "loss") for v in answers()[n]]
    return "\n".join([",".join(header), f"Ada,{','.join(row)}", f'"Ben",{",".join(row)}']).encode()


def _places(name: str) -> range:
    return range(len(answers()[name]))


@cache
def as_workbook() -> bytes:
    cells = {name: number(value) for name, value in GIVEN.items()}
    cells |= {name: number("1") for name in (*ANSWERS, *SLOPES)}
    return zipped({name: text.encode() for name, text in parts(cells).items()})


@cache
def as_onnx() -> bytes:
    from tests.imports.models import drawn, single

    made: bytes = single("Gemm", (2, 2), drawn(2, 3)).SerializeToString()
    return made


@cache
def as_long_onnx() -> bytes:
    from tests.imports.models import MODELS

    made: bytes = MODELS["Flatten"].SerializeToString()
    return made


@cache
def as_safetensors() -> bytes:
    from safetensors.numpy import save

    made: bytes = save({"dense1.weight": np.ones((2, 2), np.float32)})
    return made


Run = Callable[[Path], list[list[str]]]


def marked(file: Path) -> list[list[str]]:
    return [["mark", "question.toml", str(file)], ["mark", "question.toml", str(file), "--json"]]


KINDS: dict[str, tuple[Callable[[], bytes], str, Run]] = {
    "arrays": (numbers, "numbers.npz", lambda _: [["evaluate", "arrays.toml", "--json"]]),
    "data": (
        samples,
        "data.npz",
        lambda f: [["train", "question.toml", "--data", str(f), "--steps", "2", "-o", "out"]],
    ),
    "toml": (as_toml, "answers.toml", marked),
    "json": (as_json, "answers.json", marked),
    "csv": (as_csv, "class.csv", marked),
    "workbook": (as_workbook, "a.xlsx", lambda f: [["mark", "product.toml", str(f)]]),
    "network": (
        NETWORK.encode,
        "net.toml",
        lambda f: [["worksheet", str(f), "-o", "out", "--level", "convolution", "--format", "txt"]],
    ),
    "onnx": (as_onnx, "net.onnx", lambda f: [["import", str(f), "-o", "out/net.toml"]]),
    "long onnx": (as_long_onnx, "net.onnx", lambda f: [["import", str(f), "-o", "out/net.toml"]]),
    "input": (
        samples,
        "data.npz",
        lambda f: [["import", "sound.onnx", "-o", "out/net.toml", "--data", str(f)]],
    ),
    "weights": (as_safetensors, "net.safetensors", lambda _: []),
}

WEIGHTS = {
    "network": 0.2,
    "input": 0.3,
    "long onnx": 0.5,
    "onnx": 0.7,
}
"""How often kinds are drawn whose commands take seconds; the others by 1."""

NEEDED = {"onnx": "onnx", "long onnx": "onnx", "input": "onnx", "weights": "safetensors"}
"""What the readers of kinds import."""

TEXTUAL = {"toml", "json", "csv", "network"}
ARCHIVED = {"arrays", "data", "input", "workbook"}

WORDS = ["-1", "0", "1e999", "9" * 500, "1/0", "nan", "?", "''", '"', "\\", "[", "]", "{", "}", ","]
WORDS += [
    ";",
    "\t",
    "\n",
    "=",
    "-0.0",
    "1e-400",
    "true",
    "null",
    "\x00",
    "\ufeff",
    "\u202e",
    "<",
    ">",
]
WORDS += ["2026-01-01", "=1+1", "'=1", "[[[", "]]]", "student", "variant", "loss", "dense1", "x"]
WORDS += ["\\frac{1}{0}", "\\boxed", "$", "0x1F", "1_000", "\uff11", "(1,)", "(-1,)", "|O", "<f8"]


CHANGES = ["flip", "flip", "cut", "insert", "repeat", "number", "word", "word", "end"]


def mutated(drawn: Random, content: bytes, is_text: bool) -> bytes:
    """Change, cut, repeat or insert something, one to four times."""
    made = bytearray(content)
    for _ in range(drawn.randint(1, 4)):
        at = drawn.randint(0, len(made))
        end = min(len(made), at + drawn.choice([1, 1, 2, 4, 8, 30, 200]))
        word = drawn.choice(WORDS).encode()
        change = drawn.choice(
            ["flip", "flip", "cut", "insert", "repeat", "number", "word", "word", "end"]
        )
        if change == "flip" and at < len(made) and not is_text:
            made[at] ^= 1 << drawn.randrange(8)
        elif change == "number" and not is_text:
            size = drawn.choice([1, 2, 4, 8])
            made[at : at + size] = drawn.choice([b"\0", b"\xff", b"\x7f", b"\1"]) * size
        elif change == "insert":
            made[at:at] = drawn.randbytes(drawn.randint(1, 4)) if drawn.random() < 0.2 else word
        elif change == "repeat":
            made[at:at] = made[at:end] * drawn.choice([1, 2, 50, 1000])
        elif change == "end":
            del made[at:]
        elif change == "cut":
            del made[at:end]
        else:
            made[at:end] = word
    return bytes(made)


def content_of(drawn: Random, kind: str) -> bytes:
    """Draw a file of a kind: parts of archives are changed before they are packed, mostly."""
    sound = KINDS[kind][0]()
    if kind in ARCHIVED and drawn.random() < 0.8:
        members = unzipped(sound)
        name = drawn.choice([*members])
        if drawn.random() < 0.1:
            members[drawn.choice(["y.npy", "x.txt", name.upper(), "../x.npy"])] = members[name]
        members[name] = mutated(drawn, members[name], drawn.random() < 0.3)
        return zipped(members)
    return mutated(drawn, sound, kind in TEXTUAL)


def kind_of(drawn: Random) -> str:
    known = [k for k in KINDS if k not in NEEDED or find_spec(NEEDED[k])]
    (kind,) = drawn.choices(known, [WEIGHTS.get(k, 1) for k in known])
    return kind


def prepare() -> None:
    """Write the sound files that commands read beside those that something has happened to."""
    Path("question.toml").write_text(QUESTION)
    Path("arrays.toml").write_text(ARRAYS)
    Path("product.toml").write_text(problem_file(product()))
    if find_spec("onnx"):
        Path("sound.onnx").write_bytes(as_onnx())


def faults(position: int, seconds: float = damaged.SECONDS) -> Iterator[str]:
    """Give a file to the commands that read such files, and name what went wrong."""
    drawn = Random(f"given {position}")
    kind = kind_of(drawn)
    _, name, commands = KINDS[kind]
    file = Path(name)
    file.write_bytes(content_of(drawn, kind))
    for command in commands(file):
        made = damaged.done(command, seconds)
        for fault in faults_of(made, seconds):
            yield f"file {position}, {' '.join(command)}: {fault}"
    if kind == "weights":
        yield from (f"file {position}, {kind}: {fault}" for fault in faults_of_weights(file))


def faults_of(made: damaged.Done, seconds: float) -> Iterator[str]:
    """Say what a command must not do."""
    if made.seconds > seconds or made.kibibytes > damaged.KIBIBYTES:
        yield f"takes {made.seconds:.1f} s and {made.kibibytes:,} KiB"
    if made.status not in (0, 2):
        yield f"ends with {made.status}: {made.err!r:.600}"
    lines = made.err.splitlines()
    word = "warning" if made.status == 0 else "error"
    if wrong := [s for s in lines if not s.startswith(f"symcnn: {word}: ") or len(s) > 200]:
        yield f"prints {wrong[0]!r:.600}"
    if made.status == 2 and (made.written or not 1 <= len(lines) <= LINES):
        yield f"prints {len(lines)} lines, and leaves {[*made.written]}"


def faults_of_weights(file: Path) -> Iterator[str]:
    problem = sc.load(Path("question.toml"))
    try:
        sc.with_safetensors(problem, file)
    except sc.SymcnnError as error:
        if len(error.lines) > LINES or any(len(line) > 183 for line in error.lines):
            yield f"says {error!s:.600}"
    except Exception as error:
        yield f"raises {error!r:.300}"


if __name__ == "__main__":
    number_of_files, first = (int(text) for text in (*sys.argv[1:], "0")[:2])
    with damaged.workshop():
        prepare()
        for file_number in range(first, first + number_of_files):
            for fault in faults(file_number):
                print(fault, flush=True)
            if file_number % 100 == 99:
                print(f"{file_number + 1}: {process_time():.0f} s", flush=True)
