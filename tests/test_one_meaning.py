"""No letter of a printed formula has two meanings, whatever sizes and tensors are called."""

import re
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest

import symcnn as sc
from symcnn.document.theory.specimen import specimen
from symcnn.document.theory.theorem import subjects
from symcnn.equations.sizes import put
from symcnn.errors import SymcnnError
from tests.document.theory.test_theorem import name_of
from tests.draws import MANY, THOROUGH, huge, one_of, slow
from tests.letter_roles import conflicts, left_indices, letters_alone, none, roles
from tests.network.test_letters import KINDS

LETTERS = "srhoqabcfijklmpuvwyz"
"""What users may call sizes, and formulas their indices and tensors."""

STRIDED = sc.Conv1D(sc.size("F"), sc.size("K"), stride=sc.size("S"), bias=False)
SUBJECTS = [STRIDED, *subjects()]
DRAWN = SUBJECTS[:: 1 if THOROUGH else 8] if MANY else [STRIDED]
TURNS = range(len(LETTERS)) if THOROUGH else (0,)
BASES = (0, 1) if MANY else (1,)


def lettered(network, turn):
    """Return a network whose sizes have letters that indices and tensors like to have."""
    own = set(network.letters.values())  # a layer's inputs, say q, k and v of attention
    letters = [one for one in LETTERS[turn:] + LETTERS[:turn] if one not in own]
    pairs = zip(network.sizes, letters, strict=False)
    named = {s: sc.size(one, least=1 if s.is_positive else 0) for s, one in pairs}
    return put(network, named)


def sizes_of(network):
    every = (*network.sizes, *network.real_letters, *network.relations)
    return {s.name if len(s.name) == 1 else rf"\{s.name}" for s in every}


def printed(derivation):
    """Run over the formulas of a derivation in all notations and orders, each with its call."""
    network = derivation.network
    computed = [
        t.name for t in network.tensors.values() if t.role in ("hidden", "auxiliary", "loss")
    ]
    for name in dict.fromkeys([*derivation.adjoints, *computed]):
        for base in BASES:
            yield f"latex {name}", derivation.latex(name, index_base=base)
        with suppress(SymcnnError):  # it is none
            yield f"convolution {name}", derivation.latex(name, notation="convolution")
    if network.recurrences:  # of these, second derivatives are not stated
        return
    inputs = (network.input, *network.parameters)
    given = [t.name for t in inputs if t.name in derivation.adjoints][: None if MANY else 2]
    for of in given:
        yield f"product {of}", from_notebook(derivation.hessian_product(of))
        for by in given:
            for linear in (False, True) if MANY else (False,):
                block = derivation.hessian(of, by, gauss_newton=linear)
                for base in BASES:
                    for stage in block.forms:
                        yield f"{block} {stage}", block.latex(stage, index_base=base)


def from_notebook(shown):
    return shown._repr_latex_()


def check(network):
    derivation, sizes = sc.derive(network), sizes_of(network)
    for call, latex in printed(derivation):
        for line in latex.split("\\\\"):
            assert none(conflicts(line, sizes)), (call, line, conflicts(line, sizes))
    for line in from_notebook(derivation).split("\\\\"):
        assert none(conflicts(line, sizes)), line


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("subject", DRAWN, ids=name_of)
def test_letters_of_sizes(subject, turn):
    check(lettered(specimen(subject).network, turn))


def renamed(network, turn):
    """Return a network in which tensors have letters that indices like to have."""
    letters = LETTERS.replace("i", "").replace("j", "")
    names = [t.name for t in network.tensors.values() if t.role in ("input", "parameter", "hidden")]
    turned = letters[turn:] + letters[:turn]
    return replace(network, letters=dict(zip(names, turned, strict=False)))


NETWORKS = {
    "windows": ((6, 5, 2), [sc.Conv2D(3, 2), sc.MaxPool2D(2, 1), sc.Flatten(), sc.Dense(2)]),
    "sequence": ((6, 2), [sc.Conv1D(2, 2, stride=2), sc.Tanh(), sc.MaxPool1D(2)]),
    "normalised": ((2, 2), [sc.LayerNorm(), sc.Softmax()]),
}


@pytest.mark.parametrize("turn", one_of(TURNS))
@pytest.mark.parametrize("name", one_of(NETWORKS))
def test_letters_of_authors(name, turn):
    shape, layers = NETWORKS[name]
    check(renamed(sc.Network(shape, layers, sc.HalfSquaredError()), turn))


LONG = dict.fromkeys(["a transformer", "squeeze and excitation", "a residual block"], huge)
"""Kinds whose letters are tried for a minute or longer."""


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=LONG.get(name, ())) for name in one_of(KINDS)]
)
def test_letters_of_networks_of_every_kind(name):
    check(KINDS[name])


def rows(markdown):
    """Run over the rows of displays, and the formulas in sentences."""
    for display in re.findall(r"```math\n(.*?)```", markdown, flags=re.DOTALL):
        yield from re.split(r"\\\\(?:\[[^]]*\])?\s", display)
    yield from re.findall(r"\$`(.*?)`\$", markdown)


def on_the_left(row):
    """Return the indices of a left side in which they stand alone: z_{ik}, not y_{S i + u}."""
    left = row.split("&=")[0] if "&=" in row else ""
    alone = re.fullmatch(r"[^_]*_\{?([a-z, _{}0-9]+)\}?\s*", letters_alone(left))
    return left_indices(left) if alone else set()


@slow
@pytest.mark.usefixtures("few_sizes")
@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("subject", DRAWN, ids=name_of)
def test_letters_in_theorems(subject, turn):
    network = lettered(specimen(subject).network, turn)
    whole = specimen(subject)
    layer = network.loss if whole.is_loss else replace(network.layers[-1], inputs=None)
    if isinstance(layer, sc.AddParameter | sc.MultiplyParameter):
        layer = subject  # of a shape of one's own: a theorem chooses its input's letters itself
    theorem = sc.theorem(layer, index_base=turn % 2)
    sizes = sizes_of(specimen(layer).network)
    found = [*rows(theorem.to_markdown())]
    for row in found:
        clashes = conflicts(row, sizes, on_the_left(row))
        assert none(clashes), (row, clashes)
    every = [roles(row) for row in found]
    indices = {one for of in every for one in of.bound} | {i for r in found for i in on_the_left(r)}
    assert not indices & {one for of in every for one in of.tensors}
    assert not indices & {letters_alone(size) for size in sizes}


@pytest.mark.parametrize("name", NETWORKS if MANY else ["sequence"])
def test_letters_in_documents(name):
    shape, layers = NETWORKS[name]
    network = renamed(sc.Network(shape, layers, sc.HalfSquaredError()), len(name))
    rng = np.random.default_rng(0)
    values = {t.name: rng.integers(-3, 4, t.shape).tolist() for t in network.given}
    for base in BASES:
        document = sc.explain(sc.Problem(network, values), index_base=base, second_order=MANY)
        for row in rows(document.to_markdown()):
            assert none(conflicts(row, (), on_the_left(row))), (row, conflicts(row))
