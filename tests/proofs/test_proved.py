"""The list of what is proved, and the sentences of theorems that rest on it."""

import json
from dataclasses import dataclass
from pathlib import Path

import symcnn as sc
from symcnn.document.blocks import Address
from symcnn.document.theory.naming import in_words
from symcnn.document.theory.proved import proved
from symcnn.document.theory.specimen import specimen
from symcnn.document.theory.statement import Printed, statement
from symcnn.document.theory.theorem import subjects
from symcnn.proofs import listed, proofs_of
from tests.draws import slow

ROOT = Path(__file__).parents[2]
LIST = json.loads((ROOT / "symcnn/document/theory/proved.json").read_text(encoding="utf-8"))
PROOFS = ROOT / "derivations" / "atlas" / "proofs"


def said(subject, folder=""):
    text = proved(Printed(statement(specimen(subject)), 0, "."), folder)
    return in_words(part.url if isinstance(part, Address) else part for part in text)


def test_the_files_are_those_that_are_checked():
    named = {one["file"] for one in LIST.values()}
    assert named == {path.relative_to(PROOFS).as_posix() for path in PROOFS.rglob("*.v")}


def test_a_theorem_says_how_it_is_proved():
    assert said(sc.Dense) == (
        "Rocq has checked a proof of this theorem for all sizes, over any commutative ring and "
        "without an axiom: Dense.v, which symcnn theorem --format v writes."
    )
    assert said(sc.Dense, "proofs").endswith("without an axiom: proofs/Dense.v.")
    assert said(sc.Tanh) == ""


def test_a_ring_has_the_divisors_that_a_proof_needs():
    assert said(sc.AvgPool1D).startswith(
        "Rocq has checked a proof of this theorem for all sizes, over any commutative ring in "
        "which the divisors are invertible, and without an axiom: "
    )


@slow
def test_so_say_the_files():
    for subject in subjects():
        known = LIST.get(in_words(specimen(subject).title))
        sentence = said(subject)
        if known and "commutative ring" in sentence:
            text = (PROOFS / known["file"]).read_text(encoding="utf-8")
            assert ("comUnitRingType" in text) is ("invertible" in sentence), subject


def test_of_some_derivatives_alone():
    assert said(sc.GroupNorm).startswith(
        "Rocq has checked a proof of the derivatives with respect to x̂, "
        "\N{GREEK SMALL LETTER GAMMA} and \N{GREEK SMALL LETTER BETA} for all sizes, over"
    )


def test_what_is_not_proved_says_nothing():
    assert LIST.get("MaxPool1D") is None
    assert said(sc.MaxPool1D) == ""


def test_settings_and_layers_of_somebody_elses_are_not_those_of_the_list():
    @dataclass(frozen=True)
    class Dense(sc.Dense):
        """Another class of this name."""

    assert said(sc.Dense(sc.size("K"), bias=False)) == ""
    assert said(Dense) == ""


@slow
def test_the_list_is_what_is_stated_now():
    found = [proofs_of(subject) for subject in subjects()]
    assert json.loads(listed(found)) == LIST
