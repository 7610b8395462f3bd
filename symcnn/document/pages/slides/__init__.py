"""Slides: a document frame by frame, each uncovered step by step, in beamer and as a page."""
