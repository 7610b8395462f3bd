"""Operators of ONNX that are known, beside onnxruntime; and what is refused."""

import numpy as np
import pytest

import symcnn as sc
from tests.draws import MANY, some

onnx = pytest.importorskip("onnx")

from tests.imports.models import IMAGE, MODELS, model, saved, single, whole  # noqa: E402


def runtime(path, x):
    """Return what another program computes, in 32 bits."""
    onnxruntime = pytest.importorskip("onnxruntime")
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run(None, {"x": x})[0]


@pytest.mark.parametrize("name", some(MODELS, every=10))
def test_a_model_is_the_same_in_symcnn(name, tmp_path):
    """The import compares with onnx.reference in 64 bits."""
    path, reports = saved(MODELS[name], tmp_path), []
    problem = sc.from_onnx(path, report=reports.append)
    assert reports[0].outputs < 1e-9
    if MANY:
        x = np.random.default_rng(0).uniform(size=_shape(MODELS[name]))
        theirs = runtime(path, x.astype(np.float32)).sum()
        assert sc.evaluate(problem).loss == pytest.approx(theirs, rel=1e-4, abs=1e-4)


def _shape(made):
    return [d.dim_value for d in made.graph.input[0].type.tensor_type.shape.dim]


def test_the_layers_are_called_as_their_weights_or_nodes(tmp_path):
    made = MODELS["Flatten"]
    graph = onnx.GraphProto.FromString(made.graph.SerializeToString())
    for node, name in zip(graph.node, ["/features/features.0/Conv", "/Flatten", ""], strict=True):
        node.name = name
    graph.initializer[1].name = graph.node[2].input[1] = "classifier.fc.weight"
    renamed = onnx.helper.make_model(graph, opset_imports=made.opset_import, ir_version=8)
    problem = sc.from_onnx(saved(renamed, tmp_path))
    names = [stage.output.name for stage in problem.network.stages]
    assert names == ["features.0", "Flatten", "classifier.fc"]


def test_the_input_and_the_target(tmp_path):
    path = saved(single("Softmax", (None, 3)), tmp_path)
    x = np.array([[1.0, 2, 3], [3, 2, 1]])
    problem = sc.from_onnx(path, x, loss=sc.CrossEntropy(), target=[2, 2])
    shares = np.exp(x) / np.exp(x).sum(1, keepdims=True)
    assert sc.evaluate(problem).loss == pytest.approx(-np.log(shares[:, 2]).mean(), rel=1e-14)
    assert sc.from_onnx(path).network.batch is None  # an open number of samples is 1
    assert problem.title == "model"


def several():
    """A model with an image, rows, a mask, and outputs of which one has no derivative."""
    nodes = [
        onnx.helper.make_node("Mul", ["x", "rows"], ["t"]),
        onnx.helper.make_node("Where", ["mask", "t", "zero"], ["y"]),
        onnx.helper.make_node("ArgMax", ["t"], ["most"]),
    ]
    made = model(nodes, (2, 3), outputs=("y", "most"), zero=np.float32(0))
    for name, kind, shape in (("rows", 1, (2, 3)), ("mask", 9, (1, 3))):
        made.graph.input.append(onnx.helper.make_tensor_value_info(name, kind, shape))
    return made


def test_further_inputs_and_outputs(tmp_path, monkeypatch):
    saved(several(), tmp_path)
    monkeypatch.chdir(tmp_path)
    x, rows, mask = np.arange(6.0).reshape(2, 3), np.eye(2, 3) + 1, np.array([[True, False, True]])
    for given in ((x, rows, mask), {"mask": mask, "x": x, "rows": rows}):
        problem = sc.from_onnx("model.onnx", given, output="y")
        assert [*map(float, problem.values["rows.value"])] == rows.ravel().tolist()
        assert sc.evaluate(problem).loss == (x * rows * mask).sum()
    with pytest.raises(sc.SymcnnError) as caught:
        sc.from_onnx("model.onnx", x, output="y")
    assert str(caught.value) == (
        "model.onnx: the model has 3 inputs, ['x', 'rows', 'mask'], but is given ['x']: give an "
        "array for each, by these names"
    )


@pytest.mark.parametrize(
    ("made", "line"),
    [
        (
            several(),
            "the model returns 2 tensors, ['y', 'most']: choose one, output=\"y\"",
        ),
        (
            single("IsNaN", IMAGE),
            "node 'y' (IsNaN): no layer is known for this operator: remove it from "
            "the module, or write the layer yourself: docs/imports.md",
        ),
        (
            single("Reshape", IMAGE, whole(3, 80)),
            "node 'y' (Reshape, output 3x80): a reshape from 2x4x6x5 to 3x80 splits samples: "
            "keep the axis of samples whole",
        ),
        (
            single("Relu", IMAGE, opset=6),
            "the model uses opset 6, before 7: convert it with "
            "onnx.version_converter.convert_version",
        ),
        (
            single("Relu", (1, None)),
            "the model leaves its input open, (1, None): give an array x, by --data FILE.npz",
        ),
        (
            model([onnx.helper.make_node("Relu", ["x"], ["y"])], IMAGE, outputs=("y", "x")),
            "the model returns 2 tensors, ['y', 'x']: choose one, output=\"y\"",
        ),
    ],
)
def test_what_cannot_be_imported_is_one_line(made, line, tmp_path, monkeypatch):
    saved(made, tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(sc.SymcnnError) as caught:
        sc.from_onnx("model.onnx")
    assert str(caught.value) == f"model.onnx: {line}"


def test_what_is_no_model(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.onnx").write_text("weights")
    with pytest.raises(sc.SymcnnError, match=r"^text\.onnx: this is not a valid ONNX model \("):
        sc.from_onnx("text.onnx")
    with pytest.raises(sc.SymcnnError, match=r"^other\.onnx: cannot read the file: No such file"):
        sc.from_onnx("other.onnx")


@pytest.mark.parametrize(
    ("single", "meant"),
    [(0.01, 0.01), (1e-5, 1e-5), (1 / 6, 1 / 6), (0.5, 0.5), (-1 / 3, -1 / 3), (3.0e38, 3.0e38)],
)
def test_a_number_of_32_bits_is_what_is_meant(single, meant):
    from symcnn.imports.onnx.evaluator import meant as found

    assert found(float(np.float32(single))) == meant
