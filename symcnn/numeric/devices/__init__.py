"""The program elsewhere: on JAX arrays, and on a cluster over chunks of samples.

``functional`` writes a plan as pure functions, ``jax_program`` compiles them; ``batches``
sums the gradients of chunks. JAX and Dask are loaded when they are used.
"""
