"""Programs for a Cortex-M4, built and run in an emulator by the commands of docs/c.md."""

import re
import subprocess
from shutil import which

import numpy as np
import pytest

import symcnn as sc
from tests.draws import slow
from tests.programs.backends.c import board
from tests.programs.backends.c.test_docs import PAGE, losses
from tests.programs.backends.c.test_training import lenet, start

TOOLS = ("arm-none-eabi-gcc", "arm-none-eabi-size", "qemu-system-arm")

pytestmark = pytest.mark.skipif(
    None in map(which, TOOLS), reason="needs arm-none-eabi-gcc and qemu-system-arm"
)


def trained(files, folder):
    """Return the losses of the page's program, the model's bytes of flash, and the RAM of all."""
    program, *_ = re.findall(r"```c\n(.*?)```", PAGE, re.DOTALL)
    for name, text in (files | board.files() | {"main.c": program}).items():
        (folder / name).write_text(text, encoding="utf-8")
    _, _, commands = board.commands().partition("\n")  # the first one writes the model
    commands += "arm-none-eabi-gcc $options -c main.c model.c\narm-none-eabi-size main.o model.o\n"
    made = subprocess.run(
        ["bash", "-ec", commands],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (made.returncode, made.stderr) == (0, "")
    lines = made.stdout.splitlines()
    rows = {row[-1]: [int(word) for word in row[:4]] for row in map(str.split, lines[-2:])}
    found = [float(line) for line in lines if re.fullmatch(r"\d\.\d{6}", line)]
    return found, rows["model.o"][0], rows["main.o"][2]


def said(what, header):
    """Return the numbers in the line of the header that says what memory is needed."""
    (line,) = re.findall(rf"{what}, in bytes: (.*)", header)
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*\b", line)]


def assert_trains(problem, folder, dtype):
    """Compare losses with Python's, and bytes with the header's."""
    files = sc.to_c(problem.derivation, problem.values, dtype=dtype, results="training")
    found, flash, ram = trained(files, folder)
    assert found == pytest.approx([*losses(problem, 10)], abs=1e-5)
    assert sum(said("RAM", files["model.h"])) == ram
    example, code = said("Flash", files["model.h"])
    assert code == pytest.approx(flash - example, rel=0.25)
    return [ram, example, code, flash]


def assert_on_the_page(name, dtype, numbers):
    """Find a row of the page's table; another compiler's code has another size."""
    real = {"float32": "float", "float64": "double"}[dtype]
    (row,) = re.findall(rf"\| {name}, `{real}` \|(.*)\|\n", PAGE)
    ram, _, example, code, flash = (int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*", row))
    assert [ram, example, code] == numbers[:3]
    assert flash == pytest.approx(numbers[3], rel=0.25)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_example_trains_on_a_microcontroller(dtype, tmp_path):
    numbers = assert_trains(sc.examples.cnn_by_hand(), tmp_path, dtype)
    assert_on_the_page("the example", dtype, numbers)


@slow
def test_a_small_lenet_trains_on_a_microcontroller(tmp_path):
    network = lenet(14, None, (3, 4), (12, 8))
    drawn = np.random.default_rng(0)
    values = start(network) | {"x": drawn.uniform(0, 1, (14, 14, 1)), "target": np.eye(10)[3]}
    numbers = assert_trains(sc.Problem(network, values), tmp_path, "float32")
    assert_on_the_page("a LeNet for 14 x 14 pixels", "float32", numbers)
