"""Proofs over the real numbers pass, on axioms that are known, and fail for what is false."""

import shutil
import subprocess
from pathlib import Path

import pytest

import symcnn as sc
from symcnn.problems.examples import cnn_by_hand
from symcnn.proofs.analysis import analysis, closed_forms
from tests.draws import huge, slow

LIBRARY = Path(sc.__file__).parent / "proofs" / "library"
AXIOMS = {
    "ClassicalDedekindReals.sig_not_dec",
    "ClassicalDedekindReals.sig_forall_dec",
    "FunctionalExtensionality.functional_extensionality_dep",
    "Classical_Prop.classic",
}
"""What Coq's real numbers and Coquelicot rest on; nothing of symcnn's."""

pytestmark = [
    slow,
    pytest.mark.skipif(shutil.which("coqc") is None, reason="there is no coqc"),
]


def compiled(folder, file):
    command = ["coqc", "-w", "none", "-Q", str(folder), "symcnn", str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")
    for name in ("reals", "tactics", "chain", "maxima"):
        shutil.copy(LIBRARY / f"{name}.v", folder)
        made = compiled(folder, folder / f"{name}.v")
        if "Coquelicot" in made.stderr and "Cannot find" in made.stderr:
            pytest.skip("Coquelicot is not installed")
        assert made.returncode == 0, made.stderr
    return folder


def axioms(output):
    """Return the names before a colon that begin a line."""
    named = (line.split(" ")[0] for line in output.splitlines() if line[:1].isalpha())
    return {name.rstrip(":") for name in named} - {"Axioms"}


@pytest.mark.parametrize("name", ["SoftmaxCrossEntropy", "LayerNorm"])
def test_a_theorem_is_proved(library, name):
    file = library / f"{name}_.v"
    file.write_text(analysis(getattr(sc, name)), encoding="utf-8")
    made = compiled(library, file)
    assert made.returncode == 0, made.stderr
    assert axioms(made.stdout) <= AXIOMS


def at_hand():
    problem = cnn_by_hand()
    return closed_forms("CNN by hand", sc.derive(problem.network), problem.values)


@huge
def test_the_nine_closed_forms_are_the_partial_derivatives(library):
    text = at_hand()
    assert text.count("Theorem at_the_numbers_") == 9
    file = library / "cnn_by_hand.v"
    file.write_text(text, encoding="utf-8")
    made = compiled(library, file)
    assert made.returncode == 0, made.stderr
    assert axioms(made.stdout) <= AXIOMS


FAULTS = [
    ("Softmax", "delta_ell * p q 0 + delta_p", "delta_p q * p q 0 - delta_p"),
    ("Softmax", r"\sum_(q < C) - (delta_p q", r"\sum_(q < C) (delta_p q"),
    ("Softmax", "0 < C)%N ->\n", "0 < C)%N \\/ True ->\n"),
    ("CrossEntropy", "  (forall q : nat, (q < K)%N -> 0 < y q 0) ->\n", "True ->\n"),
    ("ReLU", "  (forall q : nat, (q < C)%N -> x q 0 <> 0) ->\n", "True ->\n"),
    ("RMSNorm", "(2 * (sqrt", "((sqrt"),
    ("RMSNorm", "delta_gamma c = \\sum_(i < H)", "delta_gamma c = \\sum_(i < W)"),
    ("Attention", "delta_s i u * k u j 0", "delta_s i u * k i j 0"),
    ("Attention", "0 < W)%N ->\n", "0 < W)%N \\/ True ->\n"),
    ("Tanh", "^ 2", "^ 3"),
]


@pytest.mark.parametrize("fault", range(len(FAULTS)))
def test_what_is_false_is_not_proved(library, fault):
    name, right, wrong = FAULTS[fault]
    claim, proof = analysis(getattr(sc, name)).split("\n\nTheorem ", 1)
    assert right in claim
    file = library / f"fault{fault}.v"
    file.write_text(f"{claim.replace(right, wrong, 1)}\n\nTheorem {proof}", encoding="utf-8")
    made = compiled(library, file)
    assert made.returncode == 1
    assert "No applicable tactic" in made.stderr or "No matching clauses" in made.stderr


def test_a_closed_form_with_another_sign_is_not_proved(library):
    before, _ = at_hand().split("Definition d_w_12", 1)
    file = library / "sign.v"
    head = before.replace("+ w_2__1 * x_2 *", "- w_2__1 * x_2 *", 1)
    assert head != before
    file.write_text(head, encoding="utf-8")
    assert "Theorem at_the_numbers_w_11" in head
    assert compiled(library, file).returncode == 1
