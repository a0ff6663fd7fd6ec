from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.demo import Demo, demo_installation


@pytest.fixture(scope="session")
def demo(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demo]:
    """The demo of the pack that is named; its model is trained once: webapp/trained_packs.py."""
    pack: str = request.param
    with demo_installation(tmp_path_factory.mktemp(pack), pack=pack) as installation:
        yield installation
