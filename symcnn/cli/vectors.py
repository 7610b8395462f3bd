"""symcnn vectors: small exact cases of layers, for tests in any language."""

from __future__ import annotations

import argparse
import sys
from argparse import Namespace
from pathlib import Path

from symcnn.cli.files import replace, replace_in
from symcnn.cli.lines import bar
from symcnn.errors import SymcnnError, shown


def vectors_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.set_defaults(command=vectors)
    add = parser.add_argument
    about = "a layer, by its type in problem files, such as conv2d"
    add("name", metavar="LAYER", nargs="?", help=about)
    add("--all", action="store_true", help="write a file for each layer, and the JSON schema")
    about = "the file to write (default: print it), or with --all the folder"
    add("-o", dest="target", metavar="FILE.json|DIR", type=Path, help=about)
    about = "the order of the axes of images, NHWC or NCHW (default: NHWC)"
    add("--layout", metavar="NCHW", default="NHWC", help=about)
    about = "the order of the axes of kernels, such as OIHW (default: HWIO)"
    add("--kernel-layout", metavar="OIHW", help=about)


def vectors(arguments: Namespace) -> None:
    """Write the test vectors of a layer, or of all."""
    if arguments.all == bool(arguments.name):
        raise SymcnnError("symcnn vectors needs either a layer, such as conv2d, or --all")
    if arguments.all:
        _write_all(arguments)
        return
    text = _text(arguments.name, arguments)
    if arguments.target is None:
        sys.stdout.write(text)
        return
    if arguments.target.is_dir():
        raise SymcnnError(
            f"{arguments.target} is a folder: give a file to -o, such as {arguments.name}.json"
        )
    replace({arguments.target: text})
    print(f"wrote {arguments.target}")


def _write_all(arguments: Namespace) -> None:
    from symcnn.classroom.checks.vectors import SCHEMA
    from symcnn.problems.catalog import LAYERS

    if arguments.target is None:
        raise SymcnnError("symcnn vectors --all writes a file for each layer: add -o DIR")
    files: dict[str, str | bytes] = {"vectors.schema.json": SCHEMA.read_text(encoding="utf-8")}
    with bar("test vectors") as show:
        for number, name in enumerate(LAYERS):
            show(number, len(LAYERS))
            files[f"{name}.json"] = _text(name, arguments)
    replace_in(arguments.target, files)


def _text(name: str, arguments: Namespace) -> str:
    """Return the file of a layer."""
    from symcnn.classroom.checks.vectors import vectors as made
    from symcnn.equations.values import known
    from symcnn.network.layers import Layer
    from symcnn.problems.catalog import LAYERS

    if name not in LAYERS:
        raise SymcnnError(f"there is no layer {shown(name)}: {known(name, [*LAYERS])}")
    kind = LAYERS[name].made
    assert issubclass(kind, Layer), "these are the layers"
    layouts = {"layout": arguments.layout, "kernel_layout": arguments.kernel_layout}
    return made(kind, **layouts).to_json()
