"""Gradients over more samples than fit into memory: those of chunks, added up with Dask."""
