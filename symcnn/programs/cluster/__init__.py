"""A cluster: gradients over more samples than fit into memory, chunk by chunk, with Dask."""
