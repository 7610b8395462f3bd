"""What a Python file holds that can be called: this runs in a process of its own alone."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from symcnn.classroom.checks.code.differentiated import is_autograd_function, package_of
from symcnn.classroom.checks.code.failures import message


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
        return {"failure": _told(error, path)}
    names = [name for name in vars(module) if not name.startswith("__")]
    found = {name: _told_of(getattr(module, name)) for name in names}
    return {"functions": {name: told for name, told in found.items() if told is not None}}


def _told_of(value: Any) -> Mapping[str, Any] | None:
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


def _told(error: BaseException, path: Path) -> str:
    """Return what went wrong, and at which line of the file."""
    trace, line = error.__traceback__, 0
    while trace is not None:
        here = trace.tb_frame.f_code.co_filename
        line = trace.tb_lineno if here == str(path.resolve()) else line
        trace = trace.tb_next
    where, said = f"line {line}: " if line else "", message(error)
    return f"{where}{type(error).__name__}{': ' if said else ''}{said}"
