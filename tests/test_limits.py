"""A limit is read when it is used: who has the time can raise it."""

import ast
import re
from pathlib import Path

import pytest

import symcnn as sc

NETWORK = sc.Network((6,), [sc.Dense(5), sc.Tanh()], sc.HalfSquaredError())
VALUES = {"x": [1] * 6, "dense1.weight": [1] * 30, "dense1.bias": [0] * 5, "target": [1] * 5}
PROBLEM = sc.Problem(NETWORK, VALUES)

REFUSED = {
    "NETWORK_ENTRIES": lambda: sc.Network((6,), [sc.Dense(5)], sc.HalfSquaredError()),
    "ENUMERATED_TERMS": lambda: sc.derive(NETWORK).partial("dense1.weight", (0, 0)),
    "EXACT_TERMS": lambda: sc.evaluate(PROBLEM, exact=True),
    "HESSIAN_NODES": lambda: sc.derive(NETWORK).hessian(["dense1.bias"]),
    "SCALAR_TERMS": lambda: sc.lambdify(sc.derive(NETWORK), "scalar"),
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


def test_every_limit_is_a_number_with_its_reason():
    _, *body = ast.parse(Path(sc.limits.__file__).read_text(encoding="utf-8")).body
    names, reasons = body[::2], body[1::2]
    assert [name.targets[0].id for name in names] == [n for n in vars(sc.limits) if n.isupper()]
    assert len(reasons) == len(names)
    assert all(isinstance(ast.literal_eval(reason.value), str) for reason in reasons)


def test_every_limit_is_used():
    package = Path(sc.limits.__file__).parent
    text = "\n".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    limits = [name for name in vars(sc.limits) if name.isupper()]
    assert [name for name in limits if not re.search(rf"[^.]limits\.{name}\b", text)] == []
