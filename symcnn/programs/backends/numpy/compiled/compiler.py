"""The system's compiler of C, which makes a library of a text.

A library is kept by the hash of all that it depends on: text, options, compiler, processor.

What is loaded runs with all rights of the user. So the folder belongs to the user and to no one
else, nobody else can put another one in its place, and neither the folder nor a file in it is a
symbolic link. A file appears whole or not at all: it is written beside its place, then renamed.
"""

from __future__ import annotations

import ctypes
import os
import platform
import re
import stat
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from shutil import rmtree, which
from subprocess import PIPE, STDOUT, CompletedProcess, SubprocessError, run
from tempfile import mkdtemp

_OPTIONS = (
    *("-std=c99", "-O3", "-fPIC", "-shared", "-fopenmp-simd", "-fno-tree-pre"),
    # Products and sums are rounded one by one, as NumPy rounds them; errno is not read.
    *("-ffp-contract=off", "-fno-math-errno"),
)
_FOR_THIS_PROCESSOR = ("-march=native", "-mcpu=native", "")
_SECONDS = 600

_LONG = 20_000
"""The letters of a text that takes as long as a compiler takes to start, several times over."""

_MOST_AT_ONCE = 8
"""So many compilers run at once, each in some hundred megabytes."""

_Done = CompletedProcess[str]


class NotCompiledError(Exception):
    """There is no compiler, or it cannot be used; the text says why, in a line."""


def library(source: str) -> ctypes.CDLL:
    """Return the functions of a text in C, compiled now or earlier.

    Raises:
        NotCompiledError: If that is not possible here.
    """
    try:
        return ctypes.CDLL(str(_path(source)))
    except (UntrustedError, OSError, SubprocessError) as error:
        raise NotCompiledError(" ".join(str(error).split())) from None


def _path(source: str) -> Path:
    if os.name != "posix":
        raise NotCompiledError("programs are compiled on POSIX systems only")
    compiler = _compiler()
    folder = trusted_folder(cache_folder())
    return kept(folder, f"{_key(source, compiler)}.so", lambda to: _compile(source, compiler, to))


def _compiler() -> str:
    found = which("cc")
    if found is None or not Path(found).is_absolute():
        raise NotCompiledError("there is no C compiler cc: install one, such as gcc")
    return found


def _compile(source: str, compiler: str, place: Path) -> None:
    """Write the library of a text, whose functions several compilers share."""
    for chosen in _FOR_THIS_PROCESSOR:
        options = [compiler, *_OPTIONS, *filter(None, [chosen])]
        parts = _parts(source, min(_processors(), _MOST_AT_ONCE))
        made = [place.with_suffix(f".{number}.o") for number in range(len(parts))]

        def compiled(part: str, to: Path, options: Sequence[str] = options) -> _Done:
            return _run(*options, "-c", "-x", "c", "-", "-o", str(to), text=part)

        with ThreadPoolExecutor(len(parts)) as pool:
            done = [*pool.map(compiled, parts, made)]
        if all(one.returncode == 0 for one in done):
            done = [_run(*options, *map(str, made), "-o", str(place), "-lm")]
        failed = [one for one in done if one.returncode != 0]
        if not failed:
            return
    said = (failed[0].stdout.strip().splitlines() or ["nothing"])[0]
    raise NotCompiledError(f"{compiler} does not compile the program: {said}")


def _parts(source: str, most: int) -> list[str]:
    """Divide the functions of a text into parts of about one length, each with what is ahead."""
    head, *functions = re.split(r"^(?=void )", source, flags=re.MULTILINE)
    parts = [[head] for _ in range(max(1, min(most, len(source) // _LONG)))]
    for function in sorted(functions, key=len, reverse=True):
        min(parts, key=lambda part: sum(map(len, part))).append(function)
    return ["".join(part) for part in parts]


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _run(*command: str, text: str = "") -> _Done:
    return run(
        command,
        input=text,
        stdout=PIPE,
        stderr=STDOUT,
        encoding="utf-8",
        errors="replace",
        timeout=_SECONDS,
        check=False,
    )


def _key(source: str, compiler: str) -> str:
    parts = (source, *_OPTIONS, *_FOR_THIS_PROCESSOR, *_version(compiler), _processor())
    return sha256("\0".join(parts).encode()).hexdigest()


@cache
def _version(compiler: str) -> tuple[str, str]:
    return compiler, _run(compiler, "--version").stdout


@cache
def _processor() -> str:
    """Return what tells kinds of processors apart, their instructions among it."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text().splitlines() if about.exists() else []
    told = ("vendor_id", "cpu family", "model", "stepping", "flags", "Features", "CPU part")
    own = (line for line in lines if line.partition(":")[0].strip() in told)
    return "\n".join([platform.machine(), platform.processor(), *dict.fromkeys(own)])


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
