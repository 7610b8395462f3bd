"""Packages that are needed for what they alone can read."""

from __future__ import annotations

from importlib.util import find_spec

from symcnn.errors import SymcnnError


def needed(package: str, extra: str) -> None:
    """Refuse to go on without a package.

    Raises:
        SymcnnError: Says how it is installed.
    """
    if find_spec(package) is None:
        raise SymcnnError(f'this needs {package}: pip install "symcnn[{extra}]"')
