"""Programs: a derivation as a function of numbers, and the check of its gradients.

Each is imported from its own file: a document checks gradients, and needs no program.
"""
