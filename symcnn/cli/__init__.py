"""The command line: ``symcnn derive | evaluate | train | export | new``."""

from symcnn.cli.start import main as main
from symcnn.cli.start import process as process
