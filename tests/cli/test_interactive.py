"""``symcnn derive --interactive``, and what ``--open`` opens."""

import pytest

from symcnn.cli.run import main
from tests.draws import slow


def test_the_page_is_written_and_opened(monkeypatch, tmp_path):
    opened = []
    monkeypatch.setattr("webbrowser.open", lambda address: opened.append(address) or True)
    command = ["derive", "--interactive", "--sections", "problem,forward", "-o", str(tmp_path)]
    assert main(command) == 0
    assert opened == []
    assert main([*command, "--open"]) == 0
    file = tmp_path / "interactive.html"
    assert opened == [file.as_uri()]
    assert 'id="panel"' in file.read_text(encoding="utf-8")


@slow
def test_without_a_browser_it_says_so(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr("webbrowser.open", lambda address: False)
    command = ["derive", "--interactive", "--open", "--sections", "problem"]
    assert main([*command, "-o", str(tmp_path)]) == 0
    said = "no browser was found: open this file in a browser"
    assert capsys.readouterr().err == f"symcnn: note: {said}\n"


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--format", "html,pdf"], "--interactive writes HTML alone: leave --format out"),
        (["--format", "md", "--open"], "--interactive writes HTML alone: leave --format out"),
        (
            ["--format", "html", "--blanks"],
            "--interactive pages have no --blanks: omit one of the two",
        ),
        (
            ["--format", "html", "--weight", "w_11"],
            "--interactive pages have no --weight: omit one",
        ),
    ],
)
def test_what_pages_do_not_have_is_one_line(capsys, monkeypatch, tmp_path, options, line):
    monkeypatch.chdir(tmp_path)
    assert main(["derive", "--interactive", *options]) == 2
    assert line in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_nothing_else_is_opened(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for options in ([], ["--format", "html"], ["--format", "html", "--practice"]):
        assert main(["derive", "--open", *options]) == 2
        assert "--open applies only to pages that can be changed" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@slow
def test_a_large_network_gets_the_usual_page_and_a_line(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr("symcnn.limits.INTERACTIVE_ENTRIES", 10)
    assert main(["derive", "--interactive", "--format", "html", "-o", str(tmp_path)]) == 0
    written = capsys.readouterr().err
    assert "28 entries" in written
    assert "usual page" not in written
    assert written.count("\n") == 1
    text = (tmp_path / "interactive.html").read_text(encoding="utf-8")
    assert 'id="panel"' not in text
    assert "<math" in text
