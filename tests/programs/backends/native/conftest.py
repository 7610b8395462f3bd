"""Compiled libraries of tests are kept in a folder of the tests, and compiled quickly."""

import pytest

from symcnn.programs.backends.numpy.compiled import compiler
from tests.draws import MANY


@pytest.fixture(scope="session")
def libraries(tmp_path_factory):
    return tmp_path_factory.mktemp("libraries")


@pytest.fixture(autouse=True)
def _kept_apart(libraries, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(libraries))
    if not MANY:
        quick = [option.replace("-O3", "-O1") for option in compiler._OPTIONS]
        monkeypatch.setattr(compiler, "_OPTIONS", quick)
