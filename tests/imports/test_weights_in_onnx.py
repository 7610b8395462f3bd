"""The model of an import with other weights: its initializers change, and nothing else does."""

import numpy as np
import pytest

import symcnn as sc

onnx = pytest.importorskip("onnx")
helper, numpy_helper, FLOAT = onnx.helper, onnx.numpy_helper, onnx.TensorProto.FLOAT
RANDOM = np.random.default_rng(0)


def written(path):
    """Write a model that reads one matrix twice, and return its input."""
    held = {
        "kernel": RANDOM.normal(size=(2, 3, 2, 2)).astype(np.float32),
        "offset": RANDOM.normal(size=2).astype(np.float32),
        "matrix": RANDOM.normal(size=(8, 4)).astype(np.float32),
        "idle": np.ones(3, np.float32),
    }
    nodes = [
        helper.make_node("Conv", ["x", "kernel", "offset"], ["c"]),
        helper.make_node("Flatten", ["c"], ["f"]),
        helper.make_node("MatMul", ["f", "matrix"], ["m"]),
        helper.make_node("Tanh", ["m"], ["t"]),
        helper.make_node("Transpose", ["matrix"], ["turned"], perm=[1, 0]),
        helper.make_node("MatMul", ["t", "turned"], ["y"]),
    ]
    given, made = (
        helper.make_tensor_value_info(name, FLOAT, shape)
        for name, shape in (("x", [2, 3, 3, 3]), ("y", [2, 8]))
    )
    arrays = [numpy_helper.from_array(array, name) for name, array in held.items()]
    graph = helper.make_graph(nodes, "graph", [given], [made], arrays, doc_string="of the graph")
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="p")
    model.ir_version = 8
    onnx.save(model, path)
    return RANDOM.normal(size=(2, 3, 3, 3)).astype(np.float32)


def test_trained_weights_go_back(tmp_path):
    x = written(tmp_path / "model.onnx")
    problem = sc.from_onnx(tmp_path / "model.onnx", x)
    trained = sc.train(problem, steps=3, rate=0.01)
    sc.to_onnx(trained.problem, tmp_path / "model.onnx", tmp_path / "trained.onnx")
    before, after = (onnx.load(tmp_path / name) for name in ("model.onnx", "trained.onnx"))
    onnx.checker.check_model(after, full_check=True)
    held = trained.problem.state_dict()
    for tensor in after.graph.initializer:
        array = numpy_helper.to_array(tensor)
        assert array.dtype == np.float32
        np.testing.assert_array_equal(array, held[tensor.name])
    runtime = onnx.reference.ReferenceEvaluator(after)
    (y,) = runtime.run(None, {"x": x})
    assert y.sum() == pytest.approx(trained.losses[-1], rel=1e-5)
    assert abs(trained.losses[-1] - trained.losses[0]) > 0.1
    for model in (before, after):
        del model.graph.initializer[:]
    assert before.SerializeToString() == after.SerializeToString()


def test_without_training_the_model_stays_as_it_is(tmp_path):
    x = written(tmp_path / "model.onnx")
    sc.to_onnx(
        sc.from_onnx(tmp_path / "model.onnx", x), tmp_path / "model.onnx", tmp_path / "same.onnx"
    )
    assert (tmp_path / "same.onnx").read_bytes() == (tmp_path / "model.onnx").read_bytes()


def test_onnxruntime_computes_the_same(tmp_path):
    ort = pytest.importorskip("onnxruntime")
    x = written(tmp_path / "model.onnx")
    trained = sc.train(sc.from_onnx(tmp_path / "model.onnx", x), steps=3, rate=0.01)
    sc.to_onnx(trained.problem, tmp_path / "model.onnx", tmp_path / "trained.onnx")
    options = ort.SessionOptions()
    options.log_severity_level = 3
    session = ort.InferenceSession(str(tmp_path / "trained.onnx"), options)
    (y,) = session.run(None, {"x": x})
    assert y.sum() == pytest.approx(trained.losses[-1], rel=1e-5)


def test_another_model_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    problem = sc.from_onnx("model.onnx", written("model.onnx"))
    model = onnx.load("model.onnx")
    model.graph.initializer[1].name = "other"
    model.graph.node[0].input[2] = "other"
    onnx.save(model, "other.onnx")
    with pytest.raises(sc.SymcnnError) as caught:
        sc.to_onnx(problem, "other.onnx", "made.onnx")
    assert str(caught.value) == (
        "other.onnx: the model has no initializer 'offset' of this shape: give the model that the "
        "problem was imported from"
    )
    with pytest.raises(sc.SymcnnError, match="the problem was not imported"):
        sc.to_onnx(sc.examples.cnn_by_hand(), "model.onnx", "made.onnx")
