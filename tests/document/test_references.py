"""A document cites what its layers cite, and no more."""

import re

import pytest

import symcnn as sc

WORKS = {
    "Dumoulin": [sc.Conv2D(1, 1), sc.ConvTranspose2D(1, 1), sc.MaxPool2D(1), sc.AvgPool2D(1)],
    "Ioffe": [sc.BatchNorm()],
    "Clevert": [sc.ELU()],
    "Elfwing": [sc.SiLU()],
    "Hendrycks": [sc.GELU()],
}
CASES = [(layer, author) for author, layers in WORKS.items() for layer in layers]


def listed(layer):
    network = sc.Network((2, 2, 1), [layer, layer], sc.SumOfOutputs(), batch=2)
    values = {tensor.name: [0.5] * tensor.size for tensor in network.given}
    values["x"] = [0.1 * n for n in range(8)]
    text = sc.explain(sc.Problem(network, values), sections=["references"]).to_markdown()
    return re.findall(r"^\\\[(\d)\\\] (.*)$", text, re.MULTILINE)


@pytest.mark.parametrize(("layer", "author"), CASES, ids=repr)
def test_a_layer_is_cited_once(layer, author):
    works = listed(layer)
    assert [int(number) for number, _ in works] == [1, 2, 3]
    assert "Goodfellow" in works[0][1]
    assert author in works[1][1]
    assert "Squire" in works[2][1]


def test_others_cite_the_textbook_and_the_check():
    assert ["Goodfellow" in work for _, work in listed(sc.Tanh())] == [True, False]
