"""Functions of a Python file, which is loaded only in processes of their own."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import json
import sys
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from inspect import Parameter, Signature, signature
from pathlib import Path
from types import ModuleType
from typing import Any

from symcnn import limits
from symcnn.classroom.checks.code.differentiated import is_autograd_function, package_of
from symcnn.classroom.checks.code.failures import message
from symcnn.classroom.checks.code.process import HAS_FORK, Send, run_here, run_in_process
from symcnn.equations.values import known
from symcnn.errors import SymcnnError, fitted, shown
from symcnn.limits import functions as bounds
from symcnn.limits.files import text_of


def loaded(path: Path) -> ModuleType:
    """Load a file as Python would import it: what stands beside it can be imported by it.

    A file of a package is loaded as a part of it, so that its relative imports are found. A file
    that is called like a module that is there, such as ``code.py``, does not replace it.
    """
    root, name = _placed(path.resolve())
    if (known := sys.modules.get(name)) is not None and known.__file__ == str(path.resolve()):
        return known
    sys.path.insert(0, str(root))
    if "." in name:
        return importlib.import_module(name)
    return _alone(path.resolve(), name if name not in sys.modules else f"checked_{name}")


def _placed(path: Path) -> tuple[Path, str]:
    """Return the folder that imports begin in, and the name of the module from there."""
    folder, names = path.parent, [path.stem]
    while (folder / "__init__.py").exists() and folder.name.isidentifier():
        folder, names = folder.parent, [folder.name, *names]
    return folder, ".".join(names)


def _alone(path: Path, name: str) -> ModuleType:
    if (known := sys.modules.get(name)) is not None:
        return known
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def described(path: Path) -> dict[str, Any]:
    """Return what can be called in a file, by name, or why the file cannot be loaded."""
    try:
        module = loaded(path)
    except BaseException as error:  # it may do anything, and end the process as well
        return {"failure": _failure(error, path)}
    names = [name for name in vars(module) if not name.startswith("__")]
    found = {name: _described_if_possible(getattr(module, name)) for name in names}
    return {"functions": {name: facts for name, facts in found.items() if facts is not None}}


def _described_if_possible(value: Any) -> Mapping[str, Any] | None:
    """Return what is known of a function; None of what is none, or is too odd to be asked."""
    try:
        return _described(value) if callable(value) else None
    except Exception:  # whatever its author lets an attribute do
        return None


def _described(function: Any) -> Mapping[str, Any]:
    is_applied = is_autograd_function(function)
    called = function.forward if is_applied else function
    parameters = _parameters(called)
    if is_applied and parameters:
        parameters = parameters[1:]  # the context, which PyTorch passes
    return {
        "parameters": parameters,
        "source": _source(called),
        "package": package_of(function),
        "apply": is_applied,
    }


def _parameters(function: Any) -> list[tuple[str, str, bool]] | None:
    try:
        found = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # compiled functions may have no signature
        return None
    return [(p.name, p.kind.name, p.default is p.empty) for p in found]


def _source(function: Any) -> str:
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):
        return ""


def _failure(error: BaseException, path: Path) -> str:
    """Return what went wrong, and at which line of the file."""
    trace, line = error.__traceback__, 0
    while trace is not None:
        here = trace.tb_frame.f_code.co_filename
        line = trace.tb_lineno if here == str(path.resolve()) else line
        trace = trace.tb_next
    where, said = f"line {line}: " if line else "", message(error)
    return f"{where}{type(error).__name__}{': ' if said else ''}{said}"


Adapter = Callable[[Callable[..., Any]], Callable[..., Any]]
"""Makes of a function one that is called in the way that is usual."""

_END = b"\n"


@dataclass(frozen=True)
class FileFunction:
    """A function of a file. Calling it loads the file, so it is called in a process of its own.

    Attributes:
        path: The file.
        name: What the function is called there.
        parameters: Its parameters, each with its kind and whether it has to be passed; None where
            Python does not know them.
        source: Its text, if that is known.
        package: The package whose arrays it takes.
        apply: Whether it is a subclass of ``torch.autograd.Function``.
        keywords: Arguments that are always passed.
        adapter: What makes a function of it that is called in the usual way, if it is not.
    """

    path: Path
    name: str
    parameters: tuple[tuple[str, str, bool], ...] | None = None
    source: str = ""
    package: str = "numpy"
    apply: bool = False
    keywords: Mapping[str, Any] = field(default_factory=dict)
    adapter: Adapter | None = None

    def __call__(self, *positional: Any, **named: Any) -> Any:
        """Load the file, and call the function."""
        function = getattr(loaded(self.path), self.name)
        called = function.apply if self.apply else function
        adapted = called if self.adapter is None else self.adapter(called)
        return adapted(*positional, **{**self.keywords, **named})

    @property
    def __name__(self) -> str:
        """What it is called."""
        return self.name

    @property
    def __signature__(self) -> Signature:
        """The parameters that are left to be passed, by what makes a usual function of it."""
        if self.adapter is not None:
            return signature(self.adapter(self.__call__))
        if self.parameters is None:
            raise AttributeError("__signature__")
        return Signature([_parameter(*p) for p in self.parameters if p[0] not in self.keywords])

    @property
    def is_defined_here(self) -> bool:
        """Whether the file defines it, and does not import it."""
        return self.source.startswith((f"def {self.name}(", f"class {self.name}(", "@"))


def _parameter(name: str, kind: str, is_required: bool) -> Parameter:
    default = Parameter.empty if is_required else None
    return Parameter(name, getattr(Parameter, kind), default=default)


@dataclass(frozen=True)
class PythonFile:
    """A file whose functions are known, and are not loaded."""

    path: Path
    functions: Mapping[str, FileFunction]

    def function(self, name: str) -> FileFunction:
        """Return a function.

        Raises:
            SymcnnError: If there is none of that name.
        """
        if name not in self.functions:
            own = [n for n, f in self.functions.items() if f.is_defined_here]
            missing = f"there is no function {shown(name)}: {known(name, own or [*self.functions])}"
            raise SymcnnError(missing).at(str(self.path))
        return self.functions[name]


def python_file(path: Path, seconds: float = 10.0) -> PythonFile:
    """Return the functions of a file, which is loaded in a process of its own.

    Args:
        path: The file.
        seconds: After how long loading it is given up.

    Raises:
        SymcnnError: If it cannot be read or loaded: the line, and what went wrong there.
    """
    try:
        _check_syntax(text_of(path))
        answer = _answer(path, seconds)
        if failure := answer.get("failure"):
            raise SymcnnError(_unloaded(str(failure)))
    except SymcnnError as error:
        raise error.at(str(path)) from None
    made = {name: _function(path, name, about) for name, about in answer["functions"].items()}
    return PythonFile(path, made)


def _check_syntax(text: str) -> None:
    if text.lstrip().startswith('{"cells"') or text.lstrip().startswith('{\n "cells"'):
        raise SymcnnError("this is a notebook: save it as a Python file, .py, and name that")
    try:
        ast.parse(text)
    except SyntaxError as error:
        said = f"line {error.lineno}: {error.msg}" if error.lineno else str(error.msg)
        raise SymcnnError(f"{said}: this is no Python code: correct the file") from None
    except (ValueError, RecursionError, MemoryError):  # by version, for null bytes and deep nesting
        raise SymcnnError("this is no Python code that can be read: correct the file") from None


def _unloaded(failure: str) -> str:
    if "ModuleNotFoundError" in failure:
        return fitted("", failure, ": install it, or put it beside the file")
    return fitted("the file cannot be loaded: ", failure, "")


def _answer(path: Path, seconds: float) -> Mapping[str, Any]:
    """Return what a process of its own says of a file."""
    heard, most = bytearray(), seconds + bounds.LOADING_SECONDS

    def tell(send: Send) -> None:
        send(json.dumps(described(path)).encode() + _END)

    def take(piece: bytes) -> bool:
        heard.extend(piece)
        return heard.endswith(_END) or len(heard) > limits.FILE_BYTES

    run = partial(run_in_process, seconds=most, memory=bounds.BYTES) if HAS_FORK else run_here
    ending = run(tell, take)
    if ending.is_stopped:
        raise SymcnnError(
            f"loading the file takes longer than {most:g} s: let it only define functions"
        )
    if not heard.endswith(_END):
        raise SymcnnError("the file ends the process in which it is loaded: remove that call")
    return dict(json.loads(heard))


def _function(path: Path, name: str, about: Mapping[str, Any]) -> FileFunction:
    found = about["parameters"]
    parameters = None if found is None else tuple((n, kind, bool(r)) for n, kind, r in found)
    source = textwrap.dedent(about["source"])
    return FileFunction(path.resolve(), name, parameters, source, about["package"], about["apply"])
