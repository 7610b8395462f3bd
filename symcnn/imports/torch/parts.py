"""The parts of a zip archive as PyTorch writes it: few, by exact names, and not compressed.

What the directory says of them is looked at before anything is read, so that a file neither
unfolds to more than its own size nor has more parts than a network has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from symcnn import limits
from symcnn.errors import SymcnnError, shown
from symcnn.limits.files import opened, unzipped

_COMMON = (
    r"archive_format|archive_version|byteorder|version|\.format_version|\.storage_alignment"
    r"|\.data/version|\.data/serialization_id"
)
"""Parts that say how the others are written."""

_ENCRYPTED = 1
_AT_ONCE = 2**20

WRITTEN = "write it with torch.export.save"


class Parts:
    """The parts of an archive, by their names without the folder that all of them are in."""

    def __init__(self, archive: ZipFile, known: str) -> None:
        """Look at the directory.

        Args:
            archive: The archive.
            known: A regular expression for the names of the parts that there may be.

        Raises:
            SymcnnError: Names the first part that there may not be.
        """
        self._archive = archive
        self._members: dict[str, ZipInfo] = {}
        names = re.compile(f"[^/]+/(?P<name>{known}|{_COMMON})", re.DOTALL)
        seen, folders = set[str](), set[str]()
        for member in archive.infolist():
            found = names.fullmatch(member.orig_filename)
            if found is None:
                raise SymcnnError(_unknown(member.orig_filename))
            name = found["name"]
            folders.add(member.orig_filename.removesuffix(name))
            if name.lower() in seen or len(folders) > 1:
                raise SymcnnError(f"there are two parts like {shown(name)}: {WRITTEN}")
            _check(member, name)
            seen.add(name.lower())
            self._members[name] = member
        if self.text("byteorder", "little") != "little":
            raise SymcnnError("its numbers are of a machine with another order of bytes: use one")

    def __contains__(self, name: str) -> bool:
        """Tell whether there is a part."""
        return name in self._members

    def size(self, name: str) -> int:
        """Return the bytes of a part, or 0 where there is none."""
        return self._members[name].file_size if name in self else 0

    def read(self, name: str, most: int) -> bytes:
        """Return a part of no more than so many bytes.

        Raises:
            SymcnnError: If there is none, or it has more.
        """
        if name not in self:
            raise SymcnnError(f"the part {shown(name)} is missing: {WRITTEN}")
        if self.size(name) > most:
            raise SymcnnError(
                f"the part {shown(name)} has {self.size(name):,} bytes, more than {most:,}: "
                "import a smaller network"
            )
        with _whole(), self._archive.open(self._members[name]) as member:
            return b"".join(iter(lambda: member.read(_AT_ONCE), b""))

    def between(self, name: str, start: int, stop: int) -> bytes:
        """Return some bytes of a part; those before them are passed over."""
        with _whole(), self._archive.open(self._members[name]) as member:
            for at in range(0, start, _AT_ONCE):
                member.read(min(_AT_ONCE, start - at))
            pieces = range(start, stop, _AT_ONCE)
            return b"".join(member.read(min(_AT_ONCE, stop - at)) for at in pieces)

    def text(self, name: str, default: str | None = None) -> str:
        """Return a part that is text.

        Raises:
            SymcnnError: If there is none, or it is none.
        """
        if default is not None and name not in self:
            return default
        try:
            return self.read(name, limits.PROGRAM_BYTES).decode("utf-8")
        except UnicodeDecodeError:
            raise SymcnnError(f"the part {shown(name)} is not text: {WRITTEN}") from None


def _unknown(name: str) -> str:
    part = name.partition("/")[2]
    old = r"serialized_\w+\.(json|pt)|data/(weights|constants)/model\.pt"
    if not part or re.fullmatch(old, part):
        return f"{shown(name)} is of an old layout, a pickled object: {WRITTEN} of a newer PyTorch"
    return (
        f"{shown(name)} is a pickled object, which can run code: export a module of tensors and "
        "numbers alone"
        if re.search("_obj_|pkl|weight|constant", part)
        else f"{shown(name)} is not part of a network: {WRITTEN}, without extra_files"
    )


def _check(member: ZipInfo, name: str) -> None:
    """Refuse a part that is not stored as it is."""
    plain = member.compress_type == ZIP_STORED and not member.flag_bits & _ENCRYPTED
    if not plain or member.file_size != member.compress_size:
        raise SymcnnError(f"the part {shown(name)} is compressed: {WRITTEN}, which stores it")


@contextmanager
def parts_of(file: Path | bytes, known: str) -> Iterator[Parts]:
    """Open an archive; what is wrong with it is one line.

    Raises:
        SymcnnError: If it cannot be read, or has other parts than are known.
    """
    with opened(file) if isinstance(file, Path) else BytesIO(file) as content:
        with _whole():
            archive = unzipped(content)
        with archive:
            yield Parts(archive, known)


@contextmanager
def _whole() -> Iterator[None]:
    """Let what a damaged archive makes its parser raise, which has no end, be one line."""
    try:
        yield
    except SymcnnError:
        raise
    except Exception:
        raise SymcnnError(f"this is not a .pt2 file: {WRITTEN}") from None
