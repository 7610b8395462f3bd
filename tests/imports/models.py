"""Small models of ONNX, one operator each or a few."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.shape_inference import infer_shapes

IMAGE, SEQUENCE, VECTOR, VOLUME = (2, 4, 6, 5), (2, 4, 7), (3, 6), (2, 2, 3, 4, 3)


def model(nodes, shape, opset=21, outputs=("y",), **constants):
    """Make a model of nodes that reads x and returns y."""
    made = [numpy_helper.from_array(np.asarray(array), name) for name, array in constants.items()]
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)
    ys = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs]
    graph = helper.make_graph(nodes, "model", [x], ys, made)
    opsets = [helper.make_opsetid("", opset)]
    made = infer_shapes(helper.make_model(graph, opset_imports=opsets, ir_version=8))
    for output in made.graph.output:
        if not output.type.tensor_type.HasField("shape"):  # that of the input
            output.type.CopyFrom(x.type)
    return made


def single(operator, shape, *constants, opset=21, **attributes):
    """Make a model of one operator, with constants as its further inputs."""
    names = [f"c{n}" for n in range(len(constants))]
    inputs = ["x", *("" if c is None else name for name, c in zip(names, constants, strict=True))]
    node = helper.make_node(operator, inputs, ["y"], **attributes)
    given = {n: c for n, c in zip(names, constants, strict=True) if c is not None}
    return model([node], shape, opset, **given)


def drawn(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def whole(*numbers):
    return np.array(numbers, dtype=np.int64)


def chain(*operators):
    """Make nodes one after the other: names with attributes, and constants by name."""
    names = ["x", *(f"t{n}" for n in range(len(operators) - 1)), "y"]
    return [
        helper.make_node(name, [read, *more], [made], **attributes)
        for (name, more, attributes), read, made in zip(operators, names, names[1:], strict=False)
    ]


def recurrent(operator, gates, output, units=2, **attributes):
    """Make a model of one layer whose steps come first, of an input whose samples do."""
    ways = 2 if attributes.get("direction") == "bidirectional" else 1
    given = {
        "W": drawn(ways, gates * units, 7, seed=1),
        "R": drawn(ways, gates * units, units, seed=2),
        "B": drawn(ways, 2 * gates * units, seed=3),
    }
    at = ("steps", "last", "cell").index(output)
    made, order = [""] * at + ["r"], [2, 0, 1, 3] if at == 0 else [1, 0, 2]
    nodes = [
        helper.make_node("Transpose", ["x"], ["t"], perm=[1, 0, 2]),
        helper.make_node(operator, ["t", *given], made, hidden_size=units, **attributes),
        helper.make_node("Transpose", ["r"], ["y"], perm=order),
    ]
    return model(nodes, (2, 3, 7), **given)


MODELS = {
    "Conv": single("Conv", IMAGE, drawn(3, 4, 3, 2), drawn(3), strides=[2, 1], pads=[1, 0, 0, 1]),
    "Conv in groups": single("Conv", IMAGE, drawn(4, 2, 3, 3), group=2, dilations=[2, 1]),
    "Conv same": single("Conv", IMAGE, drawn(2, 4, 4, 3), auto_pad="SAME_LOWER", strides=[2, 2]),
    "Conv of a sequence": single("Conv", SEQUENCE, drawn(2, 4, 3), auto_pad="SAME_UPPER"),
    "MaxPool": single("MaxPool", IMAGE, kernel_shape=[3, 2], strides=[2, 2], ceil_mode=1),
    "AveragePool": single("AveragePool", IMAGE, kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
    "AveragePool with padding": single(
        "AveragePool", IMAGE, kernel_shape=[3, 3], pads=[1, 1, 0, 1], count_include_pad=1
    ),
    "GlobalAveragePool": single("GlobalAveragePool", IMAGE),
    "GlobalMaxPool": single("GlobalMaxPool", SEQUENCE),
    "Gemm": single("Gemm", VECTOR, drawn(6, 4), drawn(4), alpha=0.5, beta=2.0),
    "Gemm transposed": single("Gemm", VECTOR, drawn(4, 6), np.float32(0.3), transB=1),
    "MatMul": single("MatMul", SEQUENCE, drawn(7, 3)),
    "BatchNormalization": single(
        "BatchNormalization", IMAGE, drawn(4), drawn(4, seed=1), drawn(4, seed=2), drawn(4) ** 2
    ),
    "BatchNormalization before opset 14": single(
        *("BatchNormalization", IMAGE, drawn(4), drawn(4, seed=1), drawn(4, seed=2)),
        drawn(4) ** 2,
        opset=9,
    ),
    "InstanceNormalization": single("InstanceNormalization", IMAGE, drawn(4), drawn(4)),
    "LayerNormalization": single("LayerNormalization", IMAGE, drawn(6, 5), drawn(6, 5), axis=2),
    "GroupNormalization": single("GroupNormalization", IMAGE, drawn(4), drawn(4), num_groups=2),
    **{
        name: single(name, VECTOR, opset=22)
        for name in (
            *("Relu", "Sigmoid", "Tanh", "Softplus", "Elu", "Selu", "LeakyRelu", "HardSigmoid"),
            *("HardSwish", "Mish", "Gelu", "Neg"),
        )
    },
    "PRelu": single("PRelu", IMAGE, drawn(4, 1, 1)),
    "Clip": single("Clip", VECTOR, np.float32(-0.1), np.float32(0.4)),
    "Clip below": single("Clip", VECTOR, np.float32(-0.1)),
    "Clip above": single("Clip", VECTOR, None, np.float32(0.4)),
    "Clip before opset 11": single("Clip", VECTOR, min=0.0, max=6.0, opset=9),
    "Softmax": single("Softmax", SEQUENCE, axis=1),
    "Softmax before opset 13": single("Softmax", SEQUENCE, opset=9),
    "LogSoftmax": single("LogSoftmax", VECTOR),
    "Add": single("Add", IMAGE, drawn(1, 4, 1, 1)),
    "Sub": model([helper.make_node("Sub", ["c", "x"], ["y"])], IMAGE, c=drawn(5)),
    "Mul": single("Mul", SEQUENCE, np.float32(3.0)),
    "Div": single("Div", VECTOR, drawn(6)),
    "Sum": model([helper.make_node("Sum", ["x", "x", "c"], ["y"])], IMAGE, c=drawn(6, 5)),
    "Reshape": single("Reshape", IMAGE, whole(0, -1, 10)),
    "Flatten": model(
        chain(("Conv", ["w"], {}), ("Flatten", [], {}), ("Gemm", ["v"], {})),
        IMAGE,
        w=drawn(3, 4, 3, 2),
        v=drawn(48, 2),
    ),
    "Transpose": model(
        chain(("Transpose", [], {"perm": [0, 2, 3, 1]}), ("MatMul", ["w"], {})),
        IMAGE,
        w=drawn(4, 3),
    ),
    "Slice": single("Slice", IMAGE, whole(1, 0), whole(4, 5), whole(1, 3), whole(1, 2)),
    "Slice before opset 10": single("Slice", IMAGE, starts=[1], ends=[-1], axes=[2], opset=9),
    "Gather": single("Gather", IMAGE, np.array(2), axis=1),
    "Gather several": single("Gather", IMAGE, whole(0, 2, 4), axis=2),
    "Split": model(
        [
            helper.make_node("Split", ["x"], ["a", "b"], axis=1, num_outputs=2),
            helper.make_node("Sigmoid", ["a"], ["s"]),
            helper.make_node("Mul", ["s", "b"], ["y"]),
        ],
        IMAGE,
    ),
    "Concat": model(
        [
            helper.make_node("Relu", ["x"], ["a"]),
            helper.make_node("Concat", ["x", "a"], ["y"], axis=2),
        ],
        IMAGE,
    ),
    "ReduceMean": single("ReduceMean", IMAGE, whole(2, 3), keepdims=0),
    "ReduceSum": single("ReduceSum", IMAGE, whole(1)),
    "Squeeze": model(
        chain(("GlobalAveragePool", [], {}), ("Squeeze", ["axes"], {}), ("Relu", [], {})),
        IMAGE,
        axes=whole(2, 3),
    ),
    "DepthToSpace": single("DepthToSpace", IMAGE, blocksize=2, mode="CRD"),
    "DepthToSpace by blocks": single("DepthToSpace", (1, 8, 2, 3), blocksize=2),
    "SpaceToDepth": single("SpaceToDepth", (1, 3, 4, 6), blocksize=2),
    "Pad": single("Pad", IMAGE, whole(0, 0, 1, 2, 0, 1, 0, 3), np.float32(0.5)),
    "Pad by reflection": single("Pad", IMAGE, whole(1, 0, 2, 1), None, whole(2, 3), mode="reflect"),
    "Pad before opset 11": single("Pad", IMAGE, pads=[0, 0, 1, 0, 0, 0, 0, 1], opset=9),
    "Resize": single("Resize", IMAGE, None, np.float32([1, 1, 2, 3])),
    "Resize to a size": single("Resize", IMAGE, None, None, whole(2, 4, 7, 9), mode="linear"),
    "Resize by corners": single(
        *("Resize", IMAGE, None, None, whole(2, 4, 7, 9)),
        mode="linear",
        coordinate_transformation_mode="align_corners",
    ),
    "Upsample": single("Upsample", IMAGE, np.float32([1, 1, 2, 2]), opset=9),
    "ConvTranspose": single("ConvTranspose", IMAGE, drawn(4, 3, 3, 2), drawn(3), strides=[2, 1]),
    "Conv of volumes": single("Conv", VOLUME, drawn(3, 2, 2, 1, 2), pads=[0, 1, 0, 0, 0, 0]),
    "pools of volumes": model(
        chain(
            ("AveragePool", [], {"kernel_shape": [2, 2, 1]}),
            ("MaxPool", [], {"kernel_shape": [1, 2, 2]}),
            ("GlobalAveragePool", [], {}),
        ),
        VOLUME,
    ),
    "LRN": single("LRN", IMAGE, size=3, alpha=0.3, beta=0.75, bias=2.0),
    "LpPool": single("LpPool", IMAGE, kernel_shape=[2, 2], p=3),
    "MatMul of two": model(
        [
            helper.make_node("Transpose", ["x"], ["t"], perm=[0, 2, 1]),
            helper.make_node("MatMul", ["x", "t"], ["y"]),
        ],
        SEQUENCE,
    ),
    "LSTM": recurrent("LSTM", 4, "steps", direction="bidirectional"),
    "LSTM, its cell": recurrent("LSTM", 4, "cell"),
    "GRU": recurrent("GRU", 3, "steps"),
    "GRU, reset later": recurrent("GRU", 3, "last", linear_before_reset=1, direction="reverse"),
    "RNN": recurrent("RNN", 1, "steps", direction="bidirectional"),
    "folded shapes": model(
        [
            helper.make_node("Shape", ["x"], ["shape"]),
            helper.make_node("Gather", ["shape", "first"], ["samples"]),
            helper.make_node("Concat", ["samples", "rest"], ["new"], axis=0),
            helper.make_node("Reshape", ["x", "new"], ["flat"]),
            helper.make_node("Dropout", ["flat"], ["same"]),
            helper.make_node("Identity", ["same"], ["y0"]),
            helper.make_node("Relu", ["y0"], ["y"]),
        ],
        IMAGE,
        first=whole(0),
        rest=whole(-1),
    ),
}


def saved(made, folder):
    """Write a model to a file, and return its path."""
    path = folder / "model.onnx"
    onnx.save(made, path)
    return path
