"""``python -m symcnn``: the command line."""

import sys

from symcnn.cli import process

if __name__ == "__main__":
    sys.exit(process())
