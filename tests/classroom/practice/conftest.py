"""The browser in which the pages of this folder are shown: it starts once in a process."""

import pytest


@pytest.fixture(scope="package")
def started():
    from tests.document.browser import browser

    with browser() as chromium:
        yield chromium
