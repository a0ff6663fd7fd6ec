from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from tests.journeys.demo import Demo, demo_installation


@pytest.fixture(scope="session")
def demo_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Demo]]:
    """The demo of a pack, set up when first asked for; webapp/trained_packs.py keeps its model."""
    with ExitStack() as installed:

        @cache
        def demo(pack: str) -> Demo:
            folder = tmp_path_factory.mktemp(pack)
            return installed.enter_context(demo_installation(folder, pack=pack))

        yield demo
