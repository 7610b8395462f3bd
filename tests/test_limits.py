"""A limit is read when it is used: who has the time can raise it."""

import ast
import re
from itertools import pairwise
from pathlib import Path

import pytest

import symcnn as sc
from symcnn.document.explanation.worked_out import check_work
from symcnn.programs.export import sympy_module

NETWORK = sc.Network((6,), [sc.Dense(5), sc.Tanh()], sc.HalfSquaredError())
VALUES = {"x": [1] * 6, "dense1.weight": [1] * 30, "dense1.bias": [0] * 5, "target": [1] * 5}
PROBLEM = sc.Problem(NETWORK, VALUES)

REFUSED = {
    "NETWORK_ENTRIES": lambda: sc.lambdify(sc.derive(NETWORK)),
    "NETWORK_LAYERS": lambda: sc.Network((6,), [sc.Tanh(), sc.Tanh()], sc.HalfSquaredError()),
    "EXACT_TERMS": lambda: sc.evaluate(PROBLEM, exact=True),
    "HESSIAN_NODES": lambda: sc.derive(NETWORK).hessian(["dense1.bias"]),
    "SCALAR_TERMS": lambda: sc.lambdify(sc.derive(NETWORK), "scalar"),
    "GIVEN_NUMBERS": lambda: sc.Problem(NETWORK, VALUES),
    "EXPLAINED_ENTRIES": lambda: sc.explain(PROBLEM),
    "EXPORTED_ENTRIES": lambda: sympy_module(PROBLEM.derivation, VALUES, ""),
    "EXPORTED_TERMS": lambda: sympy_module(PROBLEM.derivation, VALUES, ""),
    "ALL_WORKED_ENTRIES": lambda: sc.explain(PROBLEM, all_weights=True),
}


@pytest.mark.parametrize("limit", REFUSED)
def test_what_is_larger_is_refused_until_the_limit_is_raised(limit, monkeypatch):
    usual = getattr(sc.limits, limit)
    monkeypatch.setattr(sc.limits, limit, 1)
    with pytest.raises(sc.TooLargeError, match="1"):
        REFUSED[limit]()
    monkeypatch.setattr(sc.limits, limit, usual)
    REFUSED[limit]()


def test_as_many_entries_as_the_memory_holds_are_computed(monkeypatch):
    """An entry and its derivative are two numbers of eight bytes."""
    entries = sum(tensor.size for tensor in NETWORK.tensors.values())
    monkeypatch.setattr("symcnn.network.network.memory", lambda: 16 * entries)
    sc.lambdify(sc.derive(NETWORK))
    monkeypatch.setattr("symcnn.network.network.memory", lambda: 16 * entries - 1)
    with pytest.raises(sc.TooLargeError, match="of memory of this machine: use smaller"):
        sc.lambdify(sc.derive(NETWORK))
    monkeypatch.setattr("symcnn.network.network.memory", lambda: None)
    sc.lambdify(sc.derive(NETWORK))


def test_a_document_that_the_memory_does_not_hold_is_refused(monkeypatch):
    where = "symcnn.document.explanation.worked_out.memory"
    monkeypatch.setattr(where, lambda: 250 * 57 - 1)
    with pytest.raises(sc.TooLargeError, match="57 entries in all its tensors, too many for a doc"):
        sc.explain(PROBLEM)
    monkeypatch.setattr(where, lambda: 250 * 57)
    sc.explain(PROBLEM, detail="brief")


def doubled(times):
    """Concatenate a tensor with itself, and that with itself."""
    names = ["x", *(f"y{n}" for n in range(times))]
    layers = [sc.Concatenate(inputs=(x, x), name=y) for x, y in pairwise(names)]
    return sc.Network((2,), layers, sc.SumOfOutputs())


LARGE = {
    "many doublings": lambda: (doubled(24), "67,108,863 entries"),
}


@pytest.mark.parametrize("name", LARGE)
def test_what_a_document_would_take_is_known_before_it_is_begun(name):
    network, reason = LARGE[name]()
    with pytest.raises(sc.TooLargeError, match=reason) as caught:
        check_work(network)
    assert len(str(caught.value)) <= 200


def test_a_problem_of_too_many_numbers_is_refused_before_one_is_read():
    """AlexNet's 61 million would fill 17 GB."""
    network = sc.Network((4096,), [sc.Dense(4096), sc.Dense(4096)], sc.SumOfOutputs())
    with pytest.raises(sc.TooLargeError, match="33,566,720 numbers") as caught:
        sc.Problem(network, {})
    assert len(str(caught.value)) <= 200


def test_a_document_does_without_a_closed_form_that_is_too_long(monkeypatch):
    """A unit that reads a whole image is a stage that nobody reads."""
    monkeypatch.setattr(sc.limits, "CLOSED_FORM_NODES", 10)
    network = sc.Network((6,), [sc.Dense(5), sc.Tanh(), sc.Dense(1)], sc.HalfSquaredError())
    values = {t.name: [1 / 2] * t.size for t in network.given}
    sc.explain(sc.Problem(network, values))


def test_every_limit_is_a_number_with_its_reason():
    _, *body = ast.parse(Path(sc.limits.__file__).read_text(encoding="utf-8")).body
    names, reasons = body[::2], body[1::2]
    assert [name.targets[0].id for name in names] == [n for n in vars(sc.limits) if n.isupper()]
    assert len(reasons) == len(names)
    assert all(isinstance(ast.literal_eval(reason.value), str) for reason in reasons)


def test_every_limit_is_used():
    package = Path(sc.__file__).parent
    text = "\n".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    used = {*re.findall(r"[^.]limits\.(\w+)", text)}
    assert [name for name in vars(sc.limits) if name.isupper() and name not in used] == []
