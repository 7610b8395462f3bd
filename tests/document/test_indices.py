r"""Every index has a range that stands with its formula, and every letter one meaning.

Read off the LaTeX: \delta^{x}_{rsc} = \sum_{i, j} \delta^{z}_{ij} w_{i_{u}} has the indices
r, s, c, i, j and u. Each must be bound by limits in the formula itself, by what stands behind it,
or in a sentence before it: "For i = 1, 2:". In a theorem an index runs over all of its axis.
"""

import re
from itertools import takewhile

import pytest

import symcnn as sc
from symcnn.document.blocks import Note, Paragraph, Rows
from symcnn.writing.formula.build import joined
from symcnn.writing.formula.latex import latex
from tests.document.networks import NETWORKS, problem, problem_of
from tests.document.test_theorems import written
from tests.draws import NETWORKS as DRAWN
from tests.draws import one_of, seeds
from tests.programs.random_networks import tiny_example

CONV = sc.Conv2D(2, 2, name="first")
LAYERS = {
    "a signal of 1": ((3, 3, 2), [CONV], sc.SumOfOutputs()),
    "cropped": ((2, 3, 1), [sc.ConvTranspose2D(1, 2, padding=1)], sc.SumOfOutputs()),
    "pools": ((5, 4, 2), [sc.MaxPool2D(2, 1), sc.AvgPool2D(2, 1)], sc.SumOfOutputs()),
    "padding that does not count": (
        (4, 4, 2),
        [sc.AvgPool2D(2, padding=1, count_include_pad=False), sc.GlobalAvgPool2D()],
        sc.Upstream(),
    ),
    "a sum called s": (
        (3, 3, 2),
        [CONV, sc.Tanh(), sc.Conv2D(2, 1, name="b"), sc.Add(inputs=("tanh1", "b"))],
        sc.Upstream(),
    ),
    "two uses, one of one channel": (
        (4, 4, 1),
        [
            *(CONV, sc.Flatten(), sc.Conv2D(1, 3, inputs=("x",)), sc.Flatten()),
            *(sc.Concatenate(inputs=("flatten1", "flatten2")), sc.Dense(1)),
        ],
        sc.HalfSquaredError(),
    ),
    "groups beside a given gradient": (
        (2, 2, 4),
        [sc.Conv2D(4, (2, 1), groups=2), sc.Sigmoid(), sc.Flatten(), sc.Dense(1)],
        sc.Upstream(),
    ),
    "strides one after the other": (
        (5, 7, 1),
        [sc.Conv2D(1, 2, 2), sc.Conv2D(1, 1, (1, 2)), sc.Conv2D(1, 2, 1)],
        sc.HalfSquaredError(),
    ),
}
CHOSEN = {
    "pools": {"x": "u", "pool1": "c", "pool2": "r"},
    "cropped": {"x": "S", "conv_transpose1": "N"},
    "strides one after the other": {"conv1.weight": "k", "x": "s"},
}
"""Letters of indices, of the geometry and of sums."""


def small(name, chosen):
    return problem_of(sc.Network(*LAYERS[name]), name).with_letters(chosen)


PROBLEMS = {
    "the seed": sc.examples.cnn_by_hand,
    **{name: lambda name=name: small(name, {}) for name in LAYERS if name not in CHOSEN},
    **{
        f"{name}: {own}": lambda name=name: small(name, CHOSEN[name])
        for name, own in CHOSEN.items()
    },
    **{f"random {n}": lambda n=n: sc.Problem(*tiny_example(n, 100)) for n in seeds(50, 0.1)},
    **({name: lambda name=name: problem(name) for name in NETWORKS} if DRAWN >= 100 else {}),
}

COMMANDS = re.compile(r"\\[A-Za-z]+")
SUBSCRIPT = re.compile(r"_\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}")
LIMITED = re.compile(r"\\(?:sum|max)_\{([a-z])=|\\le ([a-z]) \\le")


def letters_in(text):
    return set(re.findall("[a-z]", COMMANDS.sub(" ", text)))


def indices(formula):
    """The letters in the subscripts of a formula that it does not bind by limits."""
    bound = {a or b for a, b in LIMITED.findall(formula)}
    return {i for below in SUBSCRIPT.findall(formula) for i in letters_in(below)} - bound


def told(sentence):
    """The indices whose values a sentence states, or what stands behind a formula."""
    runs = re.findall(r"(?<![A-Za-z_\\{])([a-z](?:, [a-z])*) = \d", sentence)
    return {name for run in runs for name in run.split(", ")}


def parts(blocks):
    """Run over the sentences and the rows, in order."""
    for block in blocks:
        if isinstance(block, Note):
            yield "title", written(block.title)
            yield from (("stated", text) for _, text in parts(block.blocks))
        elif isinstance(block, Paragraph):
            yield "said", written(block.text)
        elif isinstance(block, Rows):
            formulas = [latex(joined([r.left, *(s.formula for s in r.sides)])) for r in block.rows]
            yield "rows", " ; ".join(formulas)


def without_range(document):
    """List the formulas with an index whose range does not stand beside it."""
    found = list(parts(document.blocks))
    for n, (kind, text) in enumerate(found):
        if kind == "rows" and (missing := indices(text) - told(text) - beside(found, n)):
            yield text[:200], missing


def beside(found, n):
    """The indices whose ranges are stated in the sentences right before a formula."""
    before = reversed(found[:n])
    said = takewhile(lambda part: part[0] == "said", before)
    return {name for _, text in said for name in told(text)}


@pytest.mark.parametrize("name", one_of(list(PROBLEMS)))
def test_every_index_has_a_range_and_every_letter_one_meaning(name):
    stated = PROBLEMS[name]()
    document = sc.explain(stated)
    assert list(without_range(document)) == []
    rows = " ".join(text for kind, text in parts(document.blocks) if kind == "rows")
    used = {i for below in SUBSCRIPT.findall(rows) for i in letters_in(below)}
    sentences = " ".join(text for kind, text in parts(document.blocks) if kind == "said")
    used |= set(re.findall(r"\b([SDPN])(?:_\{[a-z]\})? = \d", sentences))
    tensors = {t.label.partition("^")[0] for t in stated.network.tensors.values()}
    assert used & tensors == set()


@pytest.mark.parametrize("letter", ["e", "eta", "Phi", "phi", "sigma", "pi", "i", "T", "n"])
def test_a_letter_that_stands_for_something_else_is_refused_in_one_line(letter):
    with pytest.raises(sc.SymcnnError) as error:
        small("a signal of 1", {"first": letter})
    assert f"'first' cannot be called {letter}: {letter} stands for " in str(error.value)
    assert len(str(error.value)) <= 200
