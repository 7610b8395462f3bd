"""Problem files as text, to change one thing at a time: the built-in one, and a graph."""

from pathlib import Path

from symcnn.problems.examples.builtin import CNN_BY_HAND

TEXT = CNN_BY_HAND.read_text(encoding="utf-8").replace(
    'reconcile = "cnn_by_hand_as_published"', "# no reconciliation"
)


GRAPH = f"""
[input]
shape = [4, 2]
batch = 3
values = {[(n * n % 7) / 4 for n in range(24)]}

[[layers]]
type = "conv1d"
filters = 2
kernel_size = 3
padding = "same"
weight = {[1] * 12}
bias_values = [0, 1]

[[layers]]
type = "batch_norm"
epsilon = 0.125
weight = [1, "1/2"]
bias_values = [0, -1]

[[layers]]
type = "elu"
alpha = 0.3

[[layers]]
type = "conv1d"
name = "again"
filters = 2
kernel_size = 3
padding = "same"
weight_from = "conv1"

[[layers]]
type = "add"
inputs = ["again", "x"]

[[layers]]
type = "avg_pool1d"
pool_size = 2
padding = [1, 1]
count_include_pad = false

[[layers]]
type = "concatenate"
inputs = ["pool1", "pool1"]

[[layers]]
type = "batch_norm"
affine = false

[[layers]]
type = "softmax"

[loss]
type = "upstream"
gradient = {[n % 5 for n in range(36)]}
l2 = 0.01
"""


def changed(old: str, new: str) -> str:
    """Return the example with one thing changed."""
    assert TEXT.count(old) >= 1, old
    return TEXT.replace(old, new, 1)


def written(folder: Path, text: str | bytes, name: str = "problem.toml") -> Path:
    """Write a problem file and return its path."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path
