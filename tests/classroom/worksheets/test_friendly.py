"""What numbers of a sheet are like: short, far from ties and kinks, and none 0 by accident."""

from fractions import Fraction

import numpy as np
import pytest

import symcnn as sc
from symcnn.errors import SymcnnError, TooLargeError
from symcnn.problems.write import problem_file
from tests.classroom.worksheets import by_hand
from tests.classroom.worksheets.made import CHOSEN, made
from tests.classroom.worksheets.networks import SMALL
from tests.draws import slow

SMOOTH = [name for name in CHOSEN if name in ("signals", "transposed", "depthwise")]


@pytest.mark.parametrize("name", CHOSEN)
def test_given_numbers_have_one_digit(name, folder):
    for variant in made(name, folder).variants:
        for tensor, numbers in variant.problem.values.items():
            for number in numbers:
                value = Fraction(int(number.p), int(number.q))
                assert 0 < abs(value) < 1 or tensor in ("x", "target")
                assert (10 * value).denominator == 1


@pytest.mark.parametrize("name", CHOSEN)
def test_variants_differ_in_numbers_alone(name, folder):
    one, other = (variant.problem for variant in made(name, folder).variants)
    assert one.network == other.network
    for tensor, numbers in one.values.items():
        others = other.values[tensor]
        signs = [sum(bool(v < 0) for v in drawn) for drawn in (numbers, others)]
        assert signs[0] == signs[1] or tensor == "target"
    assert one.values["x"] != other.values["x"]


@pytest.mark.parametrize("name", SMOOTH)
def test_figures_are_neither_0_nor_equal_by_accident(name, folder):
    """None of these networks has rectifiers, so that every figure that is 0 would be one."""
    for variant in made(name, folder).variants:
        assert all(float(figure.text) != 0 for figure in variant.figures)
        weights = [t.name for t in variant.problem.network.parameters if t.name.endswith("weight")]
        slopes = [v for n in weights for v in variant.problem.quantity(f"gradient of {n}")]
        shown = [f"{float(v):.3e}" for v in slopes]
        assert len({*shown}) == len(shown)


@slow
def test_maxima_have_a_winner_and_rectifiers_pass_something_on(folder):
    for variant in made("maxima", folder, 1, "forward").variants:
        sheet = by_hand.solved(problem_file(variant.problem))
        windows = np.lib.stride_tricks.sliding_window_view(sheet["relu1"], (2, 2), axis=(0, 1))
        ranked = np.sort(windows.reshape(-1, 4), axis=1)
        assert ((ranked[:, -1] - ranked[:, -2]) / ranked[:, -1] > 0.02).all()
        assert (np.abs(sheet["conv1"]) > 0.02).all()
        assert np.count_nonzero(sheet["relu1"]) >= 9
        hundredths = 100 * sheet["conv1"]
        assert np.allclose(hundredths, np.round(hundredths), rtol=0, atol=1e-9)


@slow
def test_the_seed_says_which_numbers(folder):
    path = folder / "seeds.toml"
    path.write_text(SMALL, encoding="utf-8")
    one, again, other = (sc.worksheet(path, 1, seed) for seed in (1, 1, 2))
    assert one.keys_csv() == again.keys_csv() != other.keys_csv()
    more = sc.worksheet(path, 2, 1)
    assert more.variants[0].problem == one.variants[0].problem


def test_a_network_may_have_numbers_or_none():
    net = sc.Network((3, 1), [sc.Conv1D(1, 2, bias=False)], sc.SumOfOutputs())
    problem = sc.Problem(net, {"x": [1, 2, 3], "conv1.weight": [0, 0]}, title="Mine")
    bare, named = (sc.worksheet(given, level="convolution") for given in (net, problem))
    assert bare.title == "A convolutional network"
    assert named.title == "Mine"
    assert bare.variants[0].problem.values == named.variants[0].problem.values


def test_masks_stay_and_indices_are_drawn():
    mask = [1, 0, 1, 1]
    net = sc.Network((2,), [sc.Embedding(3, 2), sc.Flatten(), sc.Dropout()], sc.Upstream())
    given = {"embedding1.weight": [0] * 6, "dropout1.mask": mask, "gradient": [1] * 4}
    problem = sc.Problem(net, {"x": [0, 1], **given})
    made = sc.worksheet(problem, level="forward").variants[0].problem
    assert list(made.values["dropout1.mask"]) == mask
    assert {*made.values["x"]} <= {0, 1, 2}
    with pytest.raises(SymcnnError, match="give a Problem with its numbers"):
        sc.worksheet(net)


def test_what_is_too_large_for_a_sheet_is_refused_at_once():
    layers = [sc.Conv2D(64, 3, padding=1), sc.ReLU(), sc.Flatten(), sc.Dense(10)]
    net = sc.Network((224, 224, 3), layers, sc.SoftmaxCrossEntropy())
    with pytest.raises(TooLargeError, match="more than the 5,000 of a worksheet: use a smaller"):
        sc.worksheet(net)
    wide = sc.Network((1100,), [sc.Dense(1)], sc.SquaredError())
    with pytest.raises(TooLargeError, match="1,100 numbers in x, more than the 1,024"):
        sc.worksheet(wide)


@slow
def test_where_no_numbers_do_a_line_says_what_is_missed():
    """An entry that is kept with a probability of 1/1000 is multiplied by 1000."""
    net = sc.Network((2,), [sc.Dropout(rate=0.999)], sc.SumOfOutputs())
    problem = sc.Problem(net, {"x": [1, 2], "dropout1.mask": [1, 1]})
    with pytest.raises(SymcnnError, match="give outputs of a readable size: use another seed"):
        sc.worksheet(problem, level="forward")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"variants": 0}, "variants is 0: give a whole number from 1 to 200"),
        ({"seed": -1}, "seed is -1: give a whole number from 0"),
        ({"digits": 2}, "digits is 2: give a whole number from 3 to 8"),
        ({"level": "hard"}, "level is 'hard': give one of convolution, forward"),
    ],
)
def test_settings_are_checked(settings, said):
    net = sc.Network((3, 1), [sc.Conv1D(1, 2)], sc.SumOfOutputs())
    with pytest.raises(SymcnnError, match=said):
        sc.worksheet(net, **settings)
