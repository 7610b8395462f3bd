"""Files of PyTorch that want to do harm, made of one that does none.

Each has a reason for being refused, or is the same network after all. What would run makes the
folder ``run``.
"""

import io
import json
import os
import pickle
import warnings
import zipfile

import numpy as np

MODEL = "models/model.json"
WEIGHTS = "data/weights/model_weights_config.json"
CONSTANTS = "data/constants/model_constants_config.json"
EXAMPLE = "data/sample_inputs/model.pt"
RUNS = "__import__('os').mkdir('run')"


class Runs:
    """A pickle that makes a folder when it is read."""

    def __reduce__(self):
        return os.mkdir, ("run",)


def exported():
    """Return a small program of PyTorch as the parts of its file, by name."""
    import torch

    class Small(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.conv, self.norm = torch.nn.Conv2d(2, 3, 3), torch.nn.BatchNorm2d(3)
            self.dense = torch.nn.Linear(24, 4)
            self.register_buffer("factors", torch.arange(4.0))

        def forward(self, x):
            y = self.norm(self.conv(x)).relu().flatten(1)
            first, second = self.dense(y).split([1, 3], 1)
            y = torch.cat([second, first], 1) * self.factors + torch.full((4,), 2.0)
            return y.reshape(-1, 2, 2)[:, 0]

    torch.manual_seed(0)
    given = io.BytesIO()
    program = torch.export.export(Small().eval(), (torch.rand(2, 2, 4, 6),))
    torch.export.save(program, given)
    with zipfile.ZipFile(given) as archive:
        names = archive.namelist()
        return {name.partition("/")[2]: archive.read(name) for name in names}


def archived(parts, *more, root="net", way=zipfile.ZIP_STORED):
    """Return a file with parts; more of them may have names that are there."""
    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w", way) as archive:
        warnings.simplefilter("ignore")  # of a name that is there twice
        for name, content in [*parts.items(), *more]:
            archive.writestr(f"{root}/{name}", content)
    return made.getvalue()


def with_json(parts, name, change):
    """Return parts with a change of one that is JSON."""
    value = json.loads(parts[name])
    made = change(value)
    return {**parts, name: json.dumps(value if made is None else made).encode()}


def lengths(parts, expression, tensor="x"):
    """A length is an expression, which PyTorch evaluates."""

    def change(model):
        given = {"as_expr": {"expr_str": expression, "hint": {"as_int": 1}}}
        model["graph_module"]["graph"]["tensor_values"][tensor]["sizes"][0] = given

    return archived(with_json(parts, MODEL, change))


def old_layout(parts):
    """The layout of earlier versions, with a pickle that is called JSON."""
    old = {
        "version": b"8.20",
        "serialized_exported_program.json": parts[MODEL],
        "serialized_state_dict.json": pickle.dumps(Runs()),
        "serialized_constants.pt": b"",
        "serialized_example_inputs.pt": b"",
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in old.items():
            archive.writestr(name, content)
    return made.getvalue()


def other_case(parts):
    """A second table of weights, which PyTorch takes for the first, says that one is pickled."""

    def change(table):
        for payload in table["config"].values():
            payload["use_pickle"] = True

    table = with_json(parts, WEIGHTS, change)[WEIGHTS]
    upper = "data/weights/model_weights_CONFIG.json"
    pickled = {**parts, "data/weights/weight_0": pickle.dumps(Runs())}
    return archived({upper: table, **pickled})


def node(parts, change, at=-1):
    """A node of the graph is another one."""
    return archived(
        with_json(parts, MODEL, lambda m: change(m["graph_module"]["graph"]["nodes"][at]))
    )


def calling(parts, target, *inputs):
    """The node that makes a constant calls another operator."""

    def change(given):
        given["target"] = f"torch.ops.{target}"
        given["inputs"] = [{"name": n, "arg": {k: v}, "kind": 1} for n, k, v in inputs]

    nodes = json.loads(parts[MODEL])["graph_module"]["graph"]["nodes"]
    (at,) = (i for i, n in enumerate(nodes) if n["target"].endswith("full.default"))
    return node(parts, change, at)


def payload(parts, **changes):
    """The table says something else of a tensor."""

    def change(table):
        entry = table["config"]["conv.weight"]
        for key, value in changes.items():
            (entry if key in entry else entry["tensor_meta"])[key] = value

    return archived(with_json(parts, WEIGHTS, change))


def ints(*numbers):
    return [{"as_int": number} for number in numbers]


def pickled_example(pickled, **others):
    """The example is another pickle, in an archive of its own."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("archive/data.pkl", pickled)
        for name, content in others.items():
            archive.writestr(f"archive/{name}", content)
    return made.getvalue()


_TENSOR = (
    b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\nFloatStorage\n"
    b"X\x01\x00\x00\x000X\x03\x00\x00\x00cpuK`tQK\x00(%st(%st\x89ccollections\nOrderedDict\n)Rt"
    b"R\x85}\x86."
)


def strided_example(sizes, strides):
    """The example has these sizes and strides, of 96 numbers that there are."""
    coded = [
        b"".join(b"J" + n.to_bytes(4, "little", signed=True) for n in ns) for ns in (sizes, strides)
    ]
    return pickled_example(_TENSOR % tuple(coded), **{"data/0": bytes(384)})


def files(parts):
    """Return hostile files by what they are."""
    nested = b'{"a":' * 200_000 + b"1" + b"}" * 200_000
    zeros = bytes(2**25)
    made = {
        "a length runs": lengths(parts, f"{RUNS}+1"),
        "a length of another tensor runs": lengths(parts, f"{RUNS}+1", "relu"),
        "a length calls": lengths(parts, "exit()"),
        "a length has an attribute": lengths(parts, "s0.__class__"),
        "an old layout": old_layout(parts),
        "another case": other_case(parts),
        "a part twice": archived(parts, (WEIGHTS, parts[WEIGHTS])),
        "a part in another case": archived(parts, (MODEL.upper(), parts[MODEL])),
        "two folders": archived({"../" + n: c for n, c in parts.items()} | parts),
        "an unknown part": archived(parts, ("data/weights/other", pickle.dumps(Runs()))),
        "an object": archived(parts, ("data/constants/opaque_obj_0", pickle.dumps(Runs()))),
        "old weights": archived(parts, ("data/weights/model.pt", pickle.dumps(Runs()))),
        "compressed zeros": archived(
            {**parts, "data/weights/weight_0": zeros}, way=zipfile.ZIP_DEFLATED
        ),
        "zeros that are text": archived({**parts, MODEL: zeros}),
        "nested JSON": archived({**parts, MODEL: nested}),
        "nested tables": archived({**parts, WEIGHTS: nested}),
        "many empty lists": archived({**parts, MODEL: b"[" + b"[]," * 5_000_000 + b"[]]"}),
        "a number of many digits": archived({**parts, MODEL: b"1" * 2**20}),
        "no JSON": archived({**parts, MODEL: b"\xff\xfe{"}),
        "no model": archived({n: c for n, c in parts.items() if n != MODEL}),
        "no weight": archived({n: c for n, c in parts.items() if n != "data/weights/weight_0"}),
        "a shorter weight": archived({**parts, "data/weights/weight_0": b"1234"}),
        "another order of bytes": archived({**parts, "byteorder": b"big"}),
        "many parts": archived(
            parts, *((f"data/weights/weight_{n}", b"") for n in range(100, 60_000))
        ),
        "text": b"weights",
        "nothing": b"",
        "cut off": archived(parts)[:-200],
    }
    made |= {
        f"a tensor: {changes}": payload(parts, **changes)
        for changes in (
            {"use_pickle": True},
            {"path_name": "../../../etc/passwd"},
            {"path_name": "weight_99999"},
            {"tensor_meta": None},
            {"sizes": ints(-3, 2, 3, 3)},
            {"sizes": ints(3, 2, 3, 4)},
            {"sizes": ints(2**40, 2**40)},
            {"sizes": ints(0, 2**62, 2**62)},
            {"sizes": ints(*[1] * 50)},
            {"sizes": ints(10**30, 2, 3, 3)},
            {"sizes": ints(10**5, 10**5, 3, 3), "strides": ints(0, 0, 0, 0)},
            {"strides": ints(2**62, 9, 3, 1)},
            {"strides": ints(-18, 9, 3, 1)},
            {"strides": ints(18, 9, 3)},
            {"storage_offset": {"as_int": 2**62}},
            {"storage_offset": {"as_int": -1}},
            {"storage_offset": {"as_expr": {"expr_str": RUNS}}},
            {"dtype": 10},
            {"dtype": 99},
            {"dtype": "os.system"},
            {"layout": 1},
        )
    }
    made |= {
        f"operator {number}: {target}": calling(parts, target, *inputs)
        for number, (target, *inputs) in enumerate(
            (
                ("aten.from_file.default", ("filename", "as_string", "/etc/passwd")),
                ("aten.set_.source_Tensor", ("self", "as_tensor", {"name": "x"})),
                ("aten.resize_.default", ("self", "as_tensor", {"name": "x"})),
                ("aten.rand.default", ("size", "as_ints", [4])),
                ("aten.empty.memory_format", ("size", "as_ints", [4])),
                ("aten.full.out", ("size", "as_ints", [4])),
                ("prims.fft_r2c.default",),
                ("builtins.eval", ("", "as_string", RUNS)),
                ("os.mkdir", ("path", "as_string", "run")),
                ("higher_order.cond",),
                ("higher_order.wrap_with_set_grad_enabled", ("", "as_bool", False)),
                ("aten.__class__.default",),
                ("aten.full.default", ("size", "as_ints", [10**9]), ("fill_value", "as_int", 1)),
                ("aten.full.default", ("size", "as_ints", [2**62]), ("fill_value", "as_int", 1)),
                ("aten.full.default", ("size", "as_ints", [-1]), ("fill_value", "as_int", 1)),
                ("aten.full.default", ("size", "as_ints", [4]), ("fill_value", "as_graph", {})),
                ("aten.arange.default", ("end", "as_int", 10**9)),
                ("aten.arange.default", ("end", "as_float", "Infinity")),
                ("aten.ones.default", ("size", "as_ints", [10**5, 10**5])),
                ("aten.eye.default", ("n", "as_int", 10**6)),
                (
                    "aten.repeat.default",
                    ("self", "as_tensor", {"name": "b_factors"}),
                    ("repeats", "as_ints", [10**9]),
                ),
                ("aten.unbind.int", ("self", "as_tensor", {"name": "x"}), ("dim", "as_int", 3)),
                (
                    "aten.mul.Tensor",
                    ("self", "as_tensor", {"name": "full"}),
                    ("other", "as_int", 1),
                ),
                (
                    "aten.mul.Tensor",
                    ("self", "as_tensor", {"name": "missing"}),
                    ("other", "as_int", 1),
                ),
                ("aten.mul.Tensor", ("self", "as_tensor", {"name": "add"}), ("other", "as_int", 1)),
                ("aten.mul.Tensor", ("self", "as_int", 2**70), ("other", "as_int", 1)),
                ("aten.mul.Tensor", ("nothing", "as_int", 1)),
                (
                    "aten.mul.Tensor",
                    ("self", "as_tensor", {"name": "x"}),
                    ("other", "as_float", "NaN"),
                ),
            )
        )
    }
    made |= {
        f"an example: {name}": archived({**parts, EXAMPLE: content})
        for name, content in {
            "a pickle": pickle.dumps(Runs()),
            "a pickle in an archive": pickled_example(pickle.dumps(Runs())),
            "code by name": pickled_example(b"\x80\x02cos\nmkdir\nX\x03\x00\x00\x00run\x85R."),
            "code by a newer name": pickled_example(
                b"\x80\x04\x8c\x02os\x8c\x05mkdir\x93\x8c\x03run\x85R."
            ),
            "a persistent number": pickled_example(b"\x80\x02Pos.mkdir\n."),
            "an endless number": pickled_example(b"\x80\x02\x8b\xff\xff\xff\x7f."),
            "no end": pickled_example(b"\x80\x02"),
            "an empty stack": pickled_example(b"\x80\x02\x86."),
            "many tuples": pickled_example(b"\x80\x02)" + b"\x85" * 60_000 + b"."),
            "a long pickle": pickled_example(b"\x80\x02" + b"N" * 10**6 + b"."),
            "huge sizes": strided_example((2**30, 2**30), (0, 0)),
            "a negative size": strided_example((-2, 2, 4, 6), (48, 24, 6, 1)),
            "a negative step": strided_example((2, 2, 4, 6), (-48, 24, 6, 1)),
            "beyond its numbers": strided_example((3, 2, 4, 6), (48, 24, 6, 1)),
            "another shape": strided_example((2, 4, 12), (48, 12, 1)),
        }.items()
    }
    return made


_VALUES = (
    *(None, True, -1, 0, 2, 2**31, 2**63, 10**30, 1e308, float("nan"), "", "x", "Infinity"),
    *([], {}, [[]], {"as_int": 7}, {"as_tensor": {"name": "x"}}, {"as_none": True}),
    *("torch.ops.aten.exp.default", {"as_expr": {"expr_str": RUNS}}, {"as_graph": {"graph": {}}}),
)


def mutated(parts, seed):
    """Return a file with another value at some place of its JSON, or other bytes in its archive."""
    random = np.random.default_rng(seed)
    if random.random() < 0.15:
        content = bytearray(archived(parts))
        for at in random.integers(len(content), size=random.integers(1, 6)):
            content[at] = random.integers(256)
        return bytes(content)
    name = MODEL if random.random() < 0.8 else WEIGHTS
    value = json.loads(parts[name])
    for _ in range(random.integers(1, 4)):
        _replace(_place(value, random) if name == MODEL else value, random)
    return archived({**parts, name: json.dumps(value).encode()})


def _place(model, random):
    """Return a part of a program that is read: few others are."""
    module = model["graph_module"]
    if random.random() < 0.3:
        return module["signature"]
    node = module["graph"]["nodes"][random.integers(11)]
    return node[random.choice(["inputs", "outputs"])] if random.random() < 0.9 else node


def _replace(value, random):
    """Put another value somewhere within one."""
    while True:
        keys = [*value] if isinstance(value, dict) else [*range(len(value))]
        if not keys:
            return
        key = keys[random.integers(len(keys))]
        inner = value[key]
        if not isinstance(inner, dict | list) or not inner or random.random() < 0.08:
            break
        value = inner
    way = random.random()
    if way < 0.15:
        del value[key]
    elif way < 0.3 and isinstance(value, list):
        value.append(inner)
    else:
        value[key] = _VALUES[random.integers(len(_VALUES))]
