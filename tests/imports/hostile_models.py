"""Models of ONNX that nobody should open: small files that claim much, lie, or lead elsewhere."""

import os
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

INT64 = TensorProto.INT64


def graph(nodes, shape=(1, 4), opset=17, functions=(), element=TensorProto.FLOAT, **constants):
    """Return the bytes of a model that reads x and returns y; it is not checked."""
    held = [
        c if isinstance(c, TensorProto) else numpy_helper.from_array(np.asarray(c), name)
        for name, c in constants.items()
    ]
    x = helper.make_tensor_value_info("x", element, shape)
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", "m"])
    made = helper.make_graph(nodes, "g", [x], [y], held)
    opsets = [helper.make_opsetid("", opset), helper.make_opsetid("own", 1)]
    return helper.make_model(
        made, opset_imports=opsets, functions=functions, ir_version=9
    ).SerializeToString()


def node(operator, inputs, outputs="y", **attributes):
    return helper.make_node(operator, inputs.split(), outputs.split(), **attributes)


def whole(*numbers):
    return np.array(numbers, np.int64)


def folded(*nodes, opset=17, **constants):
    """Make something of constants alone, whose sum is added to the input."""
    ending = [
        node("ReduceSum", "big", "s", keepdims=0),
        node("Cast", "s", "f", to=TensorProto.FLOAT),
        node("Add", "x f"),
    ]
    return graph([*nodes, *ending], opset=opset, **constants)


def of_input(*nodes, shape=(1, 4), opset=17, **constants):
    """Make something of the input, and reduce it."""
    ending = node("ReduceMean", "big", "y", keepdims=1)
    return graph([*nodes, ending], shape, opset, **constants)


RELU = node("Relu", "x")


def spread(n):
    """Constants that grow."""
    side = int(n**0.5)

    yield "Range", folded(node("Range", "a b c", "big"), a=0, b=n, c=1)
    yield (
        "Range of floats",
        folded(node("Range", "a b c", "big"), a=np.float32(0), b=np.float32(n), c=np.float32(1)),
    )
    yield "Range by little steps", folded(node("Range", "a b c", "big"), a=0.0, b=1.0, c=1.0 / n)
    yield "ConstantOfShape", folded(node("ConstantOfShape", "n", "big"), n=whole(n // 4))
    yield (
        "ConstantOfShape of axes",
        folded(node("ConstantOfShape", "n", "big"), n=whole(side, side)),
    )
    yield "Expand", folded(node("Expand", "a n", "big"), a=np.ones(1), n=whole(n))
    yield "Tile", folded(node("Tile", "a n", "big"), a=np.ones(8), n=whole(n // 8))
    yield "Pad", folded(node("Pad", "a n", "big"), a=np.ones(2), n=whole(n, 0))
    yield (
        "OneHot",
        folded(
            node("OneHot", "i n v", "big"), i=np.zeros(100, int), n=np.int64(n // 100), v=np.ones(2)
        ),
    )
    yield (
        "EyeLike",
        folded(node("ConstantOfShape", "n", "a"), node("EyeLike", "a", "big"), n=whole(side, side)),
    )
    yield "RandomNormal", folded(node("RandomNormal", "", "big", shape=[side, side]))
    yield "RandomUniform", folded(node("RandomUniform", "", "big", shape=[n]))
    yield "HannWindow", folded(node("HannWindow", "n", "big"), n=np.int64(n))
    yield (
        "MatMul",
        folded(node("MatMul", "a b", "big"), a=np.ones((side // 8, 1)), b=np.ones((1, side * 8))),
    )
    yield "Add", folded(node("Add", "a b", "big"), a=np.ones((side // 8, 1)), b=np.ones(side * 8))
    yield (
        "Gather",
        folded(node("Gather", "a i", "big"), a=np.ones((1, 20_000)), i=np.zeros(n // 20_000, int)),
    )
    yield (
        "Resize",
        folded(
            node("Resize", "a r s", "big", mode="nearest"),
            a=np.ones((1, 1, 2, 2)),
            r=np.zeros(0, np.float32),
            s=np.float32([1, 1, side, side]),
        ),
    )
    yield (
        "Einsum",
        folded(node("Einsum", "a b", "big", equation="i,j->ij"), a=np.ones(side), b=np.ones(side)),
    )
    yield (
        "CumSum of ConstantOfShape",
        folded(
            node("ConstantOfShape", "n", "a"),
            node("CumSum", "a z", "big"),
            n=whole(n),
            z=np.int64(0),
        ),
    )
    yield (
        "doubled and doubled",
        folded(
            *(node("Concat", f"t{k} t{k}", f"t{k + 1}", axis=0) for k in range(30)),
            node("Identity", "t30", "big"),
            t0=np.ones(max(1, n // 2**27)),
        ),
    )
    yield (
        "Expand of the input",
        of_input(node("Expand", "x n", "big"), n=whole(max(2, n // 4), 4)),
    )
    yield "Tile of the input", of_input(node("Tile", "x n", "big"), n=whole(1, n // 4))
    yield "Pad of the input", of_input(node("Pad", "x n", "big"), n=whole(0, n, 0, 0))
    ones = np.ones((1, side), np.float32)
    wide = node("Expand", "x m", "a"), node("MatMul", "a w", "big")
    yield "MatMul of the input", of_input(*wide, m=whole(side, 1), w=ones, shape=(1, 1))
    yield (
        "Resize of the input",
        of_input(
            node("Resize", "x r s", "big"),
            shape=(1, 1, 4, 4),
            r=np.zeros(0, np.float32),
            s=np.float32([1, 1, side // 4, side // 4]),
        ),
    )


def windows(n):
    """Windows whose padding or steps are large, and outputs small."""
    image = (1, 1, 8, 8)
    side = int(n**0.5)
    for name in ("MaxPool", "AveragePool", "LpPool"):
        yield (
            f"{name} with padding",
            graph(
                [node(name, "x", kernel_shape=[side, side], pads=[side - 4] * 4)], image, opset=18
            ),
        )
    yield (
        "Conv with padding",
        graph(
            [node("Conv", "x w", pads=[side] * 4, dilations=[side, side])],
            image,
            w=np.ones((1, 1, 3, 3), "f"),
        ),
    )
    yield (
        "Conv of the padding",
        graph(
            [node("Conv", "x w", pads=[side] * 4, strides=[side] * 2)],
            image,
            w=np.ones((1, 1, 1, 1), "f"),
        ),
    )
    yield (
        "ConvTranspose that is cut",
        graph(
            [node("ConvTranspose", "x w", strides=[side] * 2, pads=[side * 3] * 4)],
            image,
            w=np.ones((1, 1, 2, 2), "f"),
        ),
    )
    yield (
        "ConvTranspose",
        graph(
            [node("ConvTranspose", "x w", strides=[side] * 2)], image, w=np.ones((1, 1, 2, 2), "f")
        ),
    )
    yield "DepthToSpace", graph([node("DepthToSpace", "x", blocksize=2**40)], image)
    yield "Split", graph([node("Split", "x s", "y z", axis=3)], image, s=whole(n, 8 - n))


SHAPES = [(-3,), (2**62, 2**62), (1, 300_000_000), (0, 4), (2**40,), (1, -1), (-(2**62),)]
SHAPES += [(1, *[2] * 40), (1, *[1] * 100), (2**31, 2**31, 2**2), (), (1, 2**62, 0)]


def doubling(times):
    """Functions each of which calls the one before twice."""
    made = [
        helper.make_function(
            "own", "f0", ["a"], ["b"], [node("Relu", "a", "b")], [helper.make_opsetid("", 17)]
        )
    ]
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("own", 1)]
    for k in range(1, times + 1):
        calls = [
            helper.make_node(f"f{k - 1}", ["a"], ["c"], domain="own"),
            helper.make_node(f"f{k - 1}", ["c"], ["b"], domain="own"),
        ]
        made.append(helper.make_function("own", f"f{k}", ["a"], ["b"], calls, opsets))
    return graph([helper.make_node(f"f{times}", ["x"], ["y"], domain="own")], functions=made)


def recursive():
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("own", 1)]
    calls = [[helper.make_node(name, ["a"], ["b"], domain="own")] for name in ("g", "f")]
    made = [
        helper.make_function("own", name, ["a"], ["b"], call, opsets)
        for name, call in zip("fg", calls, strict=True)
    ]
    return graph([helper.make_node("f", ["x"], ["y"], domain="own")], functions=made)


def chain(operator, number):
    names = ["x", *(f"t{k}" for k in range(number - 1)), "y"]
    return graph([node(operator, a, b) for a, b in pairwise(names)])


def branches(depth):
    """Conditions inside of conditions."""
    body = node("Identity", "x", "r0")
    for k in range(depth):
        made = helper.make_graph(
            [body], f"g{k}", [], [helper.make_tensor_value_info(f"r{k}", TensorProto.FLOAT, None)]
        )
        body = (
            node("If", "c", f"r{k + 1}", then_branch=made, else_branch=made)
            if k < 4
            else (helper.make_node("If", ["c"], [f"r{k + 1}"], then_branch=made))
        )
    return graph([body, node("Relu", f"r{depth}")], c=np.array(True))


def loop(times):
    """Add 1 again and again."""
    body = helper.make_graph(
        [node("Identity", "k", "go"), node("Add", "v v", "w")],
        "body",
        [
            helper.make_tensor_value_info("i", INT64, []),
            helper.make_tensor_value_info("k", TensorProto.BOOL, []),
            helper.make_tensor_value_info("v", TensorProto.FLOAT, None),
        ],
        [
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
            helper.make_tensor_value_info("w", TensorProto.FLOAT, None),
        ],
    )
    return graph([node("Loop", "m c x", "y", body=body)], m=np.int64(times), c=np.array(True))


def tensor(dims, kind=TensorProto.FLOAT, raw=b"", **fields):
    return TensorProto(name="w", dims=dims, data_type=kind, raw_data=raw, **fields)


def lying():
    """Arrays that are not what they say."""
    add = [node("Add", "x w")]
    for dims in ((2**40,), (2**62, 4), (-4,), (4, -1), (2**31, 2**31), (1,) * 70, (5,)):
        yield f"an array of {dims}"[:60], graph(add, w=tensor(dims, raw=bytes(16)))
        yield f"no array of {dims}"[:60], graph(add, w=tensor(dims))
    for kind in (0, 99, TensorProto.STRING, TensorProto.FLOAT8E4M3FN, TensorProto.COMPLEX64):
        yield f"an array of type {kind}", graph(add, w=tensor((4,), kind, bytes(16)))
    yield "floats beside bytes", graph(add, w=tensor((4,), raw=bytes(16), float_data=[1, 2, 3]))
    yield (
        "too few floats",
        graph(add, w=TensorProto(name="w", dims=(4,), data_type=1, float_data=[1])),
    )
    yield "a constant of 2^40", graph([node("Constant", "", "w", value=tensor((2**40,))), *add])
    yield "not numbers", graph(add, w=np.full(4, np.nan, np.float32))
    yield "infinite numbers", graph(add, w=np.full(4, np.inf, np.float32))


def elsewhere(dims=(4,), **said):
    """An array whose numbers are in another file."""
    made = TensorProto(name="w", dims=dims, data_type=1, data_location=TensorProto.EXTERNAL)
    for key, value in said.items():
        made.external_data.add(key=key, value=str(value))
    return graph([node("Add", "x w")], w=made)


def outside():
    """Arrays in files that the model has no business with."""
    Path("beside").write_bytes(bytes(16))
    Path("link").symlink_to("/dev/zero")
    os.mkfifo("pipe")
    Path("folder").mkdir()
    with Path("sparse").open("wb") as file:
        file.truncate(2**42)
    for place in (
        "/dev/urandom",
        "/etc/passwd",
        "../beside",
        "folder/../../beside",
        "link",
        "pipe",
    ):
        yield f"numbers in {place}", elsewhere(location=place)
    yield "numbers in a folder", elsewhere(location="folder")
    yield "numbers nowhere", elsewhere(location="nothing")
    yield "numbers without a place", elsewhere()
    yield "numbers of a long file", elsewhere((2**40,), location="sparse")
    yield "numbers far behind", elsewhere(location="beside", offset=2**60, length=16)
    yield "numbers before", elsewhere(location="beside", offset=-8, length=16)
    yield "many numbers", elsewhere(location="beside", offset=0, length=2**62)
    yield "a number of words", elsewhere(location="beside", offset="one", length="two")
    yield "a zero in the name", elsewhere(location="a\0b")


def broken():
    """What is no model."""
    sound = graph([RELU])
    yield "nothing", b""
    yield "text", b"weights"
    yield "half", sound[: len(sound) // 2]
    yield "zeros", bytes(1000)
    yield "nested", b"\x3a\x7f" * 5000
    yield "groups", b"\x0b" * 100_000
    yield "a length of 2^63", b"\x3a" + b"\xff" * 9 + b"\x01"
    yield "pickle", b"\x80\x04cos\nmkdir\n(S'run'\ntR."
    yield "no graph", onnx.ModelProto(ir_version=9).SerializeToString()
    yield "random", np.random.default_rng(0).bytes(10_000)
    yield "old", graph([RELU], opset=1)
    yield "new", graph([RELU], opset=10**6)
    yield "a text of Python", b"__import__('os').mkdir('run')"
    yield "an operator of nobody", graph([helper.make_node("Run", ["x"], ["y"], domain="own")])
    yield "a script", graph([node("Relu", "x"), node("PyOp", "y", "z")])
    yield "read before it is made", graph([node("Relu", "t"), node("Relu", "x", "t")])
    yield "made twice", graph([node("Relu", "x"), node("Relu", "x")])
    yield "no output", graph([node("Relu", "x", "z")])
    yield "divided by 0", graph([node("Div", "x w")], w=np.float32(0))
    yield "0 divided by 0", graph([node("Sub", "x x", "z"), node("Div", "z z")])
    yield "a logarithm", graph([node("Sub", "x x", "z"), node("Log", "z")])
    yield "a text", graph([RELU], element=TensorProto.STRING)
    yield "an axis of 2^60", graph([node("Softmax", "x", axis=2**60)])
    yield "a product of three", graph([node("MatMul", "x w")], w=np.ones((3, 3), "f"))
    yield "an attribute of nan", graph([node("LeakyRelu", "x", alpha=float("nan"))])
    yield "an unknown attribute", graph([node("Relu", "x", alpha=1.0)])


def long():
    """Many nodes."""
    for name, number in (("Relu", 5_999), ("Sigmoid", 20_000), ("Identity", 150_000)):
        yield f"{number} times {name}", chain(name, number)
    names = ["x", *(f"t{k}" for k in range(5990)), "y"]
    doubled = [node("Add", f"{a} {a}", b) for a, b in pairwise(names)]
    yield "5,991 times Add", graph(doubled)
    yield "a sum of 10,000", graph([node("Sum", "x " * 10_000)])
    yield "Concat of 10,000", of_input(node("Concat", "x " * 10_000, "big", axis=1))


def models():
    """Yield the models by what is wrong with them; files that they lead to are made here."""
    for n in (10**9, 2**33):
        for name, made in (*spread(n), *windows(n)):
            yield f"{name}, {n}", made
    for shape in SHAPES:
        yield f"an input of {shape}"[:60], graph([RELU], shape)
    for times in (13, 23, 60):
        yield f"functions that double {times} times", doubling(times)
    yield "functions in a ring", recursive()
    for depth in (1, 3, 20):
        yield f"{depth} conditions", branches(depth)
    for times in (10, 2**62):
        yield f"a loop of {times}", loop(times)
    for part in (lying, outside, broken, long):
        yield from part()
