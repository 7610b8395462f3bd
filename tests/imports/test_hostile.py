"""Nothing of a file of PyTorch runs, and what it takes to refuse one is bounded."""

import pytest

import symcnn as sc
from tests.draws import FILES, MANY, slow

torch = pytest.importorskip("torch")
pytest.importorskip("resource")  # limits are those of Unix

from tests.imports import hostile  # noqa: E402 - it needs PyTorch
from tests.imports.confined import MEMORY, SECONDS, confined  # noqa: E402

PREPARED = ("symcnn._public", "symcnn.imports.torch.importing", "torch._refs")
"""What all of them import is imported once."""


@pytest.fixture(scope="module")
def parts():
    return hostile.exported()


@pytest.fixture(scope="module")
def files(parts):
    made = hostile.files(parts)
    return made if MANY else {name: made[name] for name in [*made][:3] + [*made][6::40]}


def outcomes(contents, folder):
    """Import files in processes with limits, and return what became of each."""
    for at, content in enumerate(contents):
        (folder / f"{at}.pt2").write_bytes(content)
    commands = [["import", f"{at}.pt2", "-o", f"{at}.toml"] for at in range(len(contents))]
    return confined(commands, folder, modules=PREPARED)


def assert_one_line(outcome, name):
    assert (outcome.status, outcome.out) == (2, ""), (name, outcome)
    assert outcome.err.startswith("symcnn: error: "), name
    assert outcome.err.count("\n") == 1, (name, outcome.err)
    assert outcome.seconds < SECONDS
    assert outcome.peak < MEMORY


def test_the_file_itself_is_read(parts, tmp_path):
    path = tmp_path / "net.pt2"
    path.write_bytes(hostile.archived(parts))
    reports = []
    problem = sc.from_pt2(path, report=reports.append)
    assert problem.network.output.shape == (2, 2)
    assert len(reports[0].gradients) == 6


def test_files_are_read_or_refused_in_one_line(parts, files, tmp_path):
    others = {seed: hostile.mutated(parts, seed) for seed in range(FILES)}
    made = outcomes([*files.values(), *others.values()], tmp_path)
    assert not (tmp_path / "run").exists()
    for name, outcome in zip([*files, *others], made, strict=True):
        if name not in others or outcome.status != 0:
            assert_one_line(outcome, name)


def test_what_would_run_is_refused_without_pytorch(parts, tmp_path):
    """A process that has imported nothing does not import PyTorch to refuse such files."""
    attacks = hostile.lengths(parts, f"{hostile.RUNS}+1"), hostile.old_layout(parts)
    for at, content in enumerate((*attacks, hostile.other_case(parts))):
        (tmp_path / f"{at}.pt2").write_bytes(content)
    command = """
import sys
from symcnn.cli import main
statuses = [main(["import", f"{at}.pt2"]) for at in range(3)]
assert statuses == [2, 2, 2]
assert "torch" not in sys.modules
"""
    (outcome,) = confined([command], tmp_path, modules=())
    assert not (tmp_path / "run").exists()
    assert (outcome.status, outcome.out) == (0, "")
    assert [line.partition(".pt2: ")[2] for line in outcome.err.splitlines()] == [
        """a length is "__import__('os').mkdir('run')+1", neither a number nor a symbol: """
        "write it with torch.export.save",
        "'version' is of an old layout, a pickled object: write it with torch.export.save of a "
        "newer PyTorch",
        "'net/data/weights/model_weights_CONFIG.j... is a pickled object, which can run code: "
        "export a module of tensors and numbers alone",
    ]
    assert outcome.seconds < SECONDS
    assert outcome.peak < MEMORY


@slow
def test_shapes_are_refused_from_the_start_within_the_limits(parts, tmp_path):
    """The time and the memory that PyTorch itself takes is counted here."""
    inputs = ("size", "as_ints", [10**5, 10**5])
    content = hostile.calling(parts, "aten.ones.default", inputs)
    (tmp_path / "large.pt2").write_bytes(content)
    (outcome,) = confined([["import", "large.pt2"]], tmp_path)
    assert_one_line(outcome, "")
    assert "(aten.ones.default): it makes 10,000,000,000 entries: " in outcome.err
