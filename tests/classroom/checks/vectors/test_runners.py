"""The programs in C, Rust and JavaScript that read test vectors, right and wrong."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import symcnn as sc
from tests.classroom.checks.vectors.made import text, vectors
from tests.draws import slow

FOLDER = Path(__file__).parents[4] / "docs" / "vectors"
HEADER = Path("/usr/include/cjson/cJSON.h")
CRATES = Path("/usr/share/cargo/registry")

CARGO = """\
[package]
name = "run_vectors"
version = "0.1.0"
edition = "2021"
[[bin]]
name = "run_vectors"
path = "run_vectors.rs"
[dependencies]
serde_json = "1"
"""

DEFAULTS = {"stride": [1, 1], "dilation": [1, 1], "padding": [[0, 0], [0, 0]]}

ADDED = re.compile(r"dx\[at\] \+= ")


def run(*command, folder):
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)


def c(folder):
    """Compile the program in C, and return the command that runs it."""
    if shutil.which("cc") is None or not HEADER.exists():
        pytest.skip("needs a C compiler and cJSON")
    command = ["cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "run_vectors.c"]
    made = run(*command, "-o", "run_vectors", "-lcjson", folder=folder)
    assert made.returncode == 0, made.stderr
    return ["./run_vectors"]


def rust(folder):
    """Build the program in Rust with the crates of Debian or of earlier builds."""
    if shutil.which("cargo") is None:
        pytest.skip("needs cargo")
    (folder / "Cargo.toml").write_text(CARGO, encoding="utf-8")
    options = ["--offline", "--quiet"]
    if any(CRATES.glob("serde_json-*")):
        options += ["--config", 'source.crates-io.replace-with="debian"']
        options += ["--config", f'source.debian.directory="{CRATES}"']
    made = run("cargo", "build", *options, folder=folder)
    if "serde_json" in made.stderr and "error: no matching package" in made.stderr:
        pytest.skip("needs the crate serde_json")
    assert made.returncode == 0, made.stderr
    return ["target/debug/run_vectors"]


def javascript(folder):
    if shutil.which("node") is None:
        pytest.skip("needs Node")
    return ["node", "run_vectors.js"]


RUNNERS = [
    pytest.param("c", c),
    pytest.param("js", javascript),
    pytest.param("rs", rust, marks=slow),
]


@pytest.mark.parametrize(("ending", "built"), RUNNERS)
def test_a_runner_tells_right_from_wrong(ending, built, tmp_path):
    source = FOLDER / f"run_vectors.{ending}"
    program = source.read_text(encoding="utf-8")
    assert len(program.splitlines()) < 60
    (tmp_path / "conv2d.json").write_text(text(sc.Conv2D), encoding="utf-8")
    (tmp_path / source.name).write_text(program, encoding="utf-8")
    right = run(*built(tmp_path), "conv2d.json", folder=tmp_path)
    count = len(vectors(sc.Conv2D))
    assert (right.returncode, right.stdout) == (0, f"{count} cases, 0 arrays are wrong\n")

    wrong, changed = ADDED.subn("dx[at] = ", program)
    assert changed == 1
    (tmp_path / source.name).write_text(wrong, encoding="utf-8")
    found = run(*built(tmp_path), "conv2d.json", folder=tmp_path)
    assert found.returncode == 1
    first = found.stdout.splitlines()[0]
    assert first.startswith("case 1, Conv2D(3, (3, 2)): gradient of x is wrong. Mistakes that ")
    assert "windows overwritten" in first
    assert "gradient of weight" not in found.stdout
    assert f"{count} cases" in found.stdout.splitlines()[-1]


@pytest.mark.parametrize(("ending", "built"), RUNNERS)
def test_a_runner_reads_every_setting(ending, built, tmp_path):
    """Let one setting after the other be its default in the file: some case fails each time."""
    source = FOLDER / f"run_vectors.{ending}"
    program = source.read_text(encoding="utf-8")
    for setting, value in DEFAULTS.items():
        file, changed = re.subn(rf'"{setting}": \[.*\],', f'"{setting}": {value},', text(sc.Conv2D))
        assert changed == len(vectors(sc.Conv2D))
        (tmp_path / f"{setting}.json").write_text(file, encoding="utf-8")
    (tmp_path / source.name).write_text(program, encoding="utf-8")
    command = built(tmp_path)
    for setting in DEFAULTS:
        assert run(*command, f"{setting}.json", folder=tmp_path).returncode == 1
