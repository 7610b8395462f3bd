"""Sentences are data: every form has one, and every choice and gap of one is known."""

import re
from typing import get_args

import pytest

from symcnn.document.facts.derivative import Contribution
from symcnn.document.facts.forms import Form
from symcnn.document.facts.operation import Operation
from symcnn.document.words import operations, reasons

TABLES = [
    (Operation, operations._GAPS, [*operations._NAMED.values(), *operations._FORMS.values()]),
    (Operation, operations._GAPS, [*operations._BESIDES, operations._ROOT]),
    (Contribution, reasons._GAPS, reasons._REASONS),
]
SAID = [
    (facts, gaps, text)
    for facts, gaps, table in TABLES
    for s in table
    for text in ([s] if isinstance(s, str) else [s.says, s.again])
]


SPEAK_ALONE = {"computed", "terms", "mean of terms", "maximum of terms"}
"""The forms of which a sentence would say no more than the formula."""


def test_every_form_has_a_sentence_or_the_formula_speaks_alone():
    forms = {form for part in get_args(Form) for form in get_args(part)}
    assert forms == {*operations._FORMS, "convolution", *SPEAK_ALONE}
    assert not SPEAK_ALONE & {*operations._FORMS}


@pytest.mark.parametrize(("facts", "gaps", "text"), SAID)
def test_a_sentence_asks_what_is_known(facts, gaps, text):
    assert {*re.findall(r"\{(\w+)\}", text)} <= {*gaps}
    choices = re.findall(r"\[(\w+): ", text)
    assert all(hasattr(facts, fact) for fact in choices)
    assert len(choices) == text.count("[") == text.count("|") == text.count("]")
