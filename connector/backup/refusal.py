"""Why a backup was not made or not put back."""

from __future__ import annotations


class BackupRefused(ValueError):
    """Nothing was changed; the text says what is so and what to do."""
