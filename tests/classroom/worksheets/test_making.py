"""Files of variants are made together: in order, told of, and given up after a failure."""

import io
import os
import threading

import pytest

import symcnn as sc
from symcnn.classroom.worksheets.folder import made_together
from symcnn.cli import lines
from symcnn.document.pages import supervised
from symcnn.document.pages.together import Together
from symcnn.errors import SymcnnError

groups = pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs groups of processes")


def test_files_stand_in_the_order_of_the_variants():
    """The second is typeset before the first is."""
    second = threading.Event()

    def first():
        assert second.wait(60)
        return {"1.pdf": b"1"}

    def other():
        second.set()
        return {"2.pdf": b"2"}

    told = []
    variants = [lambda: [("pdf", first)], lambda: [("pdf", other), ("md", lambda: {"2.md": "2"})]]
    made = made_together(variants, lambda done, of: told.append((done, of)))
    assert [*made.items()] == [("1.pdf", b"1"), ("2.pdf", b"2"), ("2.md", "2")]
    assert told == sorted(told)
    assert told[-1] == (2, 2)


@groups
def test_the_first_failure_ends_what_is_typeset(tmp_path):
    """It would sleep for ten minutes."""
    begun = threading.Event()

    def sleeps():
        begun.set()
        status = supervised.run(["sleep", "600"], tmp_path, 600)
        assert status is None
        return {}

    def fails():
        assert begun.wait(60)
        raise SymcnnError("no letters: use others")

    with pytest.raises(SymcnnError, match="no letters"):
        made_together([lambda: [("pdf", sleeps), ("md", fails)]])


@groups
def test_who_leaves_by_an_interruption_ends_it_too(tmp_path):
    begun, pending = threading.Event(), []

    def sleeps():
        begun.set()
        return {"status": supervised.run(["sleep", "600"], tmp_path, 600)}

    def interrupted():
        with Together() as soon:
            pending.append(soon(sleeps))
            assert begun.wait(60)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert pending[0].result() == {"status": None}


def test_variants_are_told_of_as_they_are_found():
    net = sc.Network((3, 1), [sc.Conv1D(1, 2, bias=False)], sc.SumOfOutputs())
    told = []
    sc.worksheet(net, 3, level="convolution", callback=lambda *done: told.append(done))
    assert told[-3:] == [(1, 3), (2, 3), (3, 3)]


def test_a_bar_is_shown_on_a_terminal_alone(monkeypatch):
    pytest.importorskip("rich")

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    for stream, shown in ((io.StringIO(), False), (Terminal(), True)):
        monkeypatch.setattr("sys.stderr", stream)
        with lines.bar("writing sheets") as tell:
            tell(1, 3)
        assert ("writing sheets" in stream.getvalue()) == shown
