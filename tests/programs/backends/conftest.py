"""Limits of NumPy's programs that only large networks reach, set so that every network does."""

import pytest

from symcnn.programs.backends.numpy import layout, memory, shares, staging, strips, sums


@pytest.fixture
def everything_is_shared(monkeypatch):
    monkeypatch.setattr(memory, "SHARED_ENTRIES", 1)
    monkeypatch.setattr(staging, "KEPT_ENTRIES", 0)
    monkeypatch.setattr(layout, "PASSED_ENTRIES", 1)
    monkeypatch.setattr(shares, "LARGE", 0)
    monkeypatch.setattr(shares, "SMALLEST_BLOCK", 1)
    monkeypatch.setattr(sums, "LONG", 1)


@pytest.fixture
def everything_is_in_strips(monkeypatch, everything_is_shared):
    monkeypatch.setattr(sums, "LONG", 10**9)
    monkeypatch.setattr(strips, "AT_LEAST", 0)
    monkeypatch.setattr(strips, "SMALLEST_STRIP", 1)
