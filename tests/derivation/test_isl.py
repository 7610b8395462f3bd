"""The elimination of loops against isl's, which is exact for all values of all parameters."""

import random

import pytest
from sympy import Indexed, sympify

from symcnn import Tensor, define, index, size
from symcnn.derivation.gather import gather
from tests.derivation.presburger import assumed, gathered, scattered
from tests.draws import MANY

isl = pytest.importorskip("islpy")

SYSTEMS = 500 if MANY else 30
SIZES = [size(name) for name in "HKMW"]
PADDING = size("P", least=0)


def drawn(seed):
    """Return a sum over one to three loops that reaches an axis or two, sizes often letters."""
    rng = random.Random(seed)

    def length():
        return rng.choice([*SIZES, 1, 2, rng.randint(3, 7)])

    loops = dict(zip(map(index, "ijk"), (length() for _ in range(rng.randint(1, 3))), strict=False))

    def position():
        among = rng.sample(list(loops), rng.randint(1, len(loops)))
        factors = (rng.choice([1, 1, 1, 2, 3, -1, -2]) for _ in among)
        shift = rng.choice([0, 0, -1, 2, -PADDING, PADDING])
        return sum((c * s for c, s in zip(factors, among, strict=True)), sympify(shift))

    axes = rng.randint(1, 2)
    target = Tensor("A", tuple(length() for _ in range(axes)), "hidden", "A", tuple("ab"[:axes]))
    every = Tensor("X", tuple(loops.values()), "input", "X", tuple("ijk"[: len(loops)]))
    inside = [(position(), length())] if rng.random() < 0.3 else []
    return define(
        target[tuple(position() for _ in range(axes))],
        every[tuple(loops)],
        over=loops,
        inside=inside,
    ), target


@pytest.mark.parametrize("seed", range(SYSTEMS))
def test_an_entry_collects_what_leads_to_it(seed):
    equation, target = drawn(seed)
    free = tuple(map(index, "rs"[: len(target.shape)]))
    letters = sorted({*SIZES, PADDING}, key=str)
    form = gather(equation, free)
    where = isl.Set(assumed(free, target.shape, letters))
    true = isl.Set(scattered(equation, free, letters)).intersect_params(where)
    if not form.has(Indexed):
        assert true.is_empty()
    else:
        told = isl.Set(gathered(form, free, letters, len(equation.loops)))
        assert told.intersect_params(where).is_equal(true), f"{equation}\n{form}"
