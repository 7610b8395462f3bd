"""The reference says what the classes say, and the tutorials print what they show."""

import doctest
import re
from importlib.util import find_spec
from pathlib import Path
from runpy import run_path

import pytest

import symcnn
from symcnn.problems.catalog import LAYERS, LOSSES
from tests.draws import slow

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "layers.md").read_text(encoding="utf-8")
TUTORIALS = [
    *sorted((ROOT / "docs" / "tutorials").glob("*.md")),
    ROOT / "docs" / "authors.md",
]


def test_the_page_is_what_the_classes_make():
    made = run_path(str(ROOT / "docs" / "regenerate.py"))
    assert made["page"]() == PAGE
    assert made["mistakes_page"]() == (ROOT / "docs/mistakes.md").read_text(encoding="utf-8")


def test_the_page_has_every_type_and_every_key():
    for name, kind in {**LAYERS, **LOSSES}.items():
        (section,) = re.findall(rf"^### {name}\n\n(.*?)(?=^##|\Z)", PAGE, re.DOTALL | re.MULTILINE)
        assert section.startswith(f"`symcnn.{kind.made.__name__}`\n")
        listed = re.findall(r"^- `(\w+)`", section, re.MULTILINE)
        common = {"type", "name", "inputs", "weight_from", "weight_axes", "l2"}
        assert listed == [key for key in kind.keys if key not in common]


def test_the_index_of_the_derivations_is_what_their_problem_files_say():
    made = run_path(str(ROOT / "derivations" / "gallery.py"))["page"]()
    assert (ROOT / "derivations" / "README.md").read_text(encoding="utf-8") == made


@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_prints_what_it_shows(tutorial):
    if "import torch" in tutorial.read_text(encoding="utf-8") and not find_spec("torch"):
        pytest.skip("needs torch")
    ended = doctest.testfile(str(tutorial), module_relative=False, encoding="utf-8")
    assert ended.attempted > 10
    assert not ended.failed


@slow
def test_the_page_for_authors_prints_what_it_shows():
    page = str(ROOT / "docs" / "for-authors.md")
    ended = doctest.testfile(page, module_relative=False, encoding="utf-8")
    assert (ended.attempted, ended.failed) == (9, 0)


def test_the_problem_file_of_the_tutorial_is_the_network_in_python(tmp_path):
    text = (ROOT / "docs" / "tutorials" / "your-own-network.md").read_text(encoding="utf-8")
    (written,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    (tmp_path / "my.toml").write_text(written, encoding="utf-8")
    problem = symcnn.load(tmp_path / "my.toml")
    layers = [
        symcnn.Conv2D(1, (3, 3)),
        symcnn.ReLU(),
        symcnn.Flatten(),
        symcnn.Dense(2, bias=False),
    ]
    assert problem.network == symcnn.Network((4, 4, 1), layers, symcnn.SoftmaxCrossEntropy())
    first, second = 0.5 * (0.9 - 1.1 + 1.1 - 0.9), 0.5 * (-0.9 + 1.1 + 1.1 + 0.9)
    z = symcnn.evaluate(problem).outputs["dense1"]
    assert z.tolist() == pytest.approx([first, second])


def test_every_page_is_in_the_navigation():
    docs = ROOT / "docs"
    own = [p for p in docs.rglob("*.md") if p.parts[len(docs.parts)] not in ("gallery", "atlas")]
    trees = [
        (page.parent, tree)
        for page in own
        for tree in re.findall(
            r"```{toctree}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL
        )
    ]
    listed = [
        (folder / f"{name}.md").relative_to(docs).as_posix()
        for folder, tree in trees
        for name in tree.splitlines()
        if name and not name.startswith(":")
    ]
    made = {"gallery/index.md", "atlas/index.md"}
    pages = {page.relative_to(docs).as_posix() for page in own} - {"index.md"}
    assert sorted(listed) == sorted(pages | made)


def test_every_public_name_stands_on_one_page_of_the_reference():
    pages = (path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "api").glob("*.md"))
    listed = re.findall(
        r"^\.\. (?:auto\w+|py:data):: symcnn\.(\w+)$", "\n".join(pages), re.MULTILINE
    )
    assert sorted(listed) == sorted(symcnn.__all__)
