"""A user's file is opened here, whatever it is to be: problems, arrays, answers, networks.

It may come from anybody. Devices, pipes and folders are no files to read, and what is longer than
its limit is refused before a byte of it is read: neither time nor memory follow what is claimed.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from symcnn import limits
from symcnn.errors import SymcnnError, TooLargeError, shown


@contextmanager
def opened(file: Path, most: int | None = None) -> Iterator[IO[bytes]]:
    """Open a file for reading.

    Args:
        file: The file.
        most: The bytes that it may have; None where its reader reads a part of it at a time.

    Raises:
        SymcnnError: If it cannot be read, or is no regular file.
        TooLargeError: If it has more bytes.
    """
    with _regular(file) as content:
        if most is not None and content.seek(0, os.SEEK_END) > most:
            raise TooLargeError(_too_many(most))
        content.seek(0)
        try:
            yield content
        except OSError as error:
            raise SymcnnError(_unread(error)) from None


def _regular(file: Path) -> IO[bytes]:
    """Open a file, which is no pipe that would be waited for."""
    try:
        mode = file.stat().st_mode
        if stat.S_ISREG(mode) or stat.S_ISDIR(mode):  # a folder is refused by the system itself
            return file.open("rb")
    except OSError as error:
        raise SymcnnError(_unread(error)) from None
    except ValueError:
        raise SymcnnError("the file's name contains a null character: check it") from None
    raise SymcnnError("this is a device or a pipe, not a file: save its output in a file")


def content_of(file: Path, most: int | None = None) -> bytes:
    """Read a file; by default one that holds text, or a workbook.

    Raises:
        SymcnnError: If it cannot be read.
        TooLargeError: If it has more bytes than most.
    """
    with opened(file, limits.FILE_BYTES if most is None else most) as content:
        length = content.seek(0, os.SEEK_END)
        content.seek(0)
        read = content.read(length + 1)
    if len(read) > length:  # such as what the system says of itself
        raise SymcnnError("the file has more bytes than its length says: copy it first")
    return read


def text_of(file: Path) -> str:
    """Read a file as UTF-8.

    Raises:
        SymcnnError: If it cannot be read, or is not UTF-8.
    """
    content = content_of(file)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SymcnnError(f"byte {error.start} is not UTF-8: save the file as UTF-8 text") from None


def unzipped(content: IO[bytes]) -> ZipFile:
    """Open a zip archive; of its members none has been read.

    Raises:
        TooLargeError: If its directory is too long.
        SymcnnError: If two members have one name, or one is compressed in an unusual way.
        BadZipFile: If it is no archive.
    """
    directory = _Directory(content)
    members = ZipFile(directory)
    directory.most = None
    names = set[str]()
    for member in members.infolist():
        if member.filename in names:
            raise SymcnnError(f"{shown(member.filename)} is there twice: remove one of the two")
        if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise SymcnnError(
                f"{shown(member.filename)} is compressed by an unusual method: save it by deflate"
            )
        names.add(member.filename)
    return members


class _Directory:
    """An archive that is being opened: its directory is read in one piece, and first of all."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self.most: int | None = limits.ARCHIVE_DIRECTORY_BYTES

    def read(self, size: int = -1) -> bytes:
        """Read a piece, unless it is too long for a directory."""
        if self.most is None:
            return self._content.read(size)
        piece = self._content.read(size if 0 <= size <= self.most else self.most + 1)
        if len(piece) > self.most:
            raise TooLargeError("the file has too many parts: save fewer arrays in it")
        return piece

    def __getattr__(self, name: str) -> Any:
        """Do everything else as the file does."""
        return getattr(self._content, name)


def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON; a name that stands twice, of which readers keep one, is refused."""
    made = dict(pairs)
    if len(made) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        twice = next(name for name, count in counts.items() if count > 1)
        raise SymcnnError(f"{twice} is given twice: remove one of the two")
    return made


def _unread(error: OSError) -> str:
    return f"cannot read the file: {error.strerror or 'it is damaged'}: check its name"


def _too_many(most: int) -> str:
    return f"the file has more than {most:,} bytes: make it smaller"
