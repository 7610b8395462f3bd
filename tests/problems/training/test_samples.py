"""Data: what is read, and one line for everything that can be wrong."""

import pickle
import zipfile

import numpy as np
import pytest

import symcnn as sc
from symcnn.equations.values.archive import Archive
from symcnn.problems.training.samples import checked

IMAGES = sc.Network((2, 2, 1), [sc.Flatten(), sc.Dense(3, bias=False)], sc.SoftmaxCrossEntropy())
X, Y = np.arange(20.0).reshape(5, 4), np.array([0, 2, 1, 0, 2])
TARGET = np.eye(3)[Y]


def problem(network=IMAGES):
    weight = np.zeros((3, 4))
    return sc.Problem(network, {"x": [0] * 4, "dense1.weight": weight, "target": [1, 0, 0]})


def test_classes_become_targets():
    samples = checked({"x": X, "y": Y}, IMAGES, "float64")
    assert samples.given["target"].tolist() == TARGET.tolist()
    assert samples.given["x"].shape == (5, 2, 2, 1)
    assert samples.given["x"][1, 1, 0, 0] == 6.0


def test_bytes_are_read_as_they_are():
    samples = checked({"x": np.full((5, 2, 2, 1), 255, np.uint8), "y": Y}, IMAGES, "float32")
    assert samples.given["x"].dtype == np.float32
    assert samples.given["x"].max() == 255


def test_a_loss_without_target_needs_inputs_alone():
    network = sc.Network((4,), [sc.Dense(1, bias=False)], sc.SumOfOutputs())
    samples = checked({"x": X}, network, "float64")
    assert [*samples.given] == ["x"]


def replaced(array, place, value):
    changed = array.copy()
    changed[place] = value
    return changed


BAD = {
    "no x": ({"y": Y}, "array x is missing: give one of shape samples x 2x2x1"),
    "no y": ({"x": X}, "array y is missing: .*, or target"),
    "both": ({"x": X, "y": Y, "target": TARGET}, "y is given, but so is target"),
    "a typo": ({"xs": X, "y": Y}, "array 'xs' is unknown: did you mean 'x'"),
    "another shape": ({"x": X[:, :3], "y": Y}, r"x has the shape 5x3, .*x.reshape\(-1, 2, 2, 1\)"),
    "one number": ({"x": 3.0, "y": Y}, "x has the shape of a single number"),
    "no samples": ({"x": X[:0], "y": Y[:0]}, "x contains no samples"),
    "words": ({"x": np.full((5, 4), "1"), "y": Y}, "x is an array of <U1: give real numbers"),
    "complex numbers": ({"x": X + 1j, "y": Y}, "x is an array of complex128"),
    "not finite": ({"x": replaced(X, (1, 2), np.nan), "y": Y}, r"x\[1, 1, 0, 0\] is nan"),
    "fewer classes": ({"x": X, "y": Y[:4]}, "x has 5 samples, but y has 4"),
    "fewer targets": ({"x": X, "target": TARGET[:4]}, "x has 5 samples, but target has 4"),
    "a class too many": ({"x": X, "y": Y + 1}, r"y\[1\] is 3: .* from 0 to 2"),
    "a class below 0": ({"x": X, "y": Y - 1}, r"y\[0\] is -1"),
    "classes as floats": ({"x": X, "y": Y / 1}, r"y is an array of float64: .*y.astype\(int\)"),
    "classes as rows": ({"x": X, "y": TARGET.astype(int)}, "y has the shape 5x3, but one number"),
    "no distribution": ({"x": X, "target": 2 * TARGET}, "sum to 2"),
}


@pytest.mark.parametrize("case", BAD)
def test_it_is_refused(case, tmp_path):
    arrays, message = BAD[case]
    np.savez(tmp_path / "data.npz", **arrays)
    with pytest.raises(sc.SymcnnError, match=f"data.npz: .*{message}") as caught:
        sc.train(problem(), 1, 0.1, tmp_path / "data.npz")
    assert str(caught.value).isprintable()
    with pytest.raises(sc.SymcnnError, match=message):
        sc.train(problem(), 1, 0.1, arrays)


def test_classes_need_several_outputs():
    network = sc.Network((4,), [sc.Dense(1, bias=False)], sc.HalfSquaredError())
    with pytest.raises(sc.SymcnnError, match="output has the shape 1: give target instead"):
        checked({"x": X, "y": Y}, network, "float64")


class Harm:
    """What would run when it is unpickled."""

    def __reduce__(self):
        return print, ("run",)


def files(folder):
    """Files that are no archives of arrays, by what they are."""
    for name in ("text", "array", "pickle", "objects", "cut", "damaged", "header", "large"):
        (folder / name).mkdir()
    (folder / "text" / "d.npz").write_text("x = 1\n")
    with (folder / "array" / "d.npz").open("wb") as file:
        np.save(file, X)
    (folder / "pickle" / "d.npz").write_bytes(pickle.dumps(Harm()))
    np.savez(folder / "objects" / "d.npz", x=np.array([Harm()], dtype=object))
    np.savez(folder / "cut" / "d.npz", x=X)
    whole = (folder / "cut" / "d.npz").read_bytes()
    (folder / "cut" / "d.npz").write_bytes(whole[:-40])
    place = whole.index(X.tobytes())
    (folder / "damaged" / "d.npz").write_bytes(whole[:place] + b"\1" + whole[place + 1 :])
    of_header(folder / "header" / "d.npz", b"{'descr': '<f8', 'shape': ((((\n")
    stated = b"{'descr': '<f8', 'fortran_order': False, 'shape': (%d, 4)}\n" % 10**13
    of_header(folder / "large" / "d.npz", stated)


def of_header(path, header):
    """Write an archive with one array that has a header and nothing else."""
    with zipfile.ZipFile(path, "w") as archive:
        length = len(header).to_bytes(2, "little")
        archive.writestr("x.npy", b"\x93NUMPY\x01\x00" + length + header)


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("text", "not a valid .npz file"),
        ("array", "a single array without a name"),
        ("pickle", "not a valid .npz file"),
        ("objects", "'x' contains Python objects, which are not read"),
        ("cut", "not a valid .npz file"),
        ("damaged", "not a valid .npz file"),
        ("header", "not a valid .npz file"),
        ("large", "an array does not fit into memory"),
        ("missing", "cannot read the file: No such file"),
    ],
)
def test_a_file_that_is_no_archive_is_refused(kind, message, tmp_path, capsys):
    files(tmp_path)
    with pytest.raises(sc.SymcnnError, match=message):
        Archive(tmp_path / kind / "d.npz").arrays()
    assert capsys.readouterr().out == ""
