from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.demo import Demo, demo_installation


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo installation; training it takes minutes, once: see webapp/trained_packs.py."""
    with demo_installation(tmp_path_factory.mktemp("demo")) as installation:
        yield installation
