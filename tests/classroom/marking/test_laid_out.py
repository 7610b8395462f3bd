"""Answers filter by filter: figures of kernels in the order in which people write them."""

import json

import numpy as np
import pytest

import symcnn as sc

X = np.array([[1, 0, 2], [3, -1, 0], [0, 1, 4]])
W = np.array([[[1, -1], [2, 0]], [[0, 3], [1, 1]], [[2, 2], [-1, 0]]])
"""Three filters of 2 x 2, one after the other."""

G = np.array([[[1, 2], [0, 1]], [[-1, 0], [3, 1]], [[2, 1], [1, -2]]])
"""The derivatives with respect to the three outputs of 2 x 2."""

WINDOWS = np.lib.stride_tricks.sliding_window_view(X, (2, 2))
Z = np.einsum("ijuv,kuv->kij", WINDOWS, W)
DW = np.einsum("ijuv,kij->kuv", WINDOWS, G)
UPDATED = W - DW / 10
LAST = {name: array.transpose(1, 2, 0)[:, :, None] for name, array in (("dw", DW), ("w", UPDATED))}


@pytest.fixture(scope="module")
def problem():
    network = sc.Network((3, 3, 1), [sc.Conv2D(3, 2, bias=False)], sc.Upstream())
    values = {"x": X, "conv1.weight": W, "gradient": G.transpose(1, 2, 0)}
    return sc.Problem(network, values, layout="filters-first", learning_rate=0.1)


def answers(dw=DW, updated=UPDATED, **more):
    figures = {"gradient of conv1.weight": dw.tolist(), "updated conv1.weight": updated.tolist()}
    return {**more, **figures}


def right(problem, given):
    return [f.verdict for f in sc.mark(problem, given).figures if f.answer is not None]


def toml(given):
    return "\n".join(f"{json.dumps(name)} = {json.dumps(value)}" for name, value in given.items())


FORMS = {
    "nested": lambda array: array,
    "of one channel": lambda array: array[:, None],
    "flat": lambda array: array.ravel(),
}


@pytest.mark.parametrize("form", FORMS)
def test_answers_are_read_filter_by_filter(form, problem, tmp_path):
    given = answers(FORMS[form](DW), FORMS[form](UPDATED), layout="filters-first")
    assert right(problem, given) == ["right"] * 24
    (tmp_path / "a.json").write_text(json.dumps(given))
    (tmp_path / "a.toml").write_text(toml(given))
    for name in ("a.json", "a.toml"):
        assert right(problem, tmp_path / name) == ["right"] * 24


def test_without_a_layout_they_are_read_as_they_were(problem):
    for stated in ({}, {"layout": "filters-last"}):
        last = answers(LAST["dw"], LAST["w"], **stated)
        assert right(problem, last) == ["right"] * 24
        flat = answers(LAST["dw"].ravel(), LAST["w"].ravel(), **stated)
        assert right(problem, flat) == ["right"] * 24
    assert "wrong" in right(problem, answers(DW.ravel(), UPDATED.ravel()))


def test_a_class_has_layouts_of_its_own(problem):
    given = {
        "Ada": answers(layout="filters-first"),
        "Bob": answers(LAST["dw"], LAST["w"]),
    }
    made = sc.mark_class(problem, given)
    assert [marking.count("right") for marking in made.markings.values()] == [24, 24]


def test_only_kernels_are_turned(problem):
    last = Z.transpose(1, 2, 0)
    given = {"layout": "filters-first", "conv1": last.tolist()}
    assert right(problem, given) == ["right"] * 12


def test_a_shape_of_the_other_layout_is_refused_by_name(problem, tmp_path):
    with pytest.raises(sc.SymcnnError) as caught:
        sc.mark(problem, answers())
    assert str(caught.value).splitlines() == [
        f'{name} has the shape (3, 2, 2): layout = "filters-first" at the top of the file reads it '
        "as 3 filters of 2 x 2"
        for name in ("gradient of conv1.weight", "updated conv1.weight")
    ]
    with pytest.raises(sc.SymcnnError) as caught:
        sc.mark(problem, answers(LAST["dw"], LAST["w"], layout="filters-first"))
    assert str(caught.value).splitlines()[0] == (
        "gradient of conv1.weight has the shape (2, 2, 1, 3), that of (height, width, channels, "
        'filters): give 3x1x2x2, or leave out layout = "filters-first"'
    )
    (tmp_path / "a.toml").write_text('layout = "rows"\nloss = 1\n')
    with pytest.raises(sc.SymcnnError, match=r"a\.toml: layout is 'rows': give \"filters-first\""):
        sc.mark(problem, tmp_path / "a.toml")


def test_derivatives_of_one_filter_with_several_channels_are_not_guessed():
    network = sc.Network((3, 3, 3), [sc.Conv2D(1, 3, bias=False)], sc.SumOfOutputs())
    x = np.arange(27).reshape(3, 3, 3)
    problem = sc.Problem(network, {"x": x, "conv1.weight": np.ones(27)})
    name = "gradient of conv1.weight"  # with one window, it is the input
    with pytest.raises(sc.SymcnnError, match="reads it as 1 filter with 3 channels of 3 x 3"):
        sc.mark(problem, {name: x.tolist()})
    channels_first = x.transpose(2, 0, 1)
    given = {"layout": "filters-first", name: channels_first.tolist()}
    assert right(problem, given) == ["right"] * 27


def test_rows_of_one_channel_are_answers():
    network = sc.Network((3, 3, 1), [sc.Conv2D(1, 2, bias=False)], sc.SumOfOutputs())
    problem = sc.Problem(network, {"x": X, "conv1.weight": W[0]})
    made = {"conv1": Z[0].tolist(), "gradient of conv1.weight": WINDOWS.sum((0, 1)).tolist()}
    assert right(problem, made) == ["right"] * 8


def test_a_layer_may_be_called_layout():
    network = sc.Network((2,), [sc.Scale(2, name="layout")], sc.SumOfOutputs())
    problem = sc.Problem(network, {"x": [1, 2]})
    assert right(problem, {"layout": [2, 4]}) == ["right"] * 2
    assert right(problem, {"layout": "filters-first", "loss": 6}) == ["right"]
