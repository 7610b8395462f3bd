"""Collect the test modules alone, and let other processes find the package."""

import gc
import os
import signal
import sys
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from zlib import crc32

import pytest
from _pytest.doctest import DoctestItem, DoctestModule

from symcnn.cli import files
from symcnn.derivation.adjoint import _slope
from tests.draws import MANY, SEED, THOROUGH
from tests.failures import problem_of
from tests.parsed import Parsed
from tests.rarely import RARE, share

# A plain pytest in a checkout works without an installation, in subprocesses as well.
PACKAGE = Path(__file__).parents[1] / "symcnn"
os.environ["PYTHONPATH"] = str(PACKAGE.parent)

# The tests go through many networks: SymPy keeps more than its 1,000 last results, and JAX
# compiles what runs but once without looking for the fastest code.
os.environ.setdefault("SYMPY_CACHE_SIZE", "20000")
os.environ.setdefault(
    "XLA_FLAGS", "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true"
)


@pytest.fixture
def few_sizes(monkeypatch):
    """Try theorems at few sizes where a test is about their words, unless all are drawn."""
    if not THOROUGH:
        monkeypatch.setattr("symcnn.document.theory.trial.CHOICES", 5)


WORDS = ("document", "cli", "handins", "interactive", "marking", "practice", "spreadsheets")
WORDS += ("worksheets",)
"""The folders whose tests are about words and pages."""

ROWS = "planted verify read_back figures_of_tables second_order matrices seed printed own_layers"
ROWS += " random_equations sources theorems fractions"
"""The tests among them that are about rows."""


@pytest.fixture(autouse=True)
def _few_are_checked(request, monkeypatch):
    """Check the rows of documents where a test is about them, or many networks are drawn."""
    if not MANY and request.path.parent.name in WORDS and request.path.stem[5:] not in ROWS.split():
        monkeypatch.setattr("symcnn.document.document.verify", lambda *_: None)
        monkeypatch.setattr("symcnn.document.explanation.worked_out.oracles", lambda *_: ())


@pytest.fixture(autouse=True)
def _examples_try_few_sizes(request):
    """Try the theorems of docstrings at few sizes: tests try them at many."""
    if isinstance(request.node, DoctestItem) and request.path.parent.name == "theory":
        request.getfixturevalue("few_sizes")


@pytest.fixture(autouse=True)
def _slopes_are_taken_anew(request):
    """Let what a test plants in a function's derivative be asked for, and be forgotten after it."""
    plants = "monkeypatch" in request.node._fixtureinfo.argnames
    if plants:
        _slope.cache_clear()
    yield
    if plants:
        _slope.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def _what_is_written_is_read():
    """Let every file that a command writes be read by the parser of its language."""
    parsed, exchange = Parsed(), files._exchange

    def read_first(targets, drafts, aside):
        for path, draft in drafts.items():
            parsed.file(path.name, draft.read_bytes())
        exchange(targets, drafts, aside)

    files._exchange = read_first
    yield
    files._exchange = exchange
    assert parsed.finished() == []


def pytest_ignore_collect(collection_path):
    """Pass over the helpers: looking for doctests, pytest would import them, and PyTorch too.

    Pytest would compare each path with each of a list of hundreds.
    """
    name = collection_path.name
    return True if name.endswith(".py") and not name.startswith("test_") else None


class FewFiles:
    """Look for doctests where a file has an example.

    Pytest would import 1,200 files, and look at all that is in them, for those of 60.
    """

    @pytest.hookimpl(wrapper=True)
    def pytest_collect_file(self, file_path):
        modules = yield
        if not any(isinstance(module, DoctestModule) for module in modules):
            return modules
        if b">>>" in file_path.read_bytes():
            imported(file_path)
            return modules
        return [module for module in modules if not isinstance(module, DoctestModule)]

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self):
        """Let Hypothesis draw the same whatever numbers stand in symcnn: it reads all sources.

        Before its first test it looks through all that is alive: now through nothing, for the
        collection of garbage passes over what was imported.
        """
        gc.freeze()
        if "hypothesis" in sys.modules:
            from hypothesis.internal import entropy
            from hypothesis.internal.conjecture import providers

            if {"_get_local_constants", "_local_constants"} <= vars(providers).keys():
                providers._get_local_constants = lambda: providers._local_constants
            with entropy.deterministic_PRNG():
                pass


def imported(file):
    """Import a module as a program does, its package first.

    Pytest would put a module ``worksheet`` in the place of the function that the package has.
    """
    if PACKAGE in file.parents:
        name = ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts)
        import_module(name.removesuffix(".__init__"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Print the network that a failed test was about as a problem file, with the seed."""
    report = yield
    if report.when == "call" and report.failed:
        frames = [entry.frame.f_locals for entry in call.excinfo.traceback]
        if text := problem_of(frames):
            report.sections.append((f"problem file (SYMCNN_SEED={SEED})", text))
    return report


def pytest_configure(config):
    """Have this asked of symcnn/ as well, which is beside this folder."""
    config.pluginmanager.register(FewFiles())


# A shell has what it runs in the background ignore Control-C, and so would the processes that
# tests interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    with suppress(ValueError):  # outside of the main thread nobody says what happens
        signal.signal(signal.SIGINT, signal.default_int_handler)


# What is imported and what SymPy caches stays anyway. A plain run has the memory to look once alone
# at what is alive: whoever looks at all of it again takes a second or two.
gc.set_threshold(200_000, 50 if MANY else 10_000, 100)


SLOWEST = "test_letters_of_networks_of_every_kind"


def drawn_of(name, cases):
    """Draw the first case of one test and the one in the middle of another, by their names.

    Were it always the first, a kind of network or a format that is named first everywhere would
    be all that is tried.
    """
    two = cases[:: -(-len(cases) // 2)]
    return two[crc32(name.encode()) % len(two)]


def chosen(name, cases, asked):
    """Draw of the cases of a test, and leave out what takes long unless it was asked for."""
    if MANY:
        return cases if THOROUGH or asked else share(name, cases)
    return [] if name in RARE and not asked else [drawn_of(name, cases)]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Run one case of a test with many, unless many networks are drawn.

    What is asked for by its name is run though it takes long. Where many are drawn the slowest
    come first, so that no process works at one while the others are done.
    """
    cases, asked = {}, any("::" in argument for argument in config.args)
    for item in items:
        cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    kept = {item for name, of_one in cases.items() for item in chosen(name, of_one, asked)}
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = [item for item in items if item in kept]
    if MANY:
        items.sort(key=lambda item: SLOWEST not in item.nodeid)


SHARED = "tests.document.shared"
"""It keeps the documents that many tests read."""

FOLDERS = {
    *("tests/classroom/interactive", "tests/classroom/practice"),
    *("tests/imports", "tests/document/theory"),
}
"""Their tests share pages in a browser, or what PyTorch loads at its first export.

Those of theorems share what SymPy remembers of their derivation, with the proofs of them.
"""


@cache
def together(file):
    """Return what the tests of a file share: documents, or a browser, a cluster, a parser.

    It is made once where one process runs them all.
    """
    folder = file.rpartition("/")[0].replace("tests/proofs", "tests/document/theory")
    if folder in FOLDERS:
        return folder
    return SHARED if SHARED in Path(PACKAGE.parent, file).read_text(encoding="utf-8") else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Leave the few tests that share what takes long to make to one process."""
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid):
            return together(nodeid.partition("::")[0])

    return None if MANY else Together(config, log)


def pytest_sessionfinish():
    """Let pytest, which collects garbage five times at the end, pass over all that is alive.

    Where many networks are drawn it is collected once, and says what nobody has closed.
    """
    if MANY:
        gc.collect()
    gc.freeze()
