"""A posted form: what was typed is kept, and what is wrong is said beside its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from web.language import gettext, grouped


@dataclass(slots=True)
class Form:
    """``typed`` and ``wrong`` by the name of the field; ``refused`` is what is wrong with the whole."""

    values: Mapping[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    refused: str = ""

    def typed(self, name: str) -> str:
        return self.values.get(name, "")

    def many(self, name: str) -> tuple[str, ...]:
        """Everything that was chosen under one name."""
        return tuple(self.values.getlist(name)) if isinstance(self.values, MultiDict) else (self.typed(name),)

    def stripped(self, name: str) -> str:
        return self.typed(name).strip()

    def wrong(self, name: str) -> str:
        return self.faults.get(name, "")

    def needs(self, name: str, what: str, most: int) -> None:
        """Fault the field where it is empty or longer than ``most`` characters."""
        if not self.stripped(name):
            self.faults[name] = what
        self.at_most(name, most)

    def at_most(self, name: str, most: int) -> None:
        """Fault the field where it is longer than ``most`` characters."""
        length = len(self.stripped(name))
        if length > most:
            text = gettext("That is {length} characters long; at most {most} are kept.")
            self.faults[name] = text.format(length=grouped(length), most=grouped(most))

    @property
    def is_good(self) -> bool:
        return not self.faults and not self.refused
