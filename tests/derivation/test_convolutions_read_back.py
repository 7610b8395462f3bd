"""Formulas in convolution notation are read back: one that is wrong in one place is refused."""

from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest

import symcnn as sc
from symcnn.derivation.convolution_form import Notation, convolution_form
from symcnn.derivation.read_back import check
from symcnn.document.theory.specimen import specimen
from symcnn.document.theory.statement import statement
from symcnn.document.traversal import all_rows
from symcnn.errors import SymcnnError, UnverifiedError
from symcnn.problems.catalog import LAYERS
from symcnn.writing.formula import read, tree
from symcnn.writing.formula.build import parenthesized, replaced, row
from symcnn.writing.formula.latex import latex
from symcnn.writing.reading import UnreadableError
from tests.document.networks import problem_of
from tests.document.test_read_back import explained_with_its_reader
from tests.draws import MANY, one_of, some, spread
from tests.programs.random_networks import terms

H, F, K, S, D = map(sc.size, "HFKSD")
P = sc.size("P", least=0)
STRIDED = sc.Network(
    (9, 8, 4),
    [sc.Conv2D(6, (3, 2), stride=(2, 3), padding=(1, 2), dilation=(2, 3), groups=2)],
    sc.HalfSquaredError(),
    batch=2,
)
TRANSPOSED = sc.Network(
    (4, 2), [sc.ConvTranspose1D(3, 3, stride=2, padding=1)], sc.HalfSquaredError()
)
LETTERS = sc.Network((H, 2), [sc.Conv1D(F, K, stride=S, padding=P, dilation=D)], sc.Upstream())
SLIDING = sc.Network((H, 2), [sc.Conv1D(F, K)], sc.Upstream())
SMALL = sc.Network(
    (3, 5, 2), [sc.Conv2D(2, 2, (1, 2), (1, 2), dilation=(2, 1), bias=False)], sc.Upstream()
)
BROKEN = {
    "strided": (STRIDED, "conv1"),
    "transposed": (TRANSPOSED, "conv_transpose1"),
    "sliding": (SLIDING, "conv1"),
} | ({"letters": (LETTERS, "conv1")} if MANY else {})

SIGNS = {
    r"\star": (r"\ast",),
    r"\ast": (r"\star",),
    r"\uparrow": (r"\downarrow",),
    r"\downarrow": (r"\uparrow",),
    "+": ("-",),
}
SCRIPTED = (tree.Word("pad"), tree.Word("crop"), tree.Atom(r"\sum"))


def spoiled(node):
    """Run over trees that differ from one in a single place."""
    if isinstance(node, tree.Atom):
        yield from map(tree.Atom, SIGNS.get(node.text, ()))
        return
    if isinstance(node, tree.Formula):
        yield from shortened(node)
    if isinstance(node, tree.Scripts):
        yield from scripted(node)
        if node.base not in SCRIPTED:
            return
    parts = node.parts if isinstance(node, tree.Formula) else node
    for n, part in enumerate(parts):
        if isinstance(part, tuple):
            for other in spoiled(part):
                made = (*parts[:n], other, *parts[n + 1 :])
                yield tree.Formula(made) if isinstance(node, tree.Formula) else type(node)(*made)


def shortened(line):
    """Leave out an arrow with its number, a sum, or what moves an array; count by one more."""
    for n, part in enumerate(line.parts):
        if part in (tree.Atom(r"\uparrow"), tree.Atom(r"\downarrow")):
            yield tree.Formula((*line.parts[:n], *line.parts[n + 2 :]))
            yield tree.Formula(
                (*line.parts[: n + 1], more(line.parts[n + 1]), *line.parts[n + 2 :])
            )
        if isinstance(part, tree.Scripts) and part.base in SCRIPTED:
            yield tree.Formula((*line.parts[:n], *line.parts[n + 1 :]))


def scripted(node):
    """Move a limit or a number by one, or exchange two indices."""
    if node.base in SCRIPTED[:2]:
        yield node._replace(base=SCRIPTED[node.base == SCRIPTED[0]])
        yield node._replace(sub=more(node.sub))
    elif node.base == SCRIPTED[2]:
        yield node._replace(sup=more(node.sup))
        yield node._replace(sub=more(node.sub))
    elif isinstance(node.sub, tree.Formula):
        below = node.sub.parts
        for n, (one, other) in enumerate(pairwise(below)):
            if one != other and not {one, other} & {tree.Atom("+"), tree.Atom(",")}:
                yield node._replace(sub=tree.Formula((*below[:n], other, one, *below[n + 2 :])))


def more(part):
    """Return a number, or the last of several, with 1 added."""
    if isinstance(part, tree.Fenced):
        return parenthesized(more(part.body))
    *front, last = part.parts if isinstance(part, tree.Formula) else (part,)
    if (
        isinstance(last, tree.Atom)
        and last.text.isdecimal()
        and (not front or front[-1].text != "-")
    ):
        return row(*front, str(int(last.text) + 1))
    return row(*front, last, "+", "1")


def test_the_spoiled_formulas_are_those_that_a_slip_makes():
    whole = r"\sum_{c=1}^{3} \operatorname{pad}_{1}\left(x_{\cdot c}\right) \star w_{\cdot ck} + b"
    slips = {
        "c=1": "c=2",
        "^{3}": "^{4}",
        r"\operatorname{pad}_{1}": r"\operatorname{pad}_{2}",
        r"\star": r"\ast",
        "ck": "kc",
        "+": "-",
    }
    written = {latex(other) for other in spoiled(read(whole))}
    assert written >= {whole.replace(*slip) for slip in slips.items()}


@pytest.mark.parametrize("base", one_of([1, 0]))
@pytest.mark.parametrize("broken", one_of(BROKEN))
def test_a_formula_that_is_wrong_in_one_place_is_refused(monkeypatch, broken, base):
    network, name = BROKEN[broken]
    derivation, found = sc.derive(network), list[tuple]()

    def kept(*given):
        found.append(given)

    monkeypatch.setattr("symcnn.derivation.statement.check", kept)
    for of in (name, f"{name}.weight", "x"):
        derivation.latex(of, notation="convolution", index_base=base)
    refused = 0
    for p, left, right, general, form in found:
        check(p, left, right, general, form)
        for n, term in enumerate(right):
            for other in some(spoiled(term), 5):
                with pytest.raises(UnverifiedError):
                    check(p, left, (*right[:n], other, *right[n + 1 :]), general, form)
                refused += 1
    assert refused > 5


def wrong_terms(*given):
    """Print cross-correlations for convolutions, and convolutions for cross-correlations."""
    other = {r"\star": row(r"\ast"), r"\ast": row(r"\star")}
    return tuple(replaced(term, other) for term in RIGHT(*given))


RIGHT = Notation.right
OUTPUTS = {
    "a formula": lambda: sc.derive(TRANSPOSED).latex("x", notation="convolution"),
    "a document": lambda: sc.explain(problem_of(TRANSPOSED, "transposed"), detail="full"),
    "a theorem": lambda: sc.theorem(sc.Conv1D),
}


@pytest.mark.parametrize("output", some(OUTPUTS))
def test_no_wrong_formula_is_written(monkeypatch, output):
    monkeypatch.setattr(Notation, "right", wrong_terms)
    with pytest.raises(UnverifiedError):
        OUTPUTS[output]()


@pytest.mark.parametrize("base", some([1, 0]))
def test_a_row_that_is_wrong_in_one_place_is_found(monkeypatch, base):
    stated = problem_of(SMALL, "small")
    document, reader = explained_with_its_reader(
        monkeypatch, stated, index_base=base, detail="full"
    )
    rows = [r for r in all_rows(document.blocks) if r.claim.form is not None]
    for given in rows:
        (side,) = given.sides
        assert reader.fault(given) is None
        for n, term in enumerate(side.terms):
            for other in spoiled(term):
                terms = (*side.terms[:n], other, *side.terms[n + 1 :])
                planted = replace(given, sides=(replace(side, terms=terms),))
                try:
                    assert reader.fault(planted), latex(row(*terms))
                except UnreadableError:
                    continue
    assert len(rows) == 3


def layer_of(drawn):
    """Draw a convolutional layer with any settings, and the shape of its input."""
    count, is_transposed = drawn.randint(1, 3), drawn.random() < 0.3
    kind = getattr(sc, f"Conv{'Transpose' if is_transposed else ''}{count}D")

    def each(low, high):
        numbers = tuple(drawn.randint(low, high) for _ in range(count))
        return numbers if count > 1 else numbers[0]

    def both():
        return drawn.randint(0, 2), drawn.randint(0, 2)

    sides = both() if count == 1 else tuple(both() for _ in range(count))
    padding = each(0, 1) if is_transposed else drawn.choice([each(0, 2), "same", sides])
    groups = drawn.choice([1, 1, 2, 3])
    steps = {"stride": each(1, 3), "dilation": each(1, 2)}
    others = {"groups": groups, "bias": drawn.random() < 0.5, "padding": padding}
    layer = kind(groups * drawn.randint(1, 2), each(1, 3), **steps, **others)
    shape = tuple(drawn.randint(1, 6) for _ in range(count))
    return layer, (*shape, groups * drawn.randint(1, 2))


def network_of(seed):
    drawn = Random(seed)
    while True:
        with suppress(SymcnnError):  # the window is longer than its input
            layer, shape = layer_of(drawn)
            batch = drawn.choice([None, 1, 2])
            network = sc.Network(shape, [layer], sc.HalfSquaredError(), batch)
            if terms(network) <= 1000:
                return network


SUBJECTS = [kind for kind in LAYERS.values() if "Conv" in kind.made.__name__]
CASES = [*range(60), *(kind.made for kind in SUBJECTS)]
CELLS = [(case, base) for case in CASES for base in (0, 1)]


@pytest.mark.parametrize(("case", "base"), one_of(spread(CELLS)), ids=str)
def test_what_is_right_is_printed(case, base):
    """Layers with numbers or with letters for sizes, in formulas and documents."""
    if isinstance(case, int):
        network = network_of(case)
        assert sc.explain(problem_of(network, "drawn"), index_base=base, detail="full")
    else:
        network = statement(specimen(case)).network
        assert sc.theorem(case, index_base=base)
    derivation, made = sc.derive(network), network.stages[0].output.name
    for name in (made, f"{made}.weight", "x"):
        if convolution_form(derivation, name, backward=name != made):
            assert derivation.latex(name, notation="convolution", index_base=base)
