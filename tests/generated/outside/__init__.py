"""Reads a derivation as a stranger would: nothing here imports symcnn.

What a document says is read back from its LaTeX alone; the numbers that it is compared with
come from elsewhere.
"""
