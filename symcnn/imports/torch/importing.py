"""From a module or a program to a problem, compared with what PyTorch computes."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import torch
from torch.export import ExportedProgram
from torch.export.graph_signature import InputKind

from symcnn.equations.values import Array
from symcnn.errors import SymcnnError, fitted, shown
from symcnn.imports.assembling import ImportOptions, assembled
from symcnn.imports.choosing import check_input
from symcnn.imports.comparison import verified
from symcnn.imports.composed import recognised
from symcnn.imports.graph import Graph
from symcnn.imports.registering import known
from symcnn.imports.torch.calling import Arguments, output_of
from symcnn.imports.torch.calls import Installed, call_of, first_name, is_item
from symcnn.imports.torch.heads import with_samples_in_front
from symcnn.imports.torch.losses import loss_inside
from symcnn.imports.torch.numbers import (
    InFloat64,
    array_of,
    kept_in,
    stored_in,
    usually_float64,
    widened,
)
from symcnn.imports.torch.operators import TABLE, WORDS
from symcnn.imports.torch.program import Argument, Program
from symcnn.imports.torch.reader import read
from symcnn.imports.torch.running import in_float64, run, tensors
from symcnn.imports.torch.slips import not_exported
from symcnn.problems import Problem

_AUTOCAST = "wrap_with_autocast"
"""Holds the graph of a block ``with torch.autocast(...)``; where it is off, it is that graph."""


def inlined(graph_module: Any) -> Any:
    """Return a module of a graph in which blocks are inlined that turn autocasting off.

    The module itself is not changed.
    """
    if not any(map(_is_off, graph_module.graph.nodes)):
        return graph_module
    made = deepcopy(graph_module)
    for node in [*filter(_is_off, made.graph.nodes)]:
        _inline(made, node)
    return made


def _is_off(node: Any) -> bool:
    """Tell whether a node is such a block, or one of another device than the one in use."""
    if node.op != "call_function" or getattr(node.target, "__name__", "") != _AUTOCAST:
        return False
    device, _, is_on = node.args[:3]
    return not is_on or device != "cpu"


def _inline(made: Any, node: Any) -> None:
    _, _, _, _, block, *given = node.args
    within = inlined(getattr(made, block.target))  # blocks within blocks
    for held in (each for each in within.graph.nodes if each.op == "get_attr"):
        name = f"{block.target}_{held.target}"
        setattr(made, name, getattr(within, held.target))
        held.target = name
    takes = [each for each in within.graph.nodes if each.op == "placeholder"]
    with made.graph.inserting_before(node):
        outputs = made.graph.graph_copy(within.graph, dict(zip(takes, given, strict=True)))
    for user in [*node.users]:
        user.replace_all_uses_with(outputs[user.args[1]])
        made.graph.erase_node(user)
    if isinstance(outputs, torch.fx.Node):
        node.replace_all_uses_with(outputs)
    made.graph.erase_node(node)
    made.graph.erase_node(block)


Forward = Callable[[torch.Tensor], Any]


@usually_float64()
def of_memory(
    source: ExportedProgram | torch.nn.Module,
    given: Arguments,
    options: ImportOptions,
    numbers: Mapping[str, str] | None = None,
) -> Problem:
    """Return the problem of a program in memory, or of a module in float64, which is exported.

    Raises:
        SymcnnError: See ``from_torch``.
    """
    if not isinstance(source, torch.nn.Module):
        at = output_of(source, options.output)
        program = program_of(source, given.leaves, at)
        check_input(array_of(given.x), _shape_of(source))
        return made_of(program, given.x, options)
    exported = _exported(source, given)
    at = output_of(exported, options.output)
    program = program_of(exported, given.leaves, at, numbers)
    learned = dict(source.named_parameters(remove_duplicate=False))
    module = Module(lambda x: given.call(source, x)[at], learned)
    return made_of(program, given.x, options, module=module)


def _shape_of(exported: ExportedProgram) -> list[int | None]:
    """Return the shape of the first input; None stands for a length that is left open."""
    own = {
        s.arg.name for s in exported.graph_signature.input_specs if s.kind is InputKind.USER_INPUT
    }
    made = (n.meta.get("val") for n in exported.graph.nodes if n.name in own)
    first = next(value for value in made if isinstance(value, torch.Tensor))
    return [n if isinstance(n, int) else None for n in first.shape]


class Module(NamedTuple):
    """A module that was exported.

    Attributes:
        forward: Returns the output that is meant, of the input of the network.
        learned: Its parameters by name.
    """

    forward: Forward
    learned: Mapping[str, torch.Tensor]


def _exported(module: torch.nn.Module, given: Arguments) -> ExportedProgram:
    try:
        with warnings.catch_warnings(), with_samples_in_front(), widened(module):
            warnings.simplefilter("ignore")  # of PyTorch about itself
            return torch.export.export(module, given.args, dict(given.kwargs), strict=False)
    except Exception as error:
        raise not_exported(lambda x: given.call(module, x), given.x, error) from None


def made_of(
    program: Program,
    x: torch.Tensor,
    options: ImportOptions,
    *,
    shapes: Mapping[str, Any] | None = None,
    module: Module | None = None,
) -> Problem:
    """Return the problem of a program, compared with the module, or with the program.

    Args:
        program: The program.
        x: The input.
        options: What else the problem has.
        shapes: Of a program of a file, of which constants alone are run to read it, the shapes.
        module: The module that was exported.

    Raises:
        SymcnnError: See ``from_torch``.
    """
    graph = recognised(read(program, x, shapes), WORDS)
    learned = _learned(program, module)
    forward = module.forward if module else (lambda x: _run(program, x, learned))
    graph, options = _with_loss(graph, x, options)
    made = assembled(graph, known(TABLE), array_of(x), options)
    return verified(made, partial(_backward, forward, x, learned), options)


def _with_loss(
    graph: Graph, x: torch.Tensor, options: ImportOptions
) -> tuple[Graph, ImportOptions]:
    """Return a graph without the loss that it ends with, which is that of the problem."""
    inside = loss_inside(graph, array_of(x))
    if inside is None:
        return graph, options
    if options.loss is not None or options.target is not None:
        raise SymcnnError("the module computes its loss itself: leave loss and target out")
    loss, target, weight = inside.loss, inside.target, inside.weight
    made = replace(options, loss=loss, target=target, weight=weight, ends_with_loss=True)
    return inside.graph, made


def _learned(program: Program, module: Module | None) -> Mapping[str, torch.Tensor]:
    """Return what gradients are taken of: the module's own parameters, or copies."""
    found = {name: torch.from_numpy(array) for name, array in program.parameters.items()}
    if module is not None:
        found = {name: module.learned[name] for name in found}
    return {name: tensor.requires_grad_(True) for name, tensor in found.items()}


def _run(program: Program, x: torch.Tensor, learned: Mapping[str, torch.Tensor]) -> torch.Tensor:
    given = {**tensors(program), program.input: x}
    own = {name: learned[parameter] for name, parameter in program.learned.items()}
    return run(program, {**given, **own})


def _backward(
    forward: Forward, x: torch.Tensor, learned: Mapping[str, torch.Tensor], upstream: Array
) -> tuple[Array, dict[str, Array]]:
    """Return the output, and the gradients for given derivatives with respect to it."""
    with InFloat64(), in_float64():
        y = forward(x.clone())
    if not y.requires_grad:
        return array_of(y), {}
    try:
        made = torch.autograd.grad(
            y, [*learned.values()], torch.from_numpy(upstream), allow_unused=True
        )
    except RuntimeError as error:
        before, reason = "PyTorch cannot differentiate the module (", str(error).split("\n")[0]
        raise SymcnnError(fitted(before, shown(reason), "): change that operation")) from None
    found = zip(learned, made, strict=True)
    return array_of(y), {name: array_of(g) for name, g in found if g is not None}


def program_of(
    exported: ExportedProgram,
    given: Sequence[Any],
    at: int,
    numbers: Mapping[str, str] | None = None,
) -> Program:
    """Return a program with what it takes in float64.

    Args:
        exported: The program.
        given: What it is called with, in order.
        at: The place of the output that is meant.
        numbers: The types of the numbers that its module stores, if it was converted.

    Raises:
        SymcnnError: If it takes something else than tensors.
    """
    kept = kept_in(exported, numbers)
    first = {name: each.first for name, each in kept.items()}
    arguments = list(_arguments(exported, first, given))
    module = inlined(exported.graph_module)
    (outputs,) = next(n.args for n in module.graph.nodes if n.op == "output")
    nodes = [n for n in module.graph.nodes if n.op == "call_function" and not is_item(n)]
    held = {n.name: getattr(module, n.target) for n in module.graph.nodes if n.op == "get_attr"}
    calls = [call_of(n, held) for n in nodes]
    made = first_name(outputs[at]) if isinstance(outputs[at], torch.fx.Node) else ""
    functions = Installed({str(n.target): n.target for n in nodes})
    others = tuple(_others(exported, given))
    return Program(arguments, calls, made, functions, others, kept)


def _others(exported: ExportedProgram, given: Sequence[Any]) -> Iterator[str]:
    """Yield further inputs of which every sample has its own numbers."""
    specs = [s for s in exported.graph_signature.input_specs if s.kind is InputKind.USER_INPUT]
    pairs = zip(specs, given, strict=True)
    (_, x), *rest = [(s, leaf) for s, leaf in pairs if isinstance(leaf, torch.Tensor)]
    for spec, leaf in rest:
        if leaf.is_floating_point() and leaf.shape[:1] == x.shape[:1]:
            yield spec.arg.name


def _arguments(
    exported: ExportedProgram, first: Mapping[str, str], given: Sequence[Any]
) -> Iterator[Argument]:
    leaves, is_first = iter(given), True
    for spec in exported.graph_signature.input_specs:
        if spec.kind is InputKind.USER_INPUT:
            leaf = next(leaves, None)
            if isinstance(leaf, torch.Tensor):
                read = None if is_first else partial(array_of, leaf)
                yield Argument(spec.arg.name, tuple(leaf.shape), "", read, "")
                is_first = False
            continue
        value = stored_in(exported, spec.target)
        stored = first.get(spec.target, "")
        learned = stored or spec.target if spec.kind is InputKind.PARAMETER else ""
        read = partial(array_of, value)
        yield Argument(spec.arg.name, tuple(value.shape), "", read, learned, stored)
