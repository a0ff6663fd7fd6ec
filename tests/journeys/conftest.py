from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.demo import Demo, demo_installation


@pytest.fixture(scope="session")
def demo(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Demo]:
    """The demo installation; training it takes a minute, so its model stays in pytest's cache."""
    cache = request.config.cache
    assert cache is not None
    with demo_installation(
        tmp_path_factory.mktemp("demo"), Path(cache.mkdir("jiedai-nlu"))
    ) as installation:
        yield installation
