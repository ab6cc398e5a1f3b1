"""Why a command did nothing, in words for the person who gave it."""

from __future__ import annotations


class NotPossible(Exception):
    """The command did nothing; the text says what is so and what to do. Giving it again changes nothing.

    ``text`` may name ``values`` in braces: kept apart, so that a screen can say the same in another language. A text
    without values is taken as it is, braces and all.
    """

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text.format(**values) if values else text)
        self.text = text
        self.values = values


class NotPossibleNow(NotPossible):
    """The command did nothing because of something outside, such as a site that does not answer. It may work later."""
