"""Fixed sentences in English that are said in another language where they are shown."""

from __future__ import annotations


def sentence(text: str) -> str:
    """The text itself. The mark lets the catalogues of the screens find it."""
    return text


class Explained(Exception):
    """Why something cannot be, for a person: ``text`` may name ``values`` in braces, kept apart so that a screen can
    say the same in another language. A text without values is taken as it is, braces and all."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text.format(**values) if values else text)
        self.text = text
        self.values = values
