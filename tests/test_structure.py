"""The house: what may stand on what. Read from the sources, without importing them."""

import ast
import importlib
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

import symcnn
from symcnn import _public

PACKAGE = Path(__file__).parents[1] / "symcnn"
SOURCES = sorted(PACKAGE.rglob("*.py"))

# From the ground up: a room imports from itself and from the rooms below it alone.
GROUND = {"errors", "limits"}
ROOMS = [
    "equations",
    "reference",
    "writing",
    "network",
    "derivation",
    "programs",
    "problems",
    "document",
    "proofs",
    "classroom",
    "imports",
    "cli",
]

# Reached by what users call alone.
AT_THE_TOP = {"classroom", "imports"}

# Inside and across the rooms, likewise: the parts of one storey do not know of each other.
STOREYS = [
    {"errors", "network.declared", "document.outline", "writing.wrapping"},
    {"limits"},
    {"equations.sizes"},
    {"equations.notation", "equations.functions"},
    {"equations", "writing.formula"},
    {"equations.values", "writing.drawing", "writing.reading", "network.meaning"},
    {"reference.enclosures"},
    {"writing.printing"},
    {"reference", "network.layers", "writing.lettering"},
    {"network"},
    {"derivation"},
    {"programs.plans", "document"},
    {"programs.backends", "programs.cluster"},
    {"programs"},
    {"programs.export", "problems"},
    {"problems.evaluation", "problems.examples", "imports"},
    {"problems.parts", "problems.training"},
    {"document.explanation", "document.theory"},
    {"document.problem_display", "document.training_report", "proofs"},
    {"classroom.spreadsheets"},
    {"classroom.marking"},
    {"classroom.arithmetic"},
    {"classroom.explain"},
    {"classroom.worksheets", "classroom.practice", "classroom.interactive", "classroom.handins"},
    {"classroom.checks"},
    {"cli"},
]

# From an equation to a sentence, likewise.
STEPS = ["facts", "words", "rows", "theorems", "pictures", "story", "pages"]

STOREY = {part: storey for storey, parts in enumerate(STOREYS) for part in parts}
FAR_APART = [
    *((part, "network.layers") for part in ("programs.plans", "programs.backends")),
    *((part, "network.layers") for part in ("programs", "document")),
    *((part, "document") for part in ("programs.plans", "programs.backends", "programs")),
    ("document", "programs"),
    ("document", "problems"),
    ("programs", "problems"),
]

# What everything is checked against knows the equations and nothing that is derived from them.
REFERENCE_IMPORTS = {
    *("reference", "reference.enclosures", "errors"),
    *("equations", "equations.functions", "equations.values", "equations.notation"),
}


def dotted(path):
    parts = ("symcnn", *path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(module):
    return module.split(".")[1]


def part(module):
    """Return the part of the house that a module belongs to: the longest name that is listed."""
    names = module.split(".")[1:]
    found = (".".join(names[:n]) for n in range(len(names), 0, -1))
    return next((name for name in found if name in STOREY), names[0])


@cache
def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def statements(path):
    """List the statements of a file, those in blocks too: all nodes are ten times as many."""
    found = [parsed(path)]
    for node in found:
        for block in ("body", "orelse", "handlers", "finalbody", "cases"):
            inside = getattr(node, block, ())
            found += inside if isinstance(inside, list) else ()
    return found


@cache
def every_module():
    return {dotted(source) for source in SOURCES}


@cache
def imported(path):
    """List the symcnn modules that a file imports, wherever it does so."""
    return list(_imported(path))


def _imported(path):
    modules = every_module()
    for node in statements(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("symcnn."))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "symcnn":
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in modules else node.module


def inner():
    """The files below the package's own __init__, and what knows every public name for it."""
    outer = (PACKAGE / "__init__.py", PACKAGE / "_public.py")
    return [source for source in SOURCES if source not in outer]


def test_every_module_has_its_storey():
    assert {room(dotted(path)) for path in inner()} - {"__main__"} == {*ROOMS, *GROUND}
    used = {part(dotted(path)) for path in inner()} - {"__main__"}
    assert {name for name in used if name not in {*ROOMS, "classroom"}} <= set(STOREY)
    assert set(STOREY) <= used


def test_at_the_top_stand_few_entries():
    apart = ("__init__.py", "__main__.py", "py.typed", "__pycache__")
    assert len([entry for entry in PACKAGE.iterdir() if entry.name not in apart]) <= 15


def test_rooms_import_from_the_rooms_below():
    for path in inner():
        here = dotted(path)
        for module in imported(path):
            assert module != "symcnn", f"{path}: import from the module that defines the name"
            if room(module) in GROUND or room(here) in {*GROUND, "__main__"}:
                continue
            assert ROOMS.index(room(module)) <= ROOMS.index(room(here)), f"{here} imports {module}"
            own = room(here) in (room(module), "cli")
            assert own or room(module) not in AT_THE_TOP, f"{here} imports {module}"


def test_imports_go_from_the_ground_up():
    for path in inner():
        here = part(dotted(path))
        for module in imported(path):
            below = STOREY.get(here, len(STOREYS)) > STOREY[part(module)]
            assert below or part(module) == here, f"{dotted(path)} imports {module}"


def test_documents_are_made_in_steps():
    for path in inner():
        _, *places = dotted(path).split(".")
        for module in imported(path) if places[0] == "document" else ():
            here, there = places[1:2], module.split(".")[2:3]
            if {*here, *there} <= {*STEPS} and here and there:
                in_order = STEPS.index(there[0]) <= STEPS.index(here[0])
                assert in_order, f"{dotted(path)} imports {module}"


@pytest.mark.parametrize(("one", "other"), FAR_APART)
def test_they_do_not_know_of_each_other(one, other):
    for path in inner():
        if part(dotted(path)) == one:
            assert all(part(module) != other for module in imported(path)), path


def test_the_reference_knows_the_equations_alone():
    for path in inner():
        if part(dotted(path)) == "reference":
            assert {part(module) for module in imported(path)} <= REFERENCE_IMPORTS, path


def test_a_backend_knows_of_no_other():
    folders = {path.parent for path in (PACKAGE / "programs" / "backends").glob("*/backend.py")}
    for folder in folders:
        others = {f"symcnn.programs.backends.{other.name}" for other in folders - {folder}}
        for path in folder.glob("*.py"):
            homes = {".".join(module.split(".")[:4]) for module in imported(path)}
            assert not homes & others, path


def test_there_are_no_import_cycles():
    needs = {dotted(path): set(imported(path)) - {dotted(path)} for path in inner()}
    while ready := {module for module, needed in needs.items() if not needed & set(needs)}:
        needs = {module: needed for module, needed in needs.items() if module not in ready}
    assert not needs, f"these import each other in a ring: {sorted(needs)}"


def test_imports_name_the_whole_path():
    for path in inner():
        froms = [node for node in statements(path) if isinstance(node, ast.ImportFrom)]
        assert all(node.level == 0 for node in froms), path


FOREIGN_TO_A_LAYER = ("latex", "numpy", "gradient", "adjoint", "backward", "derivative", "diff")


@pytest.mark.parametrize(
    "path", sorted((PACKAGE / "network" / "layers").glob("*.py")), ids=lambda p: p.stem
)
def test_a_layer_is_its_forward_equations_and_nothing_else(path):
    names = {
        name.lower()
        for node in ast.walk(parsed(path))
        for name in (
            getattr(node, "id", None),
            getattr(node, "attr", None),
            getattr(node, "name", None),
            getattr(node, "module", None),
        )
        if isinstance(name, str)
    }
    assert [n for n in names if any(foreign in n for foreign in FOREIGN_TO_A_LAYER)] == []


def classes(path):
    return [n for n in parsed(path).body if isinstance(n, ast.ClassDef)]


def test_every_layer_is_a_frozen_dataclass():
    for path in (PACKAGE / "network" / "layers").glob("*.py"):
        for class_ in classes(path):
            assert "dataclass(frozen=True)" in [ast.unparse(d) for d in class_.decorator_list]


def test_functions_are_short():
    lengths = sorted(
        node.end_lineno - node.body[0].lineno + 1
        for path in SOURCES
        for node in statements(path)
        if isinstance(node, ast.FunctionDef)
    )
    assert lengths[len(lengths) // 2] <= 7


def test_public_names_have_one_home():
    """Type checkers and the import of a name at its first use read the same lines."""
    listed = [
        (alias.name, alias.asname)
        for file in (PACKAGE / "_public.py", PACKAGE / "network" / "layers" / "__init__.py")
        for node in parsed(file).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name != "*"
    ]
    names = [name for name, _ in listed]
    assert all(name == public for name, public in listed)
    assert symcnn.__all__ == sorted(set(names)) == sorted(names)
    for name in names:
        assert getattr(symcnn, name) is getattr(_public, name)


# What docstrings name besides what is there: SymPy's, and what is made.
ELSEWHERE = {
    *("applyfunc", "deltasummation", "doit", "gcd_terms", "numpycode", "srepr", "subs"),
    *("VALUES", "conv2d", "label_subscript"),
}


def test_docstrings_name_what_is_there():
    there, named = {path.stem for path in SOURCES} | ELSEWHERE, {}
    for path in SOURCES:
        code, docstrings = (" ".join(parts) for parts in _parted(path.read_text(encoding="utf-8")))
        there |= set(re.findall(r"\w+", code))
        quoted = " ".join(re.findall(r"``(.*?)``", docstrings))
        named[path] = set(re.findall(r"\b[A-Za-z_]\w+", quoted))
    stale = {dotted(path): names - there for path, names in named.items() if names - there}
    assert stale == {}


def _parted(text):
    parts = text.split('"""')
    return parts[::2], parts[1::2]


ROOT = PACKAGE.parent
SCRIPTS = [
    *ROOT.glob("benchmarks/**/*.py"),
    *ROOT.glob("derivations/*.py"),
    *ROOT.glob("docs/*.py"),
    *ROOT.glob(".ci/*.py"),
]


@pytest.mark.parametrize("path", sorted(SCRIPTS), ids=lambda p: str(p.relative_to(ROOT)))
def test_scripts_import_what_is_there(path):
    for node in statements(path):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "symcnn":
            for package in ("torch", "onnx"):
                if node.module.startswith(f"symcnn.imports.{package}"):
                    pytest.importorskip(package)
            for alias in node.names:
                module = importlib.import_module(node.module)
                assert hasattr(module, alias.name), f"{node.module}.{alias.name}"


@pytest.mark.parametrize("path", sorted((ROOT / ".ci").glob("[!.]*")), ids=lambda p: p.name)
def test_ci_imports_what_is_there(path):
    imports = re.findall(r"from (symcnn[.\w]*) import (\w+)", path.read_text(encoding="utf-8"))
    for module, name in imports:
        assert hasattr(importlib.import_module(module), name), f"{module}.{name}"


def test_limits_stand_in_one_file():
    elsewhere = [
        f"{dotted(path)}: {name}"
        for path in inner()
        for node in statements(path)
        if isinstance(node, ast.Raise) and "TooLargeError" in ast.unparse(node)
        for name in sorted(n.id for n in ast.walk(node) if isinstance(n, ast.Name))
        if name.isupper()
    ]
    assert elsewhere == []


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this is no checkout of git")
@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_git_ignores_no_file_of_the_checkout():
    """What is built to be released leaves out what git ignores, even where it is committed."""
    command = ["git", "ls-files", "--cached", "--ignored", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert listed.stdout == ""
