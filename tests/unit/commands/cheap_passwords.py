"""Passwords that cost next to nothing to check, so that tests do not wait for what slows guessing down."""

from __future__ import annotations

from argon2 import PasswordHasher

from sync.commands.passwords import Passwords

_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
CHEAP = Passwords(_HASHER, _HASHER.hash("nobody has this password"))
