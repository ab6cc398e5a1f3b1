"""Addresses of a site that is put together a thousand times a day."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule


class LateRule(Rule):
    """How an address is put together out of its parts is compiled when somebody wants to know it: for most rules
    nobody ever does, and it takes longer than everything else of a small site."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        made: list[Callable[..., tuple[str, str]]] = []

        def build(rule: Rule, *args: Any, **named: Any) -> tuple[str, str]:
            if not made:
                made.append(Rule._compile_builder(rule, append_unknown))
            return made[0](rule, *args, **named)

        return build
