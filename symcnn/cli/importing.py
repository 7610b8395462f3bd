"""``symcnn import``: a network of PyTorch or ONNX as a problem file."""

from __future__ import annotations

import argparse
import warnings
from argparse import Namespace
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symcnn import limits
from symcnn.cli.files import replace
from symcnn.cli.lines import bar, say
from symcnn.errors import SymcnnError, TooLargeError, fitted, located, shown

if TYPE_CHECKING:
    from symcnn.equations.values.archive import Archive
    from symcnn.imports.choosing import Output
    from symcnn.imports.comparison import ImportReport
    from symcnn.imports.copies import Copies
    from symcnn.network.losses import Loss
    from symcnn.problems import Problem

_WRITTEN = 200
"""With more numbers than these, they stand in a file of their own."""

_TARGETS = ("target", "gradient")

_PICKLE = (
    "may hold a pickle, which can run code and is never read: load it in Python, and use "
    "sc.from_torch(module, x) or torch.export.save"
)
_CONVERTED = "is not read: convert it to ONNX, model.onnx"
_KERAS = 'is of Keras: write model.export("model.onnx", format="onnx"), and import that'
_OTHERS = {
    ".toml": "is a problem file already: symcnn derive reads it as it is",
    **dict.fromkeys((".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".bin"), _PICKLE),
    ".safetensors": "has weights without a network: sc.with_safetensors(problem, path) takes them",
    **dict.fromkeys((".h5", ".hdf5", ".keras"), _KERAS),
    **dict.fromkeys((".tflite", ".pb", ".mlmodel", ".caffemodel"), _CONVERTED),
    ".py": "is source code, which is not run: use sc.from_torch(module, x) in Python",
    ".npz": "has arrays without a network: give it to --data beside a model",
}
"""What files of other kinds are, and what can be done with them."""


def import_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the file, its input, the loss and what is written."""
    parser.set_defaults(command=import_network)
    add = parser.add_argument
    about = "an ONNX model, or a program written by torch.export.save"
    add("source", metavar="FILE.onnx|FILE.pt2", type=Path, help=about)
    about = "the problem file (default: FILE.toml here); many numbers go to a .npz file beside it"
    add("-o", dest="file", metavar="FILE.toml", type=Path, help=about)
    add(
        "--data",
        metavar="FILE.npz",
        type=Path,
        help="the input x and, if the loss has one, the target, in the layout of the source; of "
        "several inputs of an ONNX model each by its name (default: the example in the source, or "
        "random numbers)",
    )
    about = "the loss, such as softmax_cross_entropy (default: the sum of all outputs)"
    add("--loss", metavar="NAME", help=about)
    about = "the output that is meant, if there are several: its name, or its number from 0"
    add("--tensor", metavar="NAME", help=about)


def import_network(arguments: Namespace) -> None:
    """Read a network, compare it with its source, and write it as a problem."""
    data = _data(arguments.data, arguments.source)
    loss, target = _loss(arguments.loss), next((data[n] for n in _TARGETS if n in data), None)
    if loss is not None and loss.given is not None and target is None:
        raise SymcnnError(f"{arguments.loss} needs a {loss.given}: give it in --data FILE.npz")
    output = arguments.tensor
    output = int(output) if output is not None and output.isdecimal() else output
    given = {name: array for name, array in data.items() if name not in _TARGETS}
    x = given.get("x") if given.keys() <= {"x"} else given
    problem, copies = _read(arguments.source, x, loss, target, output)
    file: Path = arguments.file or Path(f"{arguments.source.stem}.toml")
    contents = _contents(problem, file, copies)
    replace(contents)
    for path in contents:
        print(f"wrote {path}")


def _read(
    source: Path, x: Any, loss: Loss | None, target: Any, output: Output
) -> tuple[Problem, Copies]:
    """Read a file by what it is called, and print what the comparison found.

    Returns:
        The problem, and the weights of the source that are several of its weights.
    """
    from symcnn.imports.copies import CopiedWarning, few
    from symcnn.imports.sources import from_onnx, from_pt2

    readers = {".onnx": from_onnx, ".pt2": from_pt2}
    reader = readers.get(source.suffix.lower())
    if reader is None:
        usual = f"is neither {' nor '.join(readers)}: see docs/imports.md for what is imported"
        raise SymcnnError(f"{shown(str(source))} {_OTHERS.get(source.suffix.lower(), usual)}")
    reports: list[ImportReport] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CopiedWarning)  # they are said in lines of this command
        with bar("importing") as told:
            settings = {"loss": loss, "target": target, "output": output}
            problem = reader(source, x, **settings, report=reports.append, progress=told)
    print(reports[0])
    for line in few(reports[0].copies):
        say("warning", line)
    return problem, reports[0].copies


def _contents(problem: Problem, file: Path, copies: Copies) -> dict[Path, str | bytes]:
    """Return the problem file, and the file beside it where there are many numbers."""
    from symcnn.equations.values.archive import archived
    from symcnn.imports.copies import lines
    from symcnn.problems.arrays import apart
    from symcnn.problems.write import problem_file

    said = lines(copies)
    if sum(tensor.size for tensor in problem.network.given) <= _WRITTEN:
        return {file: problem_file(problem, said)}
    beside, arrays = apart(problem), file.with_suffix(".npz")
    return {file: problem_file(problem, said, arrays.name, beside), arrays: archived(beside)}


def _data(path: Path | None, source: Path) -> dict[str, Any]:
    """Return the arrays of an archive, whose names are compared before any is read."""
    from symcnn.equations.values.archive import Archive

    if path is None:
        return {}
    with located(path):
        archive = Archive(path)
        _check_names(archive, source)
        entries = 0
        for name, header in archive.headers(archive.names).items():
            entries += prod(header.shape)
            if entries > limits.IMPORTED_ENTRIES:
                before = "" if entries == prod(header.shape) else ", with the arrays before it,"
                raise TooLargeError(
                    f"{name}{before} has {entries:,} entries, more than "
                    f"{limits.IMPORTED_ENTRIES:,}: give fewer samples"
                )
        return archive.arrays()


def _check_names(archive: Archive, source: Path) -> None:
    """Refuse arrays that a network does not take: beside x and target, ONNX has inputs by name."""
    usual = ("x", *_TARGETS)
    if source.suffix.lower() != ".onnx":
        archive.check_names(
            usual, lambda n: f"there is an array {shown(n)}: give x and target alone"
        )
    elif not {*archive.names} <= {*usual}:
        from symcnn.imports.choosing import needed

        needed("onnx", "onnx")
        from symcnn.imports.onnx.given import stated_in
        from symcnn.imports.onnx.model import complete

        with located(source):
            names = [stated.name for stated in stated_in(complete(source))]
        if not {*archive.names} <= {*names, *usual}:
            before, after = f"the model reads {shown(names)}, but ", ": give arrays by its names"
            raise SymcnnError(fitted(before, f"the file has {shown([*archive.names])}", after))


def _loss(name: str | None) -> Loss | None:
    from symcnn.equations.values import known
    from symcnn.problems.catalog import LOSSES

    if name is None:
        return None
    if name not in LOSSES:
        raise SymcnnError(f"there is no loss {shown(name)}: {known(name, [*LOSSES])}")
    if LOSSES[name].required:
        raise SymcnnError(f"{name} needs {LOSSES[name].required[0]}: import it in Python")
    return LOSSES[name].made()  # type: ignore[return-value]  # the table is of losses alone
