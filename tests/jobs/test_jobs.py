"""Jobs side by side give what each gives alone; what computed them can be sent to a process."""

import copy
import os
import pickle
import subprocess
import sys
import traceback
from contextlib import contextmanager
from threading import Thread

import mpmath
import pytest

import symcnn as sc
from symcnn.equations.values import MULTIPRECISION
from symcnn.equations.values.floats import CONSTANTS
from tests.draws import drawn, one_of, slow
from tests.jobs import jobs

SEED = sc.examples.cnn_by_hand


def sent(made):
    return pickle.loads(pickle.dumps(made))


@pytest.fixture(params=["threads", "processes"])
def pool(request):
    """Eight threads that take turns a hundred times as often as they do, or new processes."""
    pytest.importorskip("torch")
    usual = sys.getswitchinterval()
    sys.setswitchinterval(usual / 100)
    yield getattr(jobs, request.param)()
    sys.setswitchinterval(usual)


def test_jobs_side_by_side(pool):
    assert list(jobs.faults(drawn(0.4), pool)) == []


@pytest.mark.parametrize(
    "rounds",
    [
        lambda problem: problem.derivation.substitute(sc.sigmoid(1), {}, digits=50),
        lambda problem: sc.evaluate(problem, exact=True).loss,
        lambda problem: sc.explain(problem),
    ],
)
def test_one_thread_at_a_time_has_numbers_rounded(rounds):
    thread = Thread(target=rounds, args=(SEED(),))
    with MULTIPRECISION:
        thread.start()
        thread.join(0.05)
        assert thread.is_alive()
    thread.join()


def test_nobody_waits_for_a_whole_document(monkeypatch):
    document = sys.modules["symcnn.document.document"]
    held, verified = [], document.verify

    def verify(*given):
        held.append(MULTIPRECISION._is_owned())
        return verified(*given)

    monkeypatch.setattr(document, "verify", verify)
    sc.explain(SEED())
    assert held == [False]


@contextmanager
def watched(found):
    """Note who changes what mpmath shares between threads, its precision and constants."""

    def seen(frame, event, _):
        name, file = frame.f_code.co_name, frame.f_code.co_filename
        shared = name in ("_set_prec", "_set_dps", *CONSTANTS)
        if event == "call" and shared and "mpmath" in file and not MULTIPRECISION._is_owned():
            found.append(
                [f.name + ":" + str(f.lineno) for f in traceback.extract_stack(frame)][-9:]
            )

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        yield
    finally:
        sys.setprofile(before)


@slow
def test_documents_and_exact_numbers_leave_alone_what_mpmath_shares():
    layers = [sc.GELU(), sc.Dense(1), sc.Sigmoid()]
    network = sc.Network((1,), layers, sc.BinaryCrossEntropy())
    values = {"x": [0.3], "dense1.weight": [[9000]], "dense1.bias": [0.1], "target": [0]}
    problem, found = sc.Problem(network, values), []
    with watched(found):
        mpmath.mp.dps = mpmath.mp.dps
    assert len(found) == 1
    found.clear()
    with watched(found):
        written = sc.explain(problem)
        sc.evaluate(problem, exact=True)
        for format in ("tex", "md", "html"):
            written.files(format)
    assert found == []
    assert r"\times 10^{724}" in written.to_latex()


FORKING = """
import os, warnings
from threading import Thread
import symcnn as sc
from symcnn.equations.values import MULTIPRECISION

warnings.simplefilter("ignore", DeprecationWarning)
problem = sc.examples.cnn_by_hand()
thread = Thread(target=lambda: [sc.evaluate(problem, exact=True) for _ in range(20)])
thread.start()
for _ in range(20):
    child = os.fork()
    if not child:
        os._exit(0 if MULTIPRECISION.acquire(timeout=10) else 1)
    assert os.waitpid(child, 0)[1] == 0
thread.join()
"""


@slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_fork_does_not_wait_for_a_thread_that_it_has_not():
    """The child would wait for ever, were the lock held by a thread that stayed behind.

    The process is one of its own: others here have imported JAX, which warns of every fork.
    """
    subprocess.run([sys.executable, "-c", FORKING], check=True)


@pytest.mark.parametrize("backend", one_of(["scalar", "array", "jax"]))
def test_a_program_is_sent_before_and_after_its_first_call(backend):
    if backend == "jax":
        pytest.importorskip("jax")
    problem = SEED()
    program = sc.lambdify(problem.derivation, backend)
    for _ in range(2):
        for other in (sent(program), copy.deepcopy(program)):
            loss = other(problem.values).loss
            assert float(loss) == pytest.approx(0.03043124508096392, rel=1e-15)
            assert other.source == program.source
            if backend == "scalar":
                assert other.on_floats
        program(problem.values)


def test_a_product_with_the_hessian_is_sent():
    net = sc.Network((2,), [sc.Dense(1, bias=False)], sc.HalfSquaredError())
    values = {"x": [3, 4], "dense1.weight": [[1, 0]], "target": [3]}
    product = sc.HessianVectorProduct(sc.derive(net))
    for _ in range(2):
        found = sent(product)(values, {"dense1.weight": [[1, 0]]})
        assert found["dense1.weight"].tolist() == [[9.0, 12.0]]
        product(values, {})


@slow
def test_a_document_is_sent_with_what_it_claims():
    problem = SEED()
    document = sc.explain(problem)
    other = sent(document)
    for write in ("to_latex", "to_html", "to_markdown"):
        assert getattr(other, write)() == getattr(document, write)()
        blanks = getattr(sent(document.with_blanks()), write)()
        assert blanks == getattr(other.with_blanks(), write)()


@slow
def test_what_has_answered_is_sent_as_what_has_not():
    problem = SEED()
    d = problem.derivation
    d.partials(), d.partial("conv1.weight"), problem.quantity("gradient of conv1")
    problem._repr_html_(), sc.evaluate(problem), sc.explain(problem)
    other = sent(problem)
    assert other == problem
    assert other.network == problem.network
    assert other.quantity("loss") == problem.quantity("loss")
    assert sent(d).partial("conv1.weight", (0, 0, 0, 0)) == d.partial("conv1.weight", (0, 0, 0, 0))
    assert sent(sc.TooLargeError("the reason")).args == ("the reason",)
