"""A .pt2 file as a program: read as JSON and plain numbers, without PyTorch, which would unpickle.

The layout is that of ``torch.export.save`` since it writes tables of weights: the graph in
``models/model.json``, and each tensor as its numbers beside a table of sizes and strides.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from functools import partial
from typing import Any

from symcnn.errors import SymcnnError, shown
from symcnn.imports.choosing import Output, chosen
from symcnn.imports.graph import Kept
from symcnn.imports.torch import fields
from symcnn.imports.torch.nodes import calls_of, check_layers
from symcnn.imports.torch.parts import WRITTEN, Parts, Stored, within
from symcnn.imports.torch.program import Argument, Program, single

PARTS = (
    r"models/model\.json|data/weights/(model_weights_config\.json|weight_\d+)"
    r"|data/constants/(model_constants_config\.json|tensor_\d+)|data/sample_inputs/model\.pt"
)
"""The parts that a file with a program may have."""

_MODEL = "models/model.json"
_WEIGHTS = "data/weights/"
_TABLES = {
    _WEIGHTS: ("model_weights_config.json", "weight_"),
    "data/constants/": ("model_constants_config.json", "tensor_"),
}
_MAJOR = 8


def stated(
    parts: Parts, known: Container[str], layers: Container[str], output: Output = None
) -> Program:
    """Return the program that an archive states.

    Args:
        parts: The archive.
        known: The operators that a file may call.
        layers: Those of them that may depend on the input.
        output: Which output is meant, if there are several.

    Raises:
        SymcnnError: Names what is no part of a program, or of none that is read.
    """
    if parts.text("archive_format", "pt2") != "pt2":
        raise SymcnnError(f"this is not the archive of a program: {WRITTEN}")
    program = fields.parsed(parts.text(_MODEL), _MODEL)
    if fields.of(fields.of(program, "schema_version", dict), "major", int) != _MAJOR:
        raise SymcnnError(f"its schema is not version {_MAJOR}: {WRITTEN} of the newest PyTorch")
    module = fields.of(program, "graph_module", dict)
    graph = fields.of(module, "graph", dict)
    signature = fields.of(module, "signature", dict)
    values = fields.of(graph, "tensor_values", dict)
    tables = _tensors(parts)
    stored = _stored(parts, tables, signature)
    arguments = list(_arguments(parts, signature, values, tables, stored))
    outputs = [_output(spec) for spec in fields.of(signature, "output_specs", list)]
    single([a.name for a in arguments if a.read is None])
    made = outputs[chosen(outputs, output, "program")]
    calls = calls_of(graph, {a.name for a in arguments}, known)
    program = Program(arguments, calls, made, {}, (), stored)
    check_layers(program, graph, layers)
    return program


def _stored(parts: Parts, tables: Mapping[str, Stored], signature: Any) -> dict[str, Kept]:
    """What the module stores, each with the first of the names of the same tensor."""
    specs = map(fields.union, fields.of(signature, "input_specs", list))
    named = (given for kind, given in specs if kind == "parameter")
    taken = [fields.of(given, "parameter_name", str) for given in named]
    own = {n: t for n, t in tables.items() if t.part.startswith(_WEIGHTS) or n in taken}
    first: dict[Stored, str] = {}
    for name in (*taken, *own):
        if name in own:
            first.setdefault(own[name], name)
    return {
        name: Kept(tensor.shape, tensor.numbers, partial(tensor.read, parts), first[tensor])
        for name, tensor in own.items()
    }


def _arguments(
    parts: Parts,
    signature: Any,
    values: Any,
    tables: Mapping[str, Stored],
    stored: Mapping[str, Kept],
) -> Iterator[Argument]:
    """What the program takes: the input, of which it says what numbers it has, and the tables."""
    for spec in fields.of(signature, "input_specs", list):
        kind, given = fields.union(spec)
        if kind == "user_input":
            of_kind, value = fields.union(fields.of(given, "arg", dict))
            if of_kind != "as_tensor":
                raise SymcnnError("an input is not a tensor: import a module that takes a tensor")
            name = fields.of(value, "name", str)
            meta = fields.of(values, name, dict)
            shape = fields.sizes(meta.get("sizes"), 0)
            yield Argument(name, shape, fields.dtype(meta.get("dtype")), None, "")
            continue
        if kind not in ("parameter", "buffer", "tensor_constant"):
            raise SymcnnError(f"the program takes a {shown(kind)}: export it with tensors alone")
        target = fields.of(given, f"{kind}_name", str)
        if target not in tables:
            raise SymcnnError(
                f"the program takes {shown(target)}, which is not a tensor: {WRITTEN}"
            )
        tensor = tables[target]
        is_float = "float" in tensor.numbers
        kept = stored[target].first if target in stored else ""
        learned = kept or target if kind == "parameter" and is_float else ""
        name = fields.of(fields.of(given, "arg", dict), "name", str)
        numbers = "float64" if is_float else tensor.numbers
        yield Argument(name, tensor.shape, numbers, partial(tensor.read, parts), learned, kept)


def _tensors(parts: Parts) -> dict[str, Stored]:
    """Return the tensors of both tables by the names of the module."""
    made: dict[str, Stored] = {}
    for folder, (table, prefix) in _TABLES.items():
        if folder + table not in parts:
            continue
        config = fields.of(fields.parsed(parts.text(folder + table), table), "config", dict)
        for name, payload in config.items():
            part = fields.of(payload, "path_name", str)
            if fields.of(payload, "use_pickle", bool) or not part.startswith(prefix):
                raise SymcnnError(
                    f"{shown(name)} is a pickled object, which can run code: export a module of "
                    "tensors and numbers alone"
                )
            if folder + part not in parts:
                raise SymcnnError(f"the part {shown(folder + part)} is missing: {WRITTEN}")
            meta = fields.strided(fields.of(payload, "tensor_meta", dict))
            tensor = Stored(folder + part, *meta)
            made[name] = tensor.checked(parts.size(tensor.part), name)
    used = {tensor.part for tensor in made.values()}
    within([*made.values()], sum(map(parts.size, used)))
    return made


def _output(spec: Any) -> str:
    kind, given = fields.union(spec)
    if kind != "user_output":
        raise SymcnnError(f"the program has a {shown(kind)}: export it in evaluation mode")
    kind, value = fields.union(fields.of(given, "arg", dict))
    if kind != "as_tensor":
        raise SymcnnError(
            "the module does not return a tensor: import one that returns a single tensor"
        )
    name: str = fields.of(value, "name", str)
    return name
