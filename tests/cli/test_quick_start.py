"""SymPy is loaded when something is computed, and not before."""

import subprocess
import sys

import pytest

import symcnn

SLOW = ("sympy", "numpy", "rich")


@pytest.mark.parametrize(
    "code",
    [
        "import symcnn",
        "import symcnn; symcnn.__version__; dir(symcnn)",
        "import symcnn.cli",
        "from symcnn.cli import main; main([])",
        "from symcnn.cli import main; main(['--help'])",
        "from symcnn.cli import main; main(['derive', '--help'])",
        "from symcnn.cli import main; main(['--version'])",
        "from symcnn.cli import main; main(['evaluate', '--digits', '0'])",
        "from symcnn.cli import main; main(['new', '/absent/file.toml'])",
    ],
)
def test_no_slow_import(code: str) -> None:
    report = (
        "import sys, atexit\n"
        f"atexit.register(lambda: print('loaded', [m for m in {SLOW} if m in sys.modules]))\n"
    )
    command = [sys.executable, "-c", report + code]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.stdout.splitlines()[-1] == "loaded []"


def test_version() -> None:
    command = [sys.executable, "-m", "symcnn", "--version"]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ended.stdout == f"symcnn {symcnn.__version__}\n"
