"""Why a command did nothing, in words for the person who gave it."""

from __future__ import annotations

from mapping.sentences import Explained


class NotPossible(Explained):
    """The command did nothing; the text says what is so and what to do. Giving it again changes nothing."""


class NotPossibleNow(NotPossible):
    """The command did nothing because of something outside, such as a site that does not answer. It may work later."""
