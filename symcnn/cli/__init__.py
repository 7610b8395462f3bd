"""The command line: ``symcnn derive | evaluate | train | export | new``."""

from symcnn.cli.process import process
from symcnn.cli.run import main

__all__ = ["main", "process"]
