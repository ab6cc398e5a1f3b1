"""What is said of a table while somebody has paused writing to it."""

from __future__ import annotations


def paused_words(who: str) -> str:
    """``Rosa Klein paused it. …``, the same wherever it is said."""
    return f"{who} paused it. What people type is taken; the page is written when somebody resumes it."
