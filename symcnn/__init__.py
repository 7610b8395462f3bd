"""symcnn: the gradients of a convolutional network, on paper and in numbers.

SymPy builds the network as indexed equations, which are closed under
differentiation: the closed-form partial derivative for every weight, its LaTeX and
its NumPy code come from the same objects. SymPy is loaded at the first use of a name.
"""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symcnn._public import *  # noqa: F403 - what _load finds

__version__ = "0.1.0"

_FOLDER = Path(__file__).parent


def _homes(file: Path) -> dict[str, str]:
    """Read from the imports of a file which names it has, and from which modules."""
    homes: dict[str, str] = {}
    for line in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(line, ast.ImportFrom) and (module := line.module or ""):
            names = [name.name for name in line.names]
            package = _FOLDER.parent.joinpath(*module.split("."), "__init__.py")
            homes |= _homes(package) if names == ["*"] else dict.fromkeys(names, module)
    return homes


_HOMES = _homes(_FOLDER / "_public.py")
__all__ = sorted(_HOMES)


def _load(name: str) -> Any:
    """Load a public name from its home when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module 'symcnn' has no attribute {name!r}")
    home = _HOMES[name]
    if home == __name__:
        return import_module(f"symcnn.{name}")
    value = globals()[name] = getattr(import_module(home), name)
    return value


if not TYPE_CHECKING:  # a checker, which knows the names, refuses others
    __getattr__ = _load


def __dir__() -> list[str]:
    """List the public names."""
    return sorted([*globals(), *__all__])
