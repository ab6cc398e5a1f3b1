"""Two people at one thing: what stands there now beside what the second of them typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from web.forms import Form


@dataclass(frozen=True, slots=True)
class Difference:
    """One field: its name, what is kept now, what was typed."""

    field: str
    now: str
    typed: str


def differences(form: Form, now: Mapping[str, str]) -> tuple[Difference, ...]:
    """The fields in which the form differs from what is kept now."""
    found = (Difference(name, value, _as_typed(form, name)) for name, value in now.items())
    return tuple(each for each in found if each.now.strip() != each.typed)


def _as_typed(form: Form, name: str) -> str:
    """A browser ends lines in another way than we keep them."""
    return form.stripped(name).replace("\r\n", "\n")
