"""Sentences: words with gaps for formulas."""
