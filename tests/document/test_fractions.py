"""Formulas whose index is a fraction stand beside the bracket that makes it whole."""

import pytest

import symcnn as sc
from tests.document.networks import problem_of
from tests.draws import one_of

LAYERS = {
    "stride and dilation": (sc.Conv2D(1, 2, stride=2, padding=2, dilation=2), (4, 4, 1)),
    "stride beyond the window": (sc.MaxPool2D((1, 2), stride=(3, 2)), (4, 4, 1)),
    "transposed": (sc.ConvTranspose2D(1, (3, 1), stride=2, padding="same"), (3, 3, 1)),
    "a dilated maximum": (sc.MaxPool1D(3, stride=2, padding=1, dilation=2), (7, 1)),
}


@pytest.mark.parametrize("case", one_of(LAYERS))
def test_the_document_is_written_and_every_row_holds(case):
    layer, shape = LAYERS[case]
    network = sc.Network(shape, [layer], sc.HalfSquaredError())
    assert r" \mid " in sc.explain(problem_of(network, case)).to_latex()
