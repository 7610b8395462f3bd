"""The peers that the benchmarks time compute what symcnn computes."""

from importlib import import_module
from importlib.util import find_spec

import numpy as np
import pytest

from benchmarks.specs import SPECS
from benchmarks.table import PEERS, ROWS


def computed(peer, name):
    loss, gradients = import_module(f"benchmarks.peers.{peer}").step(SPECS[name], 1)()
    return loss, [float(np.square(np.asarray(g)).sum()) for g in gradients]


@pytest.mark.parametrize("name", ["seed", "S"])
@pytest.mark.parametrize("peer", [peer for peer in PEERS if peer != "symcnn_"])
def test_a_peer_has_the_same_loss_and_gradients(peer, name):
    if find_spec(PEERS[peer]) is None:
        pytest.skip(f"{PEERS[peer]} is not installed")
    loss, squares = computed(peer, name)
    expected, ours = computed("symcnn_", name)
    assert loss == pytest.approx(expected, rel=1e-5)
    assert squares == pytest.approx(ours, rel=1e-4)


def test_every_row_is_of_a_network_that_is_there():
    assert {row.network for row in ROWS} == set(SPECS)
