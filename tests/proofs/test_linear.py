"""Theorems for Rocq: what they say, that they are proved, and that false ones are not."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from symcnn import Conv1D, Conv2D, Layer, ReduceMax, SymcnnError
from symcnn.equations import define
from symcnn.equations.sizes import size
from symcnn.proofs import rocq
from symcnn.proofs.linear import SUMS
from tests.draws import slow

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "derivations" / "atlas" / "proofs"

with_rocq = pytest.mark.skipif(shutil.which("coqc") is None, reason="Rocq is not installed")


@pytest.fixture(scope="module")
def convolution():
    return rocq(Conv1D)["Conv1D.v"]


def test_a_file_states_what_the_atlas_prints(convolution):
    text = " ".join(convolution.split())
    assert "0 < M /\\ M = ⌊(2 * P + D + H - D * K - 1) / S⌋ + 1)%Z." in text
    assert (
        "Definition grad_x (w : Z -> Z -> Z -> R) (δ_z : Z -> Z -> R) (r c : Z) : R := "
        "\\sum_(Z.max 0 ⌈(r + D + P - D * K) / S⌉ <= i <= Z.min (M - 1) ⌊(r + P) / S⌋) "
        "⟦ D ∣ r + P - S * i ⟧ * "  # noqa: RUF001
        "(\\sum_(0 <= k <= F - 1) δ_z⟨i, k⟩ * w⟨⌊(r + P - S * i) / D⌋, c, k⟩)."
    ) in text
    assert (
        "Definition derivative_x : Prop := sizes -> forall (x dx : Z -> Z -> R) "
        "(w : Z -> Z -> Z -> R) (b : Z -> R) (δ_z : Z -> Z -> R), "
        "\\sum_(0 <= i <= M - 1) \\sum_(0 <= k <= F - 1) δ_z⟨i, k⟩ * "
        "(z (fun r c => x⟨r, c⟩ + dx⟨r, c⟩) w b i k - z x w b i k) = "
        "\\sum_(0 <= r <= H - 1) \\sum_(0 <= c <= C - 1) grad_x w δ_z r c * dx⟨r, c⟩."
    ) in text


def test_padding_that_follows_from_other_sizes_may_be_0():
    K, S = size("K"), size("S")  # noqa: N806 - as on paper
    text = "\n".join(rocq(Conv2D(1, (K, 1), stride=(S, 1), padding="same")).values())
    assert "0 <= P /\\ P = ⌊" in text
    assert "0 < M /\\ M = ⌈H / S⌉" in text


def test_the_committed_file_is_what_is_made(convolution):
    assert (COMMITTED / "Conv1D.v").read_text(encoding="utf-8") == convolution


@pytest.mark.parametrize("path", [SUMS, *sorted(COMMITTED.glob("*.v"))], ids=lambda p: p.stem)
def test_nothing_is_assumed(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\b(Admitted|admit|Axioms?|Parameters?|Conjecture|Abort)\b", text)
    assert text.count("\nTheorem ") == text.count("Print Assumptions ")


def test_what_cannot_be_stated_is_refused_with_the_reason():
    reason = "ReduceMax has no derivative that is proved: x: a maximum is not algebra"
    with pytest.raises(SymcnnError, match=reason):
        rocq(ReduceMax)


@pytest.mark.parametrize(
    ("version", "reason"),
    [("8.10.0", "proofs are written for"), ("8.20.1", "MathComp's")],
)
def test_what_cannot_be_checked_is_said_and_fails_where_all_was_asked(tmp_path, version, reason):
    fake = tmp_path / "coqc"
    fake.write_text(f"#!/bin/sh\n[ $1 = --print-version ] && echo {version} && exit\nexit 1\n")
    fake.chmod(0o755)
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    for arguments, status in (([], 0), (["all"], 1)):
        command = [str(ROOT / ".ci" / "proofs"), *arguments]
        made = subprocess.run(command, env=path, capture_output=True, text=True, check=False)
        assert made.returncode == status, made.stdout + made.stderr
        assert f"not checked: {reason}" in made.stdout


@dataclass(frozen=True)
class SecondDifference(Layer):
    """The second difference of every channel, at a stride."""

    stride: object = size("S")

    def output_shape(self, shape):
        return ((shape[0] - 3) // self.stride + 1, shape[1])

    def forward(self, y, x, **tensors):
        i, c = y.indices
        place = self.stride * i
        value = x[place, c] - 2 * x[place + 1, c] + x[place + 2, c]
        return (define(y[i, c], value),)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")
    shutil.copy(SUMS, folder)
    run(folder, "sums.v")
    return folder


def run(folder, name):
    command = ["coqc", "-q", "-w", "none", "-R", ".", "symcnn", name]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    return made.stdout


def theorems(text):
    """Split a file into what comes before its proofs, and its proofs by the names of tensors."""
    head, _, rest = text.partition("(* * Proofs *)")
    parts = re.findall(r"Theorem derivative_(\w+)_holds .*?Qed\.", rest, flags=re.DOTALL)
    proofs = [found.group() for found in re.finditer(r"Theorem .*?Qed\.", rest, flags=re.DOTALL)]
    return head, dict(zip(parts, proofs, strict=True))


@slow
@with_rocq
def test_a_layer_of_ones_own_is_proved(library):
    text = rocq(SecondDifference)["SecondDifference.v"]
    (library / "SecondDifference.v").write_text(text, encoding="utf-8")
    assert run(library, "SecondDifference.v") == "Closed under the global context\n"


FAULTS = {
    "a floor for a ceiling": ("x", "⌈(r + D + P - D * K) / S⌉", "⌊(r + D + P - D * K) / S⌋"),
    "a ceiling for a floor": ("x", "⌊(r + P) / S⌋)", "⌈(r + P) / S⌉)"),
    "no divisibility": ("x", "⟦ D ∣ r + P - S * i ⟧", "1"),  # noqa: RUF001
    "no positive stride": ("x", "0 < S /\\\n", ""),
    "no positive dilation": ("x", "0 < D /\\\n", ""),
    "one row too many": ("x", "<= H - 1 ⟧", "<= H ⟧"),
    "axes in the wrong order": ("x", "/ D⌋, c, k⟩", "/ D⌋, k, c⟩"),
    "a wrong sign of an index": (
        "w",
        "    * x⟨S * i + D * u - P, c⟩.",
        "* x⟨S * i + D * u + P, c⟩.",
    ),
    "a limit too high": ("w", "⌊(H + P - D * u - 1) / S⌋", "⌊(H + P - D * u) / S⌋"),
    "a limit too low": ("w", "⌈(P - D * u) / S⌉", "⌊(P - D * u) / S⌋"),
    "a wrong sign": ("b", "M - 1) δ_z⟨i, k⟩.", "M - 1) - δ_z⟨i, k⟩."),
    "one position too many": ("b", "<= M - 1) δ_z⟨i, k⟩.", "<= M) δ_z⟨i, k⟩."),
}


@slow
@with_rocq
def test_no_planted_fault_is_proved(library, convolution):
    head, proofs = theorems(convolution)
    imports, section, body = head.partition("Section Conv1D.")
    modules = [imports]
    for number, (tensor, right, wrong) in enumerate(FAULTS.values()):
        assert body.count(right) == 1, right
        refused = proofs[tensor].replace("\nadjoint", "\nFail adjoint").replace("Qed.", "Abort.")
        inside = section + body.replace(right, wrong) + refused
        modules.append(f"Module Fault{number}.\n{inside}\nEnd Conv1D.\nEnd Fault{number}.\n")
    text = "\n".join(modules)
    assert text.count("\nFail adjoint") == len(FAULTS)
    (library / "faults.v").write_text(text, encoding="utf-8")
    run(library, "faults.v")  # Rocq accepts what has to fail where it fails


@slow
@with_rocq
def test_what_is_right_does_not_fail(library, convolution):
    head, proofs = theorems(convolution)
    refused = proofs["b"].replace("\nadjoint", "\nFail adjoint").replace("Qed.", "Abort.")
    (library / "right.v").write_text(f"{head}{refused}\nEnd Conv1D.\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="The command has not failed"):
        run(library, "right.v")
