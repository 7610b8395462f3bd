"""What mypy accepts also runs: dL/dw = 2 (w x^2 - t) x^2."""

from pathlib import Path

import symcnn as sc
from tests.typed import own_layers


def test_a_layer_and_a_loss_with_types() -> None:
    network = sc.Network((2,), [own_layers.Energy()], own_layers.Distance())
    values = {"x": [1, 2], "layer1.gain": [3, 5], "target": [1, 10]}
    made = sc.evaluate(sc.Problem(network, values))
    assert made.loss == 2**2 + 10**2
    assert made.gradients["layer1.gain"].tolist() == [2 * 2 * 1, 2 * 10 * 4]


def test_the_documentation_shows_them() -> None:
    lines = Path(own_layers.__file__).read_text(encoding="utf-8").split("import symcnn as sc\n")[1]
    page = Path(__file__).parents[2] / "docs" / "api" / "own-layers.md"
    assert lines.strip() in page.read_text(encoding="utf-8")
