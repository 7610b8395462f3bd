"""A folder of one's own for compiled libraries, from which nothing of anyone else's is loaded.

What is loaded runs with all rights of the user. So the folder belongs to the user and to no one
else, nobody else can put another one in its place, and neither the folder nor a file in it is a
symbolic link. A file appears whole or not at all: it is written beside its place, then renamed.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

_OF_OTHERS = stat.S_IWGRP | stat.S_IWOTH


class UntrustedError(Exception):
    """A folder or a file that someone else may have written."""


def cache_folder(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """Return where the libraries are kept: in the folder for such files of the platform.

    >>> cache_folder({"XDG_CACHE_HOME": "/c"}, "linux").as_posix()
    '/c/symcnn/native'
    >>> cache_folder({"HOME": "/home/a"}, "darwin").as_posix()
    '/home/a/Library/Caches/symcnn/native'
    """
    chosen, home = environment.get("XDG_CACHE_HOME", ""), environment.get("HOME", "")
    if Path(chosen).is_absolute():  # as its specification demands
        return Path(chosen) / "symcnn" / "native"
    if not Path(home).is_absolute():
        raise UntrustedError("there is no home folder: set XDG_CACHE_HOME")
    within = "Library/Caches" if platform == "darwin" else ".cache"
    return Path(home) / within / "symcnn" / "native"


def trusted_folder(folder: Path) -> Path:
    """Return a folder for the user alone, after making it; it is named without symbolic links.

    Raises:
        UntrustedError: If it, or a folder above it, is someone else's.
        OSError: If it cannot be made.
    """
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = folder.parent.resolve() / folder.name
    place.mkdir(mode=0o700, exist_ok=True)
    made = place.lstat()
    if not stat.S_ISDIR(made.st_mode) or made.st_uid != os.geteuid() or made.st_mode & 0o077:
        raise UntrustedError(f"{place} is to be a folder of yours alone: chmod 700, or remove it")
    for above in place.parents:
        _check_above(above)
    return place


def _check_above(folder: Path) -> None:
    """See that nobody else can exchange what is in a folder, as the sticky bit prevents, too."""
    made = folder.stat()
    others = made.st_mode & _OF_OTHERS and not made.st_mode & stat.S_ISVTX
    if others or made.st_uid not in (0, os.geteuid()):
        raise UntrustedError(f"others can write to {folder}, so nothing below it is loaded")


def kept(folder: Path, name: str, make: Callable[[Path], None]) -> Path:
    """Return a file of a trusted folder, made first if it is not there.

    Raises:
        UntrustedError: If the file is someone else's, or a link.
    """
    place = folder / name
    if not os.path.lexists(place):
        with _workshop(folder) as inside:
            make(inside / name)
            (inside / name).chmod(0o700)
            (inside / name).replace(place)
    _check_file(place)
    return place


@contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """Lend a folder for what is not finished."""
    inside = Path(mkdtemp(prefix="making-", dir=folder))
    try:
        yield inside
    finally:
        rmtree(inside, ignore_errors=True)


def _check_file(place: Path) -> None:
    made = place.lstat()
    is_own = stat.S_ISREG(made.st_mode) and made.st_uid == os.geteuid() and made.st_nlink == 1
    if not is_own or made.st_mode & _OF_OTHERS:
        raise UntrustedError(f"{place} is not a file that you alone can write: remove it")
