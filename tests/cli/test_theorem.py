"""symcnn theorem."""

import pytest

from symcnn.cli import main
from tests.draws import slow


def test_a_theorem_is_printed(capsys):
    pytest.importorskip("rich")
    assert main(["theorem", "dense"]) == 0
    assert "Checked at 40 choices of C and U" in " ".join(capsys.readouterr().out.split())


@slow
def test_a_theorem_is_written(tmp_path, capsys):
    command = ["theorem", "relu", "tanh", "--format", "tex,md", "-o", str(tmp_path)]
    assert main([*command, "--index-base", "1", "--decimal-comma"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["theorem.md", "theorem.tex"]
    assert "Indices count from 1" in (tmp_path / "theorem.md").read_text(encoding="utf-8")
    assert "theorem.tex" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "symcnn theorem needs either names, such as conv2d, or --all"),
        (["relu", "--all"], "symcnn theorem needs either names, such as conv2d, or --all"),
        (["conv4d"], "there is no layer or loss 'conv4d': did you mean 'conv3d'?"),
        (["relu", "--format", "odt"], "there is no format 'odt'"),
        (["relu", "--index-base", "2"], "argument --index-base: invalid choice"),
    ],
)
def test_what_is_wrong_is_one_line(arguments, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["theorem", *arguments]) == 2
    err = capsys.readouterr().err
    assert message in err
    assert err.count("\n") == 1
    assert not list(tmp_path.iterdir())
