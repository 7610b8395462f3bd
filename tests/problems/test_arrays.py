"""Arrays beside a problem file, as ``numpy.savez`` writes them."""

import pickle
import zipfile
from contextlib import chdir
from fractions import Fraction

import numpy as np
import pytest
from sympy import Rational

import symcnn as sc
from symcnn import limits
from symcnn.equations.values import floats
from symcnn.problems.load import load_network
from symcnn.problems.write import problem_file
from tests.draws import slow
from tests.problems.example import TEXT, written

WEIGHT = np.array([[[[0.2, 0.3, -0.1]]], [[[0.1, -0.1, 0.2]]]])
ARRAYS = {
    "x": np.array([1, 0.4, 0.7]),
    "conv1.weight": WEIGHT,
    "dense1.weight": np.array([[0.1, 0.5, 0.6]]),
    "target": np.array(0.8),
}
NUMBERS = ("values = [1, 0.4, 0.7]", "weight = [0.1, 0.5, 0.6]", "target = [0.8]")


def without(text, *lines):
    for line in lines:
        assert line in text
        text = text.replace(line, "")
    return text


KERNEL = TEXT[TEXT.index("weight = [", TEXT.index("conv2d")) :].partition("]")[0] + "]"
BARE = 'arrays = "numbers.npz"\n' + without(TEXT, KERNEL, *NUMBERS)


def loaded(folder, arrays, text=BARE):
    np.savez(folder / "numbers.npz", **arrays)
    return sc.load(written(folder, text))


def refused(folder, arrays, text=BARE):
    np.savez(folder / "numbers.npz", **arrays)
    written(folder, text)
    with chdir(folder), pytest.raises(sc.SymcnnError) as caught:
        sc.load("problem.toml")
    lines = str(caught.value).split("\n")
    assert all(line.isprintable() and len(line) <= 183 for line in lines)
    assert all(line.startswith("problem.toml: ") for line in lines)
    return str(caught.value)


def test_arrays_are_the_numbers_of_the_example(tmp_path):
    problem = loaded(tmp_path, ARRAYS)
    assert problem == sc.load(written(tmp_path, TEXT, "whole.toml"))
    assert problem.values["x"] == (1, Rational(2, 5), Rational(7, 10))


def test_each_number_stands_in_one_of_the_two(tmp_path):
    some = {"x": ARRAYS["x"], "conv1.weight": WEIGHT.ravel()}
    text = 'arrays = "numbers.npz"\n' + without(TEXT, KERNEL, NUMBERS[0])
    assert loaded(tmp_path, some, text) == sc.load(written(tmp_path, TEXT, "whole.toml"))


@pytest.mark.parametrize(
    ("numbers", "first"),
    [
        (np.array([1, 2, 3], np.int8), 1),
        (np.array([2**64 - 1, 0, 0], np.uint64), 2**64 - 1),
        (np.array([0.1, 0, 0], np.float32), Rational("0.10000000149011612")),
        (np.array([0.1, 0, 0], np.float16), Rational("0.0999755859375")),
        (np.array([0.1, 0, 0], ">f8"), Rational(1, 10)),
        (np.asfortranarray([[[0.1]], [[0]], [[0]]]), Rational(1, 10)),
    ],
)
def test_every_type_of_real_numbers_is_read(numbers, first, tmp_path):
    assert loaded(tmp_path, ARRAYS | {"x": numbers}).values["x"][0] == first


def test_arrays_of_another_folder(tmp_path):
    (tmp_path / "numbers").mkdir()
    np.savez_compressed(tmp_path / "numbers" / "a.npz", **ARRAYS)
    text = BARE.replace("numbers.npz", "numbers/a.npz")
    assert sc.load(written(tmp_path, text)).values["target"] == (Rational(4, 5),)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"x": np.ones((1, 3))}, "numbers.npz: x has the shape 1x3, but 3x1x1 is needed"),
        (
            {"conv1.weight": np.ones((3, 1, 2, 1))},
            'conv1.weight has the shape (3, 1, 2, 1): layout = "filters-first" at the top of the '
            "file reads it as 3 filters of 2 x 1",
        ),
        ({"x": np.ones(3, complex)}, "x is an array of complex128: save integers or floats"),
        ({"x": np.ones(3, np.longdouble)}, "x is an array of float128: save integers or floats"),
        ({"x": np.ones(3, bool)}, "x is an array of bool: save integers or floats"),
        ({"x": np.array(["a", "b", "c"])}, "x is an array of <U1: save integers or floats"),
        ({"x": [1, np.nan, np.inf]}, "numbers.npz: x, number 2, is nan: a finite number is needed"),
        ({"target": -np.inf}, "numbers.npz: target, number 1, is -inf: a finite number"),
        (
            {"conv1.wieght": WEIGHT},
            "numbers.npz: the network takes no numbers for 'conv1.wieght': did you mean "
            "'conv1.weight'? choose from x, conv1.weight, dense1.weight, target",
        ),
        ({"conv1.bias": np.ones(3)}, "the network takes no numbers for 'conv1.bias'"),
    ],
)
def test_what_does_not_fit_is_one_line(arrays, message, tmp_path):
    if "float128" in message and np.dtype(np.longdouble).name != "float128":
        pytest.skip("the machine has no float of 128 bits")
    assert message in refused(tmp_path, ARRAYS | arrays)


def test_what_is_missing_is_one_line(tmp_path):
    arrays = {name: array for name, array in ARRAYS.items() if name != "dense1.weight"}
    assert refused(tmp_path, arrays).endswith(
        "layers[3] (dense): the key 'weight' is missing: save dense1.weight in numbers.npz, or "
        "give numbers of shape 1x3, nested or in one flat list"
    )


def test_what_is_given_twice_is_one_line(tmp_path):
    text = 'arrays = "numbers.npz"\n' + without(TEXT, KERNEL, *NUMBERS[1:])
    assert refused(tmp_path, ARRAYS, text).endswith(
        "input: values is given here and, as x, in numbers.npz: remove one of the two"
    )


def test_all_mistakes_are_told_at_once(tmp_path):
    told = refused(tmp_path, ARRAYS | {"x": np.ones(4), "y": [1], "target": [1, 2]})
    assert [line.partition("numbers.npz: ")[2].split()[0] for line in told.split("\n")] == [
        *("the", "x", "target")
    ]


def test_objects_are_not_unpickled(tmp_path):
    class Harm:
        def __reduce__(self):
            return print, ("harm",)

    assert "x is an array of object" in refused(tmp_path, {"x": np.array([Harm()], object)})
    (tmp_path / "numbers.npz").write_bytes(pickle.dumps(Harm()))
    with pytest.raises(sc.SymcnnError, match=r"this is not a valid \.npz file: save it with numpy"):
        sc.load(written(tmp_path, BARE))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ('"absent.npz"', "absent.npz: cannot read the file: No such file or directory: check"),
        ('"."', "cannot read the file: Is a directory"),
        ("3", "arrays is 3: give printable text on one line"),
        ('"a\\u0000b"', "arrays is 'a\\x00b': give printable text"),
        ('"problem.toml"', "problem.toml: this is not a valid .npz file"),
    ],
)
def test_a_file_that_is_none_is_one_line(name, message, tmp_path):
    text = BARE.replace('"numbers.npz"', name)
    with pytest.raises(sc.SymcnnError) as caught:
        sc.load(written(tmp_path, text))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_cannot_fit_is_refused_before_it_is_read(tmp_path, monkeypatch):
    """The file says that x has 10^13 numbers; it holds none."""
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (%d, 1, 1)}\n" % 10**13
    with zipfile.ZipFile(tmp_path / "numbers.npz", "w") as archive:
        archive.writestr("x.npy", b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header)
    with pytest.raises(sc.SymcnnError, match="x has the shape 10000000000000x1x1, but 3x1x1 is"):
        sc.load(written(tmp_path, BARE))
    monkeypatch.setattr(limits, "GIVEN_NUMBERS", 12)
    with pytest.raises(sc.TooLargeError, match="the network takes 13 numbers"):
        loaded(tmp_path, ARRAYS)


@slow
def test_long_arrays_stay_floats_and_are_read_exactly(tmp_path):
    """Each entry is the decimal that is read as the float, as if it stood in a list."""
    size = floats.LONG
    network = sc.Network((size,), [sc.Dense(1, bias=False)], sc.SumOfOutputs())
    numbers = np.random.default_rng(0).normal(size=size)
    lists = sc.Problem(network, {"x": numbers.tolist(), "dense1.weight": numbers.tolist()})
    arrays = sc.Problem(network, {"x": numbers, "dense1.weight": numbers[None]})
    x = arrays.values["x"]
    assert isinstance(x, floats.Row)
    assert isinstance(lists.values["x"], tuple)
    assert arrays == lists == arrays
    assert lists.values["x"] == x != (0,) * size
    assert x[:2] == lists.values["x"][:2]
    numbers[:] = 0  # a problem has its own
    assert arrays.values["x"] == x == sc.Problem(network, arrays.values).values["x"]
    assert sc.evaluate(arrays).loss == sc.evaluate(lists).loss
    sc.save(arrays, tmp_path / "long.toml", "long.npz")
    assert "0." not in (tmp_path / "long.toml").read_text()
    assert sc.load(tmp_path / "long.toml") == lists
    sc.save(arrays, tmp_path / "alone.toml")
    assert sc.load(tmp_path / "alone.toml") == lists


def test_what_is_no_number_in_a_long_array_is_named():
    network = sc.Network((floats.LONG,), [sc.Dense(1, bias=False)], sc.SumOfOutputs())
    numbers = np.ones(floats.LONG)
    numbers[7] = np.nan
    with pytest.raises(sc.SymcnnError, match="x, number 8, is nan: a finite number is needed"):
        sc.Problem(network, {"x": numbers, "dense1.weight": np.ones(floats.LONG)})


MASKED = """
arrays = "numbers.npz"
input = {shape = [2]}
layers = [{type = "dropout"}]
loss = {type = "half_squared_error", weighted = true}
"""


def test_a_worksheet_keeps_the_masks_and_weights_that_lie_beside(tmp_path):
    np.savez(tmp_path / "numbers.npz", **{"dropout1.mask": [1, 0], "loss.weight": [1, 2]})
    kept = load_network(written(tmp_path, MASKED)).kept
    assert {*kept} == {"dropout1.mask", "loss.weight"}
    assert kept["dropout1.mask"] == [1, 0]


def test_a_problem_is_written_with_its_arrays_beside(tmp_path):
    problem = sc.examples.cnn_by_hand()
    sc.save(problem, tmp_path / "p.toml", "p.npz")
    text = (tmp_path / "p.toml").read_text()
    assert '\narrays = "p.npz"\n\n[input]\n' in text
    assert not {"values", "weight", "target"} & set(text.split())
    with np.load(tmp_path / "p.npz") as arrays:
        assert {name: arrays[name].tolist() for name in arrays} == {
            "x": [[[1.0]], [[0.4]], [[0.7]]],
            "conv1.weight": WEIGHT.tolist(),
            "dense1.weight": [[0.1, 0.5, 0.6]],
            "target": [0.8],
        }
    assert sc.load(tmp_path / "p.toml").values == problem.values


def test_what_no_float_holds_remains_in_the_problem_file(tmp_path):
    network = sc.Network((2,), [sc.Dense(1)], sc.SumOfOutputs())
    values = {"x": [2**60 + 1, 1], "dense1.weight": [Fraction(1, 3), 0], "dense1.bias": [0.1]}
    problem = sc.Problem(network, values)
    sc.save(problem, tmp_path / "p.toml", "p.npz")
    with np.load(tmp_path / "p.npz") as arrays:
        assert [*arrays] == ["dense1.bias"]
    assert sc.load(tmp_path / "p.toml").values == problem.values


def test_a_problem_is_written_alone(tmp_path):
    problem = sc.examples.cnn_by_hand()
    sc.save(problem, tmp_path / "p.toml")
    assert (tmp_path / "p.toml").read_text() == problem_file(problem)
    assert sc.load(tmp_path / "p.toml").values == problem.values
    assert [file.name for file in tmp_path.iterdir()] == ["p.toml"]


def test_a_place_that_cannot_be_written_is_one_line(tmp_path):
    with pytest.raises(sc.SymcnnError, match=r"cannot write .*absent.p\.toml: No such file or dir"):
        sc.save(sc.examples.cnn_by_hand(), tmp_path / "absent" / "p.toml")


def test_the_same_numbers_are_the_same_bytes(tmp_path):
    for name in ("one.npz", "two.npz"):
        sc.save(sc.examples.cnn_by_hand(), tmp_path / "p.toml", name)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
