"""Agent: the human who takes over."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a member of staff is there for; what each may do is decided in `webapp.auth`."""

    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    AGENT = "agent"
    EDITOR = "editor"
    ML = "ml"


@dataclass(frozen=True, slots=True)
class Agent:
    """A member of staff as the desk sees one."""

    id: int
    name: str
    role: Role = Role.AGENT
    skills: tuple[str, ...] = ()

    @property
    def oversees(self) -> bool:
        """Whether this person may act on other people's conversations."""
        return self.role in (Role.ADMIN, Role.SUPERVISOR)
