"""What the command line says of itself."""

import os
import re
import shlex
import subprocess
import sys

import pytest

from symcnn.cli import main
from symcnn.cli.arguments import parse

COMMANDS = ["derive", "evaluate", "train", "export", "check", "new"]
EXAMPLE = re.compile(r"^(?:example:)? +symcnn (.*?)(?:  .*)?$", re.MULTILINE)


def shown(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_alone_it_shows_what_can_be_done(capsys):
    assert main([]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("examples:\n  symcnn derive  ")
    assert len(EXAMPLE.findall(printed)) == 3
    for name in COMMANDS:
        assert re.search(rf"^    {name} +[a-z]", printed, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_opens_with_an_example_that_can_be_run(capsys, command):
    printed = shown(capsys, command)
    examples = EXAMPLE.findall(printed)
    lines = [f"example: symcnn {example}" for example in examples]
    assert printed.startswith("\n".join([*lines, "", "usage: "]))
    for example in examples:
        assert parse(shlex.split(example)).command.__name__ == command


@pytest.mark.skipif(os.name == "nt", reason="the answer goes to /dev/stdout")
@pytest.mark.parametrize(
    ("line", "expected"),
    [("symcnn ", set(COMMANDS)), ("symcnn export --to ", {"numpy", "jax", "sympy"})],
)
def test_a_shell_completes_what_is_typed(line, expected):
    pytest.importorskip("argcomplete")
    asked = {
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_IFS": "\n",
        "_ARGCOMPLETE_STDOUT_FILENAME": "/dev/stdout",
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
    }
    command = [sys.executable, "-m", "symcnn"]
    ended = subprocess.run(command, env=os.environ | asked, capture_output=True, check=True)
    assert expected <= {word.strip() for word in ended.stdout.decode().split("\n")}
