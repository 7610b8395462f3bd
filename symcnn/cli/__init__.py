"""The command line: ``symcnn derive | evaluate | train | export | new``."""

from symcnn.cli.process import process as process
from symcnn.cli.run import main as main
