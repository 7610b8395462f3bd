import pytest

from symcnn import Max, SymcnnError, Tensor, define, index
from symcnn.equations import SAMPLE, Guard, Loop, accesses, for_every_sample

i, u, q = index("i"), index("u"), index("q")


def tensor(name, *shape):
    return Tensor(name, shape, "hidden", name, tuple("abcd"[: len(shape)]))


x, y, w = tensor("x", 5), tensor("y", 3), tensor("w", 3)


def test_a_bare_index_runs_over_its_axis():
    equation = define(y[i], tensor("m", 3, 4)[i, q] * tensor("v", 4)[q])
    assert equation.loops == (Loop(i, 3), Loop(q, 4))
    assert equation.reduced == (Loop(q, 4),)
    assert equation.guards == ()


def test_the_targets_loops_come_first():
    assert [loop.symbol for loop in define(y[i], w[u] * x[i + u]).loops] == [i, u]


def test_an_access_inside_its_tensor_needs_no_guard():
    assert define(y[i], w[u] * x[i + u]).guards == ()


def test_an_access_that_can_leave_its_tensor_is_guarded():
    equation = define(y[i], w[u] * x[2 * i + u - 1])
    assert equation.guards == (Guard(2 * i + u - 1, 5),)


def test_a_target_that_can_leave_its_tensor_is_guarded():
    assert define(y[i + u], x[i], over={u: 2}).guards == (Guard(i + u, 3),)


def test_over_gives_the_range_where_no_bare_index_does():
    equation = define(y[i], x[i + u], over={u: 3}, reduction=Max())
    assert equation.sizes == {i: 3, u: 3}
    assert equation.reduction == Max("first")


def test_over_wins_against_an_axis():
    assert define(y[i], x[i] + 0 * i, over={i: 2}).sizes == {i: 2}


def test_an_unknown_range_is_refused():
    with pytest.raises(SymcnnError) as refused:
        define(y[i], x[i + u + q])
    assert str(refused.value) == ("the range of q, u in y[i] is unknown: give it in over={...}")


def test_shapes_that_contradict_are_refused():
    with pytest.raises(SymcnnError) as refused:
        define(y[i], x[i])
    assert str(refused.value) == (
        "index i has two ranges, 3 and 5, in x[i]: the shapes do not match"
    )


def test_a_loop_index_is_no_number():
    with pytest.raises(SymcnnError) as refused:
        define(y[i], i * w[i])
    assert str(refused.value) == (
        "the value i*w[i] of y[i] contains i outside a tensor: loop indices may occur only "
        "inside [...]"
    )


def test_accesses_are_listed_once():
    found = accesses(x[i] * w[u] + x[i] ** 2)
    assert len(found) == 2
    assert set(found) == {x[i], w[u]}


def test_the_batch_axis_goes_to_what_depends_on_the_sample():
    xs, ys = x.with_batch(7), y.with_batch(7)
    equation = for_every_sample(define(y[i], w[u] * x[i + u]), {x.base: xs, y.base: ys}, index("m"))
    assert equation.target == ys[SAMPLE, i]
    assert equation.value == w[u] * xs[SAMPLE, i + u]
    assert equation.loops[0] == Loop(SAMPLE, 7)


def test_a_layers_loop_may_not_be_called_as_the_samples_are():
    with pytest.raises(SymcnnError, match="the index n is reserved for the samples"):
        for_every_sample(define(y[SAMPLE], w[SAMPLE]), {y.base: y.with_batch(2)}, index("m"))


def test_a_tensor_counts_and_runs_over_its_entries():
    m = tensor("m", 2, 3)
    assert m.size == 6
    assert list(m.positions()) == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
    assert str(m.symbol((1, 2))) == "m_23"
    assert m.with_batch(4).shape == (4, 2, 3)
    assert m.with_batch(4).of_one_sample() == m


@pytest.mark.parametrize("position", [(2, 0), (0, 3), (-1, 0), (0,), (0, 0, 0)])
def test_an_entry_that_is_not_there_is_refused(position):
    with pytest.raises(SymcnnError) as refused:
        tensor("m", 2, 3).symbol(position)
    assert str(refused.value) == (
        f"m has no entry {position}: its shape is (2, 3), indices start at 0"
    )
