"""The plugin of mystmd: what it offers, and the nodes that it returns."""

import io
import json
import sys

import pytest

from symcnn.cli.myst import main
from symcnn.problems.examples import cnn_by_hand
from symcnn.problems.write import problem_file

SLOPE = r"\delta^{z}_{13} x_{2} + \delta^{z}_{23} x_{3}"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run the plugin as mystmd does."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my.toml").write_text(problem_file(cnn_by_hand()))

    def run(*arguments, **data):
        monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(data)))
        assert main(arguments) == 0
        return json.loads(capsys.readouterr().out)

    return run


def test_it_says_what_it_offers(run):
    (directive,) = run()["directives"]
    assert directive["name"] == "symcnn"
    assert directive["options"]["entry"] == {"type": "string"}
    assert directive["options"]["staged"] == {"type": "boolean"}
    assert directive["options"]["kernel-size"] == {"type": "string"}


@pytest.mark.usefixtures("few_sizes")
def test_a_directive_is_nodes_with_labels(run, tmp_path):
    options = {"label": "One", "entry": "w_23", "staged": True}
    (formula,) = run("--directive", "symcnn", arg="formula my.toml", options=options)
    assert formula == {
        "type": "math",
        "value": rf"\frac{{\partial L}}{{\partial w_{{23}}}} = {SLOPE}",
        "enumerated": True,
        "label": "One",
        "identifier": "one",
    }
    (figure,) = run("--directive", "symcnn", arg="figure window my.toml", options={"caption": "A"})
    image, caption = figure["children"]
    assert image["url"].startswith("data:image/svg+xml;base64,")
    assert caption["children"][0]["children"] == [{"type": "text", "value": "A"}]
    nodes = run("--directive", "symcnn", arg="theorem relu", options={"label": "rule"})
    assert [node["type"] for node in nodes if node.get("label") == "rule"] == ["admonition"]
    assert len(list((tmp_path / "_build" / "symcnn").iterdir())) == 3


def test_what_is_wrong_stands_on_the_page(run):
    (node,) = run("--directive", "symcnn", arg="formula conv9 my.toml")
    said = node["children"][1]["children"][0]["value"]
    assert node["kind"] == "error"
    assert said.startswith("there is no formula of 'conv9': did you mean 'conv1'")
    assert main(["--role", "symcnn"]) == 2
