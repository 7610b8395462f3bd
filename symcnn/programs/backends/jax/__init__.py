"""The JAX backend: a plan as pure functions of arrays, compiled for any device."""
