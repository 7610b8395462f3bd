"""Writing files: all of them whole, or none."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from symcnn.errors import SymcnnError


def replace(contents: Mapping[Path, str | bytes]) -> None:
    """Write every text or picture to its file; a failure leaves what was there before.

    Raises:
        SymcnnError: If a file cannot be written.
    """
    drafts = {path: _draft(path) for path in contents}
    try:
        for path, content in contents.items():
            with _named(path):
                drafts[path].write_bytes(content.encode() if isinstance(content, str) else content)
        for path, draft in drafts.items():
            with _named(path):
                draft.replace(path.resolve())
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)


def replace_in(folder: Path, contents: Mapping[str, str | bytes]) -> None:
    """Write files into a folder, which is made unless it is there, and say so.

    Raises:
        SymcnnError: If the folder or a file cannot be written.
    """
    with _named(folder):
        folder.mkdir(parents=True, exist_ok=True)
    paths = {folder / name: content for name, content in contents.items()}
    replace(paths)
    for path in paths:
        print(f"wrote {path}")


def create(path: Path, text: str) -> None:
    """Write a file that is not there yet.

    Raises:
        SymcnnError: If it is there, or cannot be written.
    """
    if os.path.lexists(path):
        raise SymcnnError(f"{path} exists and is not overwritten: choose another name")
    replace({path: text})


def _draft(path: Path) -> Path:
    """Return the file to write beside the one that it will replace."""
    target = path.resolve()
    if target.exists() and not target.is_file():
        raise SymcnnError(f"cannot write {path}: it is no ordinary file: choose another place")
    return target.with_name(f".{target.name[:200]}.{os.getpid()}.tmp")


@contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise SymcnnError(f"cannot write {path}: {reason}: choose another place") from None
