"""Rules of addresses that cost little until an address is built by them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from werkzeug.routing import Rule


class LateRule(Rule):
    """A rule that learns to build its address when it is first asked for one.

    Werkzeug compiles two Python functions a rule for it, nine tenths of what making the
    application costs; most rules are only ever matched.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        make = super()._compile_builder

        @cache
        def compiled() -> Callable[..., tuple[str, str]]:
            return make(append_unknown)

        def build(rule: Rule, /, **values: str) -> tuple[str, str]:
            return compiled()(rule, **values)

        return build
