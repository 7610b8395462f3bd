"""The table of a network's layers: parameters and multiplications as they are known."""

import pytest

import symcnn as sc
from symcnn.cli.start import main

LENET = [
    *(sc.Conv2D(6, 5, padding=2), sc.Tanh(), sc.AvgPool2D(2)),
    *(sc.Conv2D(16, 5), sc.Tanh(), sc.AvgPool2D(2), sc.Flatten()),
    *(sc.Dense(120), sc.Tanh(), sc.Dense(84), sc.Tanh(), sc.Dense(10)),
]


@pytest.mark.parametrize("samples", [None, 3])
def test_lenet(samples):
    """The usual 61,706 parameters and 416,520 multiplications."""
    network = sc.Network((28, 28, 1), LENET, sc.SoftmaxCrossEntropy(), batch=samples)
    made, times = network.summary(), samples or 1
    assert (made.parameters, made.multiplications) == (61_706, times * 416_520)
    first = made.rows[1]
    assert first == ("conv1", "Conv2D", network.stages[0].output.shape, 156, times * 117_600)
    total = str(made).splitlines()[-1].split()
    assert total == ["total", "61,706", f"{times * 416_520:,}"]


def test_shared_parameters_count_once_and_products_twice():
    layers = [sc.Dense(3, bias=False, name="a"), sc.Dense(3, bias=False, weight_from="a")]
    made = sc.Network((3,), layers, sc.SumOfOutputs()).summary()
    assert (made.parameters, made.multiplications) == (9, 18)


def test_letters_for_sizes():
    h = sc.size("H")
    made = sc.Network((h, 2), [sc.Conv1D(3, 1, bias=False)], sc.SumOfOutputs()).summary()
    assert (made.parameters, made.multiplications) == (6, 6 * h)
    assert str(made).splitlines()[-1].split() == ["total", "6", "6*H"]


def test_what_notebooks_show():
    network = sc.Network((3,), [sc.Dense(2, name="a_b")], sc.SumOfOutputs())
    assert network._repr_markdown_() == (
        "| layer | type | output | parameters | multiplications |\n"
        "| --- | --- | --- | --: | --: |\n"
        "| x | input | 3 |  |  |\n"
        "| a_b | Dense | 2 | 8 | 6 |\n"
        "| total |  |  | 8 | 6 |"
    )
    assert "<tr><td>a_b</td><td>Dense</td><td>2</td><td>8</td><td>6</td></tr>" in (
        network._repr_html_()
    )
    assert "\na\\_b & Dense & 2 & 8 & 6 \\\\\n" in network._repr_latex_()
    assert "Multiplications of a forward pass: 15." in sc.examples.cnn_by_hand()._repr_markdown_()


def test_the_command_needs_no_numbers(tmp_path, capsys):
    file = tmp_path / "a.toml"
    file.write_text(
        'title = "A net"\n[input]\nshape = [3]\n[[layers]]\ntype = "dense"\nunits = 2\n'
        '[loss]\ntype = "mean_squared_error"\n'
    )
    assert main(["summary", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["A net", ""]
    assert lines[-1].split() == ["total", "8", "6"]
