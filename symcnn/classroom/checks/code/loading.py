"""A Python file of somebody's, loaded: this runs in a process of its own alone."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType


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
