"""Libraries are kept in a folder of the user's own, and nothing of anyone else's is loaded."""

import os
import shutil
import subprocess

import pytest

import symcnn as sc
from symcnn.cli import main
from symcnn.programs.backends import chosen, languages
from symcnn.programs.backends.numpy.compiled import compiler
from symcnn.programs.backends.numpy.compiled.compiler import UntrustedError, kept, trusted_folder
from symcnn.programs.backends.numpy.compiled.lowering import written
from symcnn.programs.plans.plan import plan_of

needs_cc = pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="owners and modes are POSIX's")

ONE = "int one(void) { return 1; }\n"
TWO = "int one(void) { return 2; }\n"


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "symcnn" / "native"


def write(text):
    return lambda place: place.write_text(text)


def test_the_folder_is_for_the_user_alone(home):
    folder = trusted_folder(home)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert folder.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o701])
def test_a_folder_that_others_can_enter_is_refused(home, mode):
    home.mkdir(parents=True)
    home.chmod(mode)
    with pytest.raises(UntrustedError, match="yours alone"):
        trusted_folder(home)


def test_a_link_in_its_place_is_refused(home, tmp_path):
    other = tmp_path / "other"
    other.mkdir(mode=0o700)
    home.parent.mkdir()
    home.symlink_to(other)
    with pytest.raises(UntrustedError, match="yours alone"):
        trusted_folder(home)


def test_a_folder_of_someone_else_is_refused(home, monkeypatch):
    trusted_folder(home)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(UntrustedError):
        trusted_folder(home)


def test_a_folder_below_one_that_others_can_write_to_is_refused(home, tmp_path):
    tmp_path.chmod(0o777)
    with pytest.raises(UntrustedError, match="others can write to"):
        trusted_folder(home)
    tmp_path.chmod(0o1777)  # as /tmp is: nobody can exchange what is another one's
    assert trusted_folder(home)


def test_a_file_is_made_once_and_appears_whole(home):
    folder, seen = trusted_folder(home), []

    def make(place):
        seen.append([*folder.glob("*.so")])
        place.write_text("whole")

    for _ in range(2):
        assert kept(folder, "a.so", make).read_text() == "whole"
    assert seen == [[]]
    assert [path.name for path in folder.iterdir()] == ["a.so"]


def test_what_fails_leaves_nothing(home):
    folder = trusted_folder(home)

    def fail(place):
        place.write_text("half")
        raise OSError("it is full")

    with pytest.raises(OSError, match="full"):
        kept(folder, "a.so", fail)
    assert [*folder.iterdir()] == []


@pytest.mark.parametrize("how", ["group", "others", "link", "hard link", "folder"])
def test_a_file_that_someone_else_may_have_written_is_not_loaded(home, tmp_path, how):
    folder, planted = trusted_folder(home), tmp_path / "planted"
    place = kept(folder, "a.so", write("a"))
    if how in ("group", "others"):
        place.chmod({"group": 0o770, "others": 0o702}[how])
    else:
        place.unlink()
        planted.write_text("b")
        planted.chmod(0o700)
        {"link": place.symlink_to, "hard link": place.hardlink_to}.get(
            how, lambda _: place.mkdir()
        )(planted)
    with pytest.raises(UntrustedError, match="remove it"):
        kept(folder, "a.so", write("c"))


@needs_cc
def test_another_text_and_another_processor_are_other_libraries(home, monkeypatch):
    assert compiler.library(ONE).one() == 1
    assert compiler.library(TWO).one() == 2
    assert len([*home.iterdir()]) == 2
    monkeypatch.setattr(compiler, "_processor", lambda: "another one")
    assert compiler.library(ONE).one() == 1
    monkeypatch.setattr(compiler, "_version", lambda found: (found, "13"))
    assert compiler.library(ONE).one() == 1
    assert len([*home.iterdir()]) == 4


@needs_cc
def test_what_is_kept_is_not_compiled_again(home, monkeypatch):
    compiler.library(ONE)
    monkeypatch.setattr(compiler, "_compile", None)
    assert compiler.library(ONE).one() == 1


NETWORK = sc.Network((2,), [sc.Dense(1, bias=False)], sc.HalfSquaredError())
VALUES = {"x": [1, 2], "dense1.weight": [3, 4], "target": [5]}


def assert_numpy_serves(match):
    with pytest.warns(sc.NotCompiledWarning, match=match) as said:
        program = sc.lambdify(sc.derive(NETWORK), "native")
    assert len(said) == 1
    assert "\n" not in str(said[0].message)
    assert program(VALUES).loss == 18


def test_without_a_compiler_numpy_serves(monkeypatch):
    monkeypatch.setattr(compiler, "which", lambda _: None)
    assert_numpy_serves("there is no C compiler cc: install one, such as gcc; NumPy computes alone")


def test_a_compiler_found_beside_the_data_is_not_run(monkeypatch):
    monkeypatch.setattr(compiler, "which", lambda _: "./cc")
    assert_numpy_serves("there is no C compiler")


@needs_cc
def test_where_nothing_can_be_kept_numpy_serves(home, tmp_path):
    tmp_path.chmod(0o777)
    assert_numpy_serves("others can write to")


def test_a_compiler_that_fails_lets_numpy_serve(home, monkeypatch):
    failed = subprocess.CompletedProcess((), 1, "no such option\nand more")
    monkeypatch.setattr(compiler, "which", lambda _: "/usr/bin/cc")
    monkeypatch.setattr(compiler, "_version", lambda found: (found, ""))
    monkeypatch.setattr(compiler, "run", lambda *_, **__: failed)
    assert_numpy_serves("does not compile the program: no such option;")


def test_other_backends_run_no_compiler(monkeypatch):
    def never(*_, **__):
        raise AssertionError

    monkeypatch.setattr(compiler, "run", never)
    monkeypatch.setattr(compiler, "cache_folder", never)
    for backend in ("auto", "scalar", "array"):
        assert sc.lambdify(sc.derive(NETWORK), backend)(VALUES).loss == 18


def test_no_text_of_a_problem_gets_into_c():
    """Names of layers and of tensors are in Python's comments alone."""
    layers = [sc.Dense(2, name="evil"), sc.ReLU(name="wicked")]
    network = sc.Network((2,), layers, sc.HalfSquaredError())
    listing = written(plan_of(sc.derive(network)), "float64")
    assert "evil" in str(listing.arguments)
    assert not {"evil", "wicked"} & set(listing.functions.replace("_", " ").split())
    words = set("".join(c if c.isalnum() else " " for c in listing.functions).split())
    assert not {"evil", "wicked", "weight", "delta"} & words


def test_there_is_no_program_of_its_own():
    plan = plan_of(sc.derive(NETWORK))
    backend = chosen("native", plan)
    assert "native" not in languages()
    with pytest.raises(sc.SymcnnError, match='export to "numpy" or "c"'):
        backend.exported(written(plan, "float64"), [], "")


@pytest.mark.parametrize("command", [("evaluate", "--json"), ("train", "--steps", "1")])
def test_the_command_line_says_in_one_line_that_numpy_serves(
    command, capsys, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(compiler, "which", lambda _: None)
    assert main([*command, "--backend", "native"]) == 0
    said = "there is no C compiler cc: install one, such as gcc; NumPy computes alone"
    assert capsys.readouterr().err == f"symcnn: warning: {said}\n"


def test_an_exact_evaluation_is_not_compiled(capsys):
    assert main(["evaluate", "--exact", "--backend", "native"]) == 2
    assert "leave out exact, or it" in capsys.readouterr().err
