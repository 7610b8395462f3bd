"""Simulated students: random networks worked in plain decimals, without symcnn.

Each layer has its forward and its backward pass written by hand, and beside them the mistakes that
can be made in each.
"""
