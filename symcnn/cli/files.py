"""Writing files: all of them whole, or none; never some of one set and some of another."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import copymode

from symcnn.cli.interruption import uninterrupted
from symcnn.errors import SymcnnError

_DRAFT, _OLD = "tmp", "old"
"""How a hidden file ends that is not yet there, and one that is no longer."""

_LETTERS = 200
"""The bytes of a name that a hidden file's begins with: file systems have 255."""

_WRITABLE = 0o222


def replace(contents: Mapping[Path, str | bytes]) -> None:
    """Write every text or picture to its file; a failure leaves what was there before.

    Whatever ends the process, and at whatever time: what is there afterwards is of one set.

    Raises:
        SymcnnError: If a file cannot be written.
    """
    targets = {path: _target(path) for path in contents}
    drafts, aside = (
        {path: _beside(path, target, ending) for path, target in targets.items()}
        for ending in (_DRAFT, _OLD)
    )
    try:
        for path, content in contents.items():
            with _named(path):
                drafts[path].write_bytes(content.encode() if isinstance(content, str) else content)
        with uninterrupted():
            _exchange(targets, drafts, aside)
    finally:
        for draft in drafts.values():
            with suppress(OSError):  # there is none where none could be written
                draft.unlink()


def _exchange(
    targets: Mapping[Path, Path], drafts: Mapping[Path, Path], aside: Mapping[Path, Path]
) -> None:
    """Put all drafts in the place of their targets; of several, first take the old ones away."""
    old = {path: aside[path] for path, target in targets.items() if target.exists()}
    for path in old:
        with _named(path):
            copymode(targets[path], drafts[path])
    try:
        if len(targets) > 1:
            for path, place in old.items():
                with _named(path):
                    targets[path].replace(place)
        for path, draft in drafts.items():
            with _named(path):
                draft.replace(targets[path])
    except SymcnnError:
        _restore(targets, drafts, old)
        raise
    for place in old.values():
        with suppress(OSError):
            place.unlink()


def _restore(
    targets: Mapping[Path, Path], drafts: Mapping[Path, Path], old: Mapping[Path, Path]
) -> None:
    """Take away what was put in its place, and put what was there before back."""
    for path, target in targets.items():
        with suppress(OSError):
            if path not in old and not drafts[path].exists():
                target.unlink()
    for path, place in old.items():
        with suppress(OSError):
            if place.exists():
                place.replace(targets[path])


def replace_in(folder: Path, contents: Mapping[str, str | bytes]) -> None:
    """Write files into a folder, which is made unless it is there, and say so.

    Raises:
        SymcnnError: If the folder or a file cannot be written.
    """
    folder_made(folder)
    paths = {folder / name: content for name, content in contents.items()}
    replace(paths)
    for path in paths:
        print(f"wrote {path}")


def folder_made(folder: Path) -> None:
    """Make a folder unless it is there.

    Raises:
        SymcnnError: If it cannot be made.
    """
    with _named(folder):
        folder.mkdir(parents=True, exist_ok=True)


def create(path: Path, text: str) -> None:
    """Write a file that is not there yet.

    Raises:
        SymcnnError: If it is there, or cannot be written.
    """
    if os.path.lexists(path):
        raise SymcnnError(f"{path} already exists: choose another name")
    replace({path: text})


def _target(path: Path) -> Path:
    """Return the file that a path leads to; what is no file to write to is refused."""
    with _named(path):
        target = path.resolve()
        if target.is_symlink():
            raise OSError("its symbolic links form a loop")
        if not target.exists():
            return target
        if not target.is_file():
            raise OSError("it is not a regular file")
        if not target.stat().st_mode & _WRITABLE:
            raise OSError("it is read-only")
        return target


def _beside(path: Path, target: Path, ending: str) -> Path:
    """Return a hidden file beside the target of a path; what a killed process left there goes."""
    name = f".{os.fsdecode(os.fsencode(target.name)[:_LETTERS])}"
    with _named(path):
        for left in target.parent.glob(f"{_literal(name)}.*.{ending}"):
            number = left.name.removeprefix(f"{name}.").removesuffix(f".{ending}")
            if number.isdecimal() and not _runs(int(number)):
                with suppress(OSError):
                    left.unlink()
    return target.with_name(f"{name}.{os.getpid()}.{ending}")


def _literal(name: str) -> str:
    """Return the pattern of one name."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)


def _runs(process: int) -> bool:
    """Tell whether there is a process of this number; not to know is to leave its files."""
    if os.name != "posix":  # elsewhere the signal 0 is no question
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Say in one line which file cannot be written, never by a hidden file's name."""
    try:
        yield
    except (OSError, RuntimeError) as error:  # Python 3.11 raises the latter for circular links
        circular = isinstance(error, RuntimeError)
        reason = "its symbolic links form a loop" if circular else _reason(error)
        raise SymcnnError(f"cannot write {path}: {reason}: choose another place") from None


def _reason(error: Exception) -> str:
    """Return what the operating system says, or what was said above."""
    return getattr(error, "strerror", None) or str(error)
