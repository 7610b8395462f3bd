"""An error is one line: its controls escaped, its middle left out where it is too long."""

import pickle

import pytest

import symcnn as sc
from symcnn.cli.lines import say
from symcnn.errors import NotFiniteError, SeveralMistakesError, SymcnnError, located

CONTROLS = "a\nb\x1b[31m\u202e\ud800\x7f"


def test_controls_are_escaped():
    assert str(SymcnnError(CONTROLS)) == r"a\nb\x1b[31m\u202e\ud800\x7f"


def test_what_is_too_long_keeps_its_place_and_its_remedy():
    said = str(SymcnnError(f"the place: {'long ' * 900}: the remedy"))
    assert len(said) == 183
    assert said.startswith("the place: long long")
    assert said.endswith("long : the remedy")
    assert said.count(" ... ") == 1
    assert str(SymcnnError("x" * 183)) == "x" * 183


def test_a_place_in_front_makes_no_longer_line():
    with pytest.raises(NotFiniteError) as caught, located("folder\n/" * 90):
        raise NotFiniteError("log(0) has no value: take another loss")
    assert len(str(caught.value)) == 183
    assert str(caught.value).startswith(r"...")
    assert r"/folder\n/folder\n/: log(0)" in str(caught.value)
    assert str(caught.value).endswith("log(0) has no value: take another loss")


def test_several_mistakes_are_a_line_each():
    mistakes = SeveralMistakesError([SymcnnError("one\n"), SymcnnError("two " * 90)]).at("file")
    for error in (mistakes, pickle.loads(pickle.dumps(mistakes))):
        first, second = str(error).split("\n")
        assert first == r"file: one\n"
        assert len(second) == 183
        assert second.startswith("file: two two")


def test_whatever_is_said_besides_the_results_is_a_line_of_200_letters(capsys):
    for kind in ("error", "warning"):
        say(kind, f"{CONTROLS} {'long ' * 99}")
        (line,) = capsys.readouterr().err.splitlines()
        assert line.isprintable()
        assert len(line) <= 200
        assert line.startswith(rf"symcnn: {kind}: a\nb\x1b[31m")


def test_what_a_user_gave_is_quoted_on_one_line():
    network = sc.Network((1,), [sc.Dense(1, name="w" * 60)], sc.SumOfOutputs())
    with pytest.raises(SymcnnError) as caught:
        sc.Problem(network, {"x": [1], "\x1b" * 300: [1]})
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) <= 183
