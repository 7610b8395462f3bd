"""A document is written on both sides of every limit at which it changes.

Which numbers a limit is compared with is listened to while a document is written; the limit is
then set one below and one above them, so that a small network is in every class of sizes.
"""

from collections import defaultdict
from random import Random

import pytest

import symcnn as sc
from symcnn import limits
from symcnn.document.outline import DETAILS
from tests.document.networks import problem_of
from tests.draws import MANY, THOROUGH, drawn, slow, some
from tests.generated.walk_networks import walked

FEW = 1
"""The limits that are set by default, for each level of detail."""

READ = {"NUMBER_DIGITS", "NUMBER_EXPONENT"}
"""Limits on the numbers of a problem, not on its size."""


class Heard(int):
    """A limit that notes what it is compared with, or divided by."""

    def __new__(cls, limit, heard):
        made = super().__new__(cls, limit)
        made.heard = heard
        return made

    def noted(self, other):
        if isinstance(other, int) and not isinstance(other, bool):
            self.heard.add(int(other))
        return int(self)

    def __lt__(self, other):
        return self.noted(other) < other

    def __le__(self, other):
        return self.noted(other) <= other

    def __gt__(self, other):
        return self.noted(other) > other

    def __ge__(self, other):
        return self.noted(other) >= other

    def __floordiv__(self, other):
        return self.noted(other) // other


def convolved(side):
    """A convolution whose kernel meets every entry of an image, then a mean of all."""
    layers = [sc.Conv2D(1, 3, padding=1), sc.ReLU(), sc.GlobalAvgPool2D()]
    return problem_of(sc.Network((side, side, 1), layers, sc.SumOfOutputs()), "a mean of an image")


def classified():
    """A convolution, a maximum and classes."""
    layers = [sc.Conv1D(1, 1), sc.MaxPool1D(2, 1), sc.Tanh(), sc.Flatten(), sc.Dense(3)]
    network = sc.Network((3, 1), layers, sc.SoftmaxCrossEntropy(l2=0.1))
    return problem_of(network, "classes")


def written(problem, detail):
    """Write all that limits decide on: a document, a formula, the numbers."""
    second = MANY and detail == "standard" and bool(problem.network.parameters)
    sc.explain(problem, detail=detail, second_order=second).to_markdown()
    if detail == "brief":
        tensor, *_ = problem.network.parameters or [problem.network.input]
        assert problem.derivation.latex(tensor.name)
        assert problem.derivation.latex(tensor.name, (0,) * len(tensor.shape), staged=True)
        sc.evaluate(problem)


def compared(problem, detail):
    """Return the limits that a document depends on, each with the numbers it is compared with."""
    heard = defaultdict(set)
    with pytest.MonkeyPatch.context() as patch:
        for name, limit in vars(limits).items():
            if name.isupper() and name not in READ:
                patch.setattr(limits, name, Heard(limit, heard[name]))
        written(problem, detail)
    return {name: sorted(sizes) for name, sizes in heard.items() if sizes}


def beside(heard, seed):
    """Run over limits that lie one below, at and one above a number that they are compared with."""
    draw = Random(seed)
    for name, sizes in heard.items():
        size = draw.choice(sizes)
        yield from ((name, max(0, size + more)) for more in (-1, 0, 1))


def faults(problem, seed, most):
    """Write a document with each limit beside a size of its own; a refusal is one line."""
    heard = compared(problem, "full")
    assert len(heard) >= 10, "nothing would be drawn"
    for detail in DETAILS:
        cases = [*beside(compared(problem, detail) if MANY else heard, seed)]
        for name, limit in Random(seed).sample(cases, min(most, len(cases))):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(limits, name, limit)
                try:
                    written(problem, detail)
                except Exception as error:
                    is_line = len(str(error)) <= 300 and str(error).isprintable()
                    if not (isinstance(error, sc.TooLargeError) and is_line):
                        yield f"{problem.title}, {detail}, {name} = {limit}: {error!r}"


@slow
@pytest.mark.parametrize("side", [3, 5] if MANY else [3])
def test_a_kernel_is_checked_at_one_entry_however_long_its_sum_is(side, monkeypatch):
    """Each of its nine derivatives has as many terms as the image has entries."""
    for limit in (side**2 - 1, side**2, side**2 + 1):
        monkeypatch.setattr(limits, "CHECKED_TERMS", limit)
        explained = sc.explain(convolved(side), sections=("backward", "weights"), detail="full")
        assert r"\star" in explained.to_markdown()


@slow
def test_a_kernel_on_an_image_of_128_by_128():
    sc.explain(convolved(128), sections=("backward", "weights"))


@slow
@pytest.mark.parametrize("problem", some([classified(), convolved(4)]), ids=lambda p: p.title)
def test_a_document_is_written_on_both_sides_of_every_limit(problem):
    assert [*faults(problem, 1, 10_000 if THOROUGH else 30 if MANY else FEW)] == []


@slow
@pytest.mark.parametrize("number", range(drawn(0.01)))
def test_random_networks_are_explained_on_both_sides_of_every_limit(number):
    assert [*faults(walked(number).problem, number, 30)] == []
