"""Modules in a browser: the numbers of Node, as a module.

Its version of V8 is another one, whose exponentials may differ in the last digit.
"""

import json

import numpy as np
import pytest

pytest.importorskip("playwright", reason="needs playwright")
pytest.importorskip("PIL", reason="needs pillow")

import symcnn as sc
from tests.document.browser import CHROMIUM, browser, opened
from tests.draws import seeds, slow
from tests.programs.backends.javascript.node import evaluation, module, needs_node, run
from tests.programs.random_networks import tiny_example

IMPORTED = """async (texts) => {
  const results = [];
  for (const text of texts) {
    const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    const made = await import(url);
    results.push(made.lossAndGradients(made.VALUES));
  }
  return JSON.stringify(results);
}"""


@slow
@needs_node
@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
def test_chromium_computes_what_node_does(tmp_path):
    drawn = [tiny_example(seed) for seed in seeds(4000, 0.5)]
    texts = [
        module(sc.derive(network), values, way)
        for network, values in drawn
        for way in ("entries", "loops")
    ]
    seed = sc.examples.cnn_by_hand()
    texts.append(module(seed.derivation, seed.values))
    with browser() as started, opened(started, "", 390) as page:
        made = json.loads(page.evaluate(IMPORTED, texts))
    assert made[-1]["loss"] == pytest.approx(0.03043124508096392, rel=1e-14)
    for ours, nodes in zip(map(evaluation, made), run(texts, tmp_path), strict=True):
        theirs = evaluation(nodes)
        largest = max(np.abs(gradient).max() for gradient in theirs.gradients.values())
        assert ours.loss == pytest.approx(theirs.loss, rel=1e-14)
        for name, array in theirs.outputs.items():
            assert ours.outputs[name] == pytest.approx(array, rel=1e-13, abs=1e-15), name
        for name, array in theirs.gradients.items():
            assert ours.gradients[name] == pytest.approx(array, rel=1e-13, abs=1e-14 * largest)
