"""The words that authors use, and those that the page about them names."""

import re
from pathlib import Path

import pytest

from symcnn.classroom.checks.code.vocabulary import array_called, gradient_called, setting_called

PAGE = (Path(__file__).parents[4] / "docs" / "functions.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)` \| (`.*`) \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("name", "words"), ROWS)
def test_the_page_names_words_that_are_known(name, words):
    for word in words.replace("`", "").split():
        assert name in (array_called(word, (name,)), setting_called(word, (name,)))


def test_the_page_has_tables():
    assert [name for name, _ in ROWS[:4]] == ["dout", "x", "weight", "bias"]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("dx dX dA_prev grad_input d_x dL_dx dinputs input_grad delta_x x", "x"),
        ("dw dW grad_weight dL_dW dkernel weight_grad dgamma d_weights dFilters", "weight"),
        ("db grad_bias dbeta dB bias_gradient d_bias", "bias"),
    ],
)
def test_gradients_are_recognised(words, name):
    for word in words.split():
        assert gradient_called(word, ("x", "weight", "bias")) == name, word


@pytest.mark.parametrize("word", ["dout", "result", "grads", "d", "loss", "dW2x", ""])
def test_other_words_are_no_gradients(word):
    assert gradient_called(word, ("x", "weight", "bias")) is None
