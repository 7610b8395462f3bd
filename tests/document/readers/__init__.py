"""Readers of what is printed: nothing here imports symcnn, and LaTeX alone is read."""
