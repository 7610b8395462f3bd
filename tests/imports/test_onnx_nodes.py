"""ONNX's own cases, one node each: what is imported agrees, and why the others are left out.

A case gives all its inputs. The first is the input here, and the others are constants.
"""

import itertools
import re
from collections import Counter

import numpy as np
import pytest

import symcnn as sc
from tests.draws import slow

onnx = pytest.importorskip("onnx")

from onnx import numpy_helper  # noqa: E402

LEFT_OUT = {
    "the first axis is not one of samples": r"samples|it is put beside",
    "two inputs": r"differs between samples|the output is not one of a network",
    "vectors without samples": r"input shape has 0 axes|over = \d is invalid",
    "empty tensors": r"= 0 is invalid|nothing, or a reversed axis|nothing is left",
    "windows along three axes": r"along (three|3) axes|tensor of [35] axes",
    "norms along other axes": r"a norm along other axes",
    "indices of maxima, masks or statistics as outputs": r"use the first output",
    "training": r"training_mode is on|training mode",
    "integers": r"rounded to integers",
    "slopes for each position": r"slopes that differ",
    "entries that are combined otherwise": r"are combined by (mul|max|min)",
    "what the reference does not run": r"onnx.reference cannot run",
    "a border of another number": r"entries beyond the image",
    "inputs that differ from the parameters": r"several constant matrices|by samples",
    "places of maxima": r"place of a maximum|not those of a pool",
    "shapes that onnx does not infer": r"shape of its output is unknown",
    "padding by other ways": r"padding by",
}
"""What is left out, by what its refusal says."""


def cases():
    from onnx.backend.test.case.node import collect_testcases

    from symcnn.imports.onnx.importing import TABLE

    for case in collect_testcases(None):
        operators = {node.op_type for node in case.model.graph.node} if case.model else {""}
        given = case.data_sets[0][0] if case.model else ()
        arrays = [_array(a) for a in given]
        is_plain = bool(arrays) and all(isinstance(a, np.ndarray) for a in arrays)
        is_known = operators <= {*TABLE} and "_expanded" not in case.name
        if is_known and is_plain and arrays[0].dtype.kind == "f":
            yield case, arrays


def _array(given):
    return numpy_helper.to_array(given) if isinstance(given, onnx.TensorProto) else given


def written(model, arrays, path):
    """Write a model whose only input is the first, and whose only output is the first."""
    names = [value.name for value in model.graph.input]
    held = zip(names[1:], arrays[1:], strict=True)
    model.graph.initializer.extend(numpy_helper.from_array(a, name) for name, a in held)
    del model.graph.input[1:], model.graph.output[1:]
    onnx.save(model, path)


@slow
@pytest.mark.filterwarnings("ignore")
def test_cases_of_onnx(tmp_path):
    path, found, odd = tmp_path / "node.onnx", Counter(), {}
    for case, arrays in cases():
        written(case.model, arrays, path)
        try:
            problem = sc.from_onnx(path, arrays[0].astype(np.float64))
        except sc.SymcnnError as error:
            reasons = (why for why, words in LEFT_OUT.items() if re.search(words, str(error)))
            why = next(reasons, None)
            found[why or "unexplained"] += 1
            if why is None:
                odd[case.name] = str(error)
            continue
        found["right"] += 1
        if not is_right(problem, _array(case.data_sets[0][1][0])):
            odd[case.name] = "another output"
    print(dict(found))
    assert odd == {}
    assert found["right"] >= 250


def is_right(problem, expected):
    """Compare with the case's own output, in 32 bits and in some order of axes."""
    own = sc.evaluate(problem).outputs[problem.network.output.name]
    own = own if problem.network.batch is not None else own[None]
    own = own[:, 0] if expected.ndim == 1 else own
    orders = itertools.permutations(range(1, expected.ndim))
    turned = (expected.transpose((0, *order)) for order in orders)
    return any(t.shape == own.shape and np.allclose(own, t, 1e-3, 1e-4) for t in turned)
