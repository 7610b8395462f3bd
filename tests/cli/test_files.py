"""Files are written whole, or not at all; a failure leaves nothing of its own."""

import errno
from pathlib import Path

import pytest

from symcnn import SymcnnError
from symcnn.cli import files


class FullDisk:
    """Lets some writes through, and is full from then on."""

    def __init__(self, monkeypatch, method, allowed):
        self.allowed, self.usual = allowed, getattr(Path, method)
        monkeypatch.setattr(Path, method, lambda path, *given: self(path, *given))

    def __call__(self, path, *given):
        if not self.allowed:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        self.allowed -= 1
        return self.usual(path, *given)


@pytest.mark.parametrize("allowed", [0, 1])
def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch, allowed):
    (tmp_path / "a").write_text("before")
    FullDisk(monkeypatch, "write_bytes", allowed)
    with pytest.raises(SymcnnError, match="No space left on device: choose another place"):
        files.replace({tmp_path / "a": "after", tmp_path / "b": "after"})
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "before"}
