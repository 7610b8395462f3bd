"""A folder for the problem files of one run, so that every worksheet is made once."""

import pytest


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("networks")
