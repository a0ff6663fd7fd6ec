from __future__ import annotations

import pytest

from handoff.agent import Agent, Role


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SUPERVISOR])
def test_those_who_oversee_may_act_for_others(role: Role) -> None:
    assert Agent(1, "An", role).oversees


@pytest.mark.parametrize("role", [Role.AGENT, Role.EDITOR, Role.ML])
def test_nobody_else_oversees(role: Role) -> None:
    assert not Agent(1, "An", role).oversees
