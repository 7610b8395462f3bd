"""What a problem file says, and what comes of it."""

from pathlib import Path

import pytest
from sympy import Rational

import symcnn as sc
from tests.problems.bad_files import BAD
from tests.problems.example import GRAPH, TEXT, changed, written


def test_numbers_are_read_exactly(tmp_path: Path) -> None:
    problem = sc.load(written(tmp_path, TEXT))
    assert problem.values["x"] == (1, Rational(2, 5), Rational(7, 10))
    assert problem.values["dense1.weight"] == (Rational(1, 10), Rational(1, 2), Rational(3, 5))
    assert problem.values["target"] == (Rational(4, 5),)
    assert problem.learning_rate == Rational(1, 2)
    assert problem.title == "CNN by hand"


@pytest.mark.parametrize(
    ("number", "value"),
    [
        ('"1/3"', Rational(1, 3)),
        ('"-2/4"', Rational(-1, 2)),
        ('"0.25"', Rational(1, 4)),
        ('"1e-3"', Rational(1, 1000)),
        ("+5", 5),
        ("1e2", 100),
        ("1_000", 1000),
        ("0.1000000000000000055511151231257827", Rational("0.1000000000000000055511151231257827")),
    ],
)
def test_a_number_is_an_integer_a_decimal_or_a_text(
    tmp_path: Path, number: str, value: Rational
) -> None:
    problem = sc.load(str(written(tmp_path, changed("[0.8]", f"[{number}]"))))
    assert problem.values["target"] == (value,)


def test_the_network_is_that_of_the_file(tmp_path: Path) -> None:
    assert sc.load(written(tmp_path, TEXT)).network == sc.Network(
        input_shape=(3, 1, 1),
        layers=[
            sc.Conv2D(3, kernel_size=(2, 1), bias=False),
            sc.MaxPool2D((2, 1), stride=1),
            sc.Flatten(),
            sc.Dense(1, bias=False),
            sc.Sigmoid(),
        ],
        loss=sc.HalfSquaredError(),
    )


ALL_KEYS = """
[input]
shape = [4, 4, 2]
batch = 2
values = {values}

[[layers]]
type = "conv2d"
name = "first"
filters = 2
kernel_size = 2
stride = [1, 2]
padding = [[1, 0], [0, 1]]
dilation = [2, 1]
groups = 2
bias = true
weight = [[[[1, 2]], [[3, 4]]], [[[5, 6]], [[7, 8]]]]
bias_values = [0.5, "1/7"]

[[layers]]
type = "relu"
[[layers]]
type = "max_pool2d"
pool_size = 2
stride = 1
padding = "same"
ties = "split"
[[layers]]
type = "tanh"
[[layers]]
type = "avg_pool2d"
pool_size = [2, 1]
stride = 1
padding = 0
[[layers]]
type = "flatten"
[[layers]]
type = "dense"
units = 1
weight = {dense}
bias_values = 1

[loss]
type = "half_squared_error"
target = [[1], [2]]
reduction = "sum"
"""


def test_every_key_reaches_its_layer(tmp_path: Path) -> None:
    text = ALL_KEYS.format(values=list(range(64)), dense=[1] * 8)
    problem = sc.load(written(tmp_path, text))
    assert problem.network.batch == 2
    assert problem.network.loss == sc.HalfSquaredError(reduction="sum")
    assert problem.network.layers == (
        sc.Conv2D(
            2,
            kernel_size=2,
            stride=(1, 2),
            padding=((1, 0), (0, 1)),
            dilation=(2, 1),
            groups=2,
            name="first",
        ),
        sc.ReLU(),
        sc.MaxPool2D(2, stride=1, padding="same", ties="split"),
        sc.Tanh(),
        sc.AvgPool2D((2, 1), stride=1),
        sc.Flatten(),
        sc.Dense(1),
    )
    assert problem.values["first.weight"] == (1, 2, 3, 4, 5, 6, 7, 8)
    assert problem.values["first.bias"] == (Rational(1, 2), Rational(1, 7))
    assert problem.values["x"] == tuple(range(64))


def test_a_graph_reaches_its_layers(tmp_path: Path) -> None:
    problem = sc.load(written(tmp_path, GRAPH))
    assert problem.network.loss == sc.Upstream(l2=Rational(1, 100))
    assert problem.network.layers == (
        sc.Conv1D(2, kernel_size=3, padding="same"),
        sc.BatchNorm(epsilon=Rational(1, 8)),
        sc.ELU(alpha=Rational(3, 10)),
        sc.Conv1D(2, kernel_size=3, padding="same", name="again", weight_from="conv1"),
        sc.Add(inputs=("again", "x")),
        sc.AvgPool1D(2, padding=(1, 1), count_include_pad=False),
        sc.Concatenate(inputs=("pool1", "pool1")),
        sc.BatchNorm(affine=False),
        sc.Softmax(),
    )
    assert set(problem.values) == {
        *("x", "conv1.weight", "conv1.bias", "batch_norm1.weight", "batch_norm1.bias", "gradient")
    }
    assert problem.values["batch_norm1.weight"] == (1, Rational(1, 2))
    assert problem.values["gradient"] == tuple(n % 5 for n in range(36))
    assert problem.values["x"][:3] == (0, Rational(1, 4), 1)


def test_nested_and_flat_lists_are_the_same(tmp_path: Path) -> None:
    nested = sc.load(written(tmp_path, changed("[1, 0.4, 0.7]", "[[[1]], [[0.4]], [[0.7]]]")))
    assert nested == sc.load(written(tmp_path, TEXT, "flat.toml"))


def test_a_title_is_any_printable_text(tmp_path: Path) -> None:
    title = r"""$\frac{1}{2}$ <b>"quoted"</b> {x} %s Größe `__import__('os')`"""
    problem = sc.load(written(tmp_path, changed('title = "CNN by hand"', f"title = '''{title}'''")))
    assert problem.title == title


def test_a_byte_order_mark_is_no_content(tmp_path: Path) -> None:
    assert sc.load(written(tmp_path, "\ufeff" + TEXT)).title == "CNN by hand"


@pytest.mark.parametrize("case", BAD)
def test_a_mistake_is_one_line_with_file_place_and_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    text, fragments = BAD[case]
    written(tmp_path, text)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(sc.SymcnnError) as caught:
        sc.load("problem.toml")
    message = str(caught.value)
    assert message.split("\n") == [*map(str, caught.value.mistakes)]
    for line in message.split("\n"):
        assert line.startswith("problem.toml: ")
        assert line.isprintable()
        assert len(line) <= 183
    for fragment in fragments:
        assert fragment in message


def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent.toml", tmp_path / "a\nb", "a\0b"):
        with pytest.raises(sc.SymcnnError) as caught:
            sc.load(path)
        assert str(caught.value).isprintable()
