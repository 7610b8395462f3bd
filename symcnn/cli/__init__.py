"""The command line: ``symcnn derive | evaluate | train | export | new``."""

from symcnn.cli.run import main as main
from symcnn.cli.run import process as process
