"""``python -m symcnn``: the command line."""

from symcnn.cli import process

if __name__ == "__main__":
    process()
