"""``symcnn import``: a file of PyTorch or ONNX becomes a problem file."""

import os
import pickle
import zipfile

import numpy as np
import pytest

import symcnn as sc
from symcnn.cli import main


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def exported(folder):
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    parts = torch.nn.Conv2d(2, 3, 3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(24, 2)
    module = torch.nn.Sequential(*parts).eval()
    torch.export.save(torch.export.export(module, (torch.rand(2, 2, 4, 6),)), "net.pt2")
    return module


def failed(capsys, *arguments):
    assert main(["import", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err.removeprefix("symcnn: error: ").rstrip("\n")


def test_a_program_of_pytorch(exported, capsys):
    assert main(["import", "net.pt2"]) == 0
    first, *others = capsys.readouterr().out.splitlines()
    assert first.startswith("4 layers, 107 parameters: outputs differ from the source by at most ")
    assert others == ["wrote net.toml", "wrote net.npz"]
    problem = sc.load("net.toml")
    assert problem.title == "net"
    assert problem.network.batch == 2
    kernel = exported[0].weight.detach().double().permute(2, 3, 1, 0).numpy()
    np.testing.assert_array_equal(np.array(problem.values["0.weight"], float), kernel.ravel())


def test_a_model_of_onnx_with_loss_and_data(folder, capsys):
    pytest.importorskip("onnx")
    from tests.imports.models import drawn, saved, single

    weight = drawn(6, 4)
    saved(single("Gemm", (3, 6), weight), folder)
    x = np.arange(18.0).reshape(3, 6) / 10
    np.savez("data.npz", x=x, target=[1, 0, 3])
    command = ["import", "model.onnx", "-o", "my.toml", "--data", "data.npz"]
    assert main([*command, "--loss", "softmax_cross_entropy"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == ["wrote my.toml"]  # few numbers
    z = x @ weight.astype(float)
    log_shares = z - np.log(np.exp(z).sum(1, keepdims=True))
    expected = -log_shares[range(3), [1, 0, 3]].mean()
    assert sc.evaluate(sc.load("my.toml")).loss == pytest.approx(expected, rel=1e-14)


def test_arrays_of_another_model_are_refused_by_their_names(folder, capsys):
    """Before any is read: one of them is no array of numbers."""
    pytest.importorskip("onnx")
    from tests.imports.models import drawn, saved, single

    saved(single("Gemm", (3, 6), drawn(6, 4)), folder)
    np.savez("data.npz", images=np.array(["a cat"]), target=[1, 0, 3])
    assert failed(capsys, "model.onnx", "--data", "data.npz") == (
        "data.npz: the model reads ['x'], but the file has ['images', 'target']: give arrays by "
        "its names"
    )


def test_mistakes(exported, folder, capsys):
    (folder / "net.h5").write_bytes(b"")
    (folder / "text.pt2").write_text("weights")
    np.savez("data.npz", x=np.ones((2, 2, 4, 6)), images=np.ones(2))
    assert failed(capsys, "net.h5") == (
        '\'net.h5\' is of Keras: write model.export("model.onnx", format="onnx"), and import that'
    )
    assert failed(capsys, "other.pt2") == (
        "other.pt2: cannot read the file: No such file or directory: check its name"
    )
    assert failed(capsys, "text.pt2") == (
        "text.pt2: this is not a .pt2 file: write it with torch.export.save"
    )
    assert failed(capsys, "net.pt2", "--loss", "mse").startswith("there is no loss 'mse': ")
    assert failed(capsys, "net.pt2", "--loss", "squared_error") == (
        "squared_error needs a target: give it in --data FILE.npz"
    )
    assert failed(capsys, "net.pt2", "--data", "data.npz") == (
        "data.npz: there is an array 'images': give x and target alone"
    )


class Touches:
    """A pickle that makes a file when it is read."""

    def __reduce__(self):
        return os.mkdir, ("run",)


def changed(name, content):
    """Write net.pt2 with another part, in place of one or beside it."""
    with zipfile.ZipFile("net.pt2") as old, zipfile.ZipFile("bad.pt2", "w") as new:
        for member in old.namelist():
            if not member.endswith(name):
                new.writestr(member, old.read(member))
        new.writestr(name if "/" in name else f"net/data/{name}", content)


@pytest.mark.parametrize(
    "name",
    [
        "net/data/sample_inputs/model.pt",
        "net/data/constants/opaque_obj_0",
        "net/data/constants/opaque_obj_0/data/weights/weight_0",
        "net/data/weights/other",
    ],
)
def test_what_would_be_run_is_not_read(exported, folder, capsys, name):
    changed(name, pickle.dumps(Touches()))
    line = failed(capsys, "bad.pt2")
    assert not (folder / "run").exists()
    if "sample_inputs" in name:
        assert line == (
            "bad.pt2: its example input is a pickled object, which can run code: give an array x, "
            "or export the module with a tensor"
        )
        return
    assert line.startswith("bad.pt2: '")
    assert line.endswith(
        " is a pickled object, which can run code: export a module of tensors and numbers alone"
    )


def test_a_weight_that_says_it_is_pickled(exported, folder, capsys):
    with zipfile.ZipFile("net.pt2") as old:
        (name,) = (n for n in old.namelist() if n.endswith("model_weights_config.json"))
        config = old.read(name).replace(b'"use_pickle": false', b'"use_pickle": true', 1)
    changed(name, config)
    assert "'0.weight' is a pickled object" in failed(capsys, "bad.pt2")


@pytest.mark.parametrize("package", ["torch", "onnx"])
def test_what_is_not_installed_is_one_line(folder, capsys, monkeypatch, package):
    monkeypatch.setattr("symcnn.imports.choosing.find_spec", lambda name: None)
    ending = {"torch": "pt2", "onnx": "onnx"}[package]
    (folder / f"net.{ending}").write_bytes(b"")
    line = f'this needs {package}: pip install "symcnn[{package}]"'
    assert failed(capsys, f"net.{ending}") == line
