"""Loads what every test may ask for, and with it the product."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Where pytest-xdist spreads tests over processes, the first one runs none: it starts those
    that do, and would keep them waiting."""
    spread = config.getoption("dist", "no") != "no" and not config.option.collectonly
    if not spread or hasattr(config, "workerinput"):
        config.pluginmanager.import_plugin("tests.support.fixtures")
