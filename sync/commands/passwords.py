"""Passwords and one-time codes: how they are made, kept and compared."""

from __future__ import annotations

from dataclasses import dataclass
from secrets import choice

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sync.commands.not_possible import NotPossible

LEAST_PASSWORD = 10
MOST_PASSWORD = 1000
CODE_GROUPS = 5
CODE_GROUP_LETTERS = 4
# 30 letters and digits that nobody mistakes for one another: 20 of them are 98 bits, beyond all guessing.
CODE_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"


@dataclass(frozen=True, slots=True)
class Passwords:
    """How passwords and codes are hashed. ``nobodys`` is a hash at the same cost that nothing fits: it is checked in
    place of somebody unknown, who thus costs as much time as somebody known."""

    hasher: PasswordHasher
    nobodys: str

    def fits(self, hashed: str, typed: str) -> bool:
        """Whether the hash is that of what was typed; an empty one is nobody's."""
        try:
            return self.hasher.verify(hashed or self.nobodys, typed)
        except (VerificationError, InvalidHashError):
            return False

    def hash_code(self, code: str) -> str:
        """The hash of a one-time code, in whatever way it will be typed."""
        return self.hasher.hash(plain_code(code))

    def code_fits(self, hashed: str, typed: str) -> bool:
        """As ``fits``, for a one-time code."""
        return self.fits(hashed, plain_code(typed))


PASSWORDS = Passwords(
    # One lane, so that a check takes one core, however many there are; the work and the memory are the same.
    PasswordHasher(parallelism=1),
    "$argon2id$v=19$m=65536,t=3,p=1$0df2KqcJuTxnzquLkh6Yvg$222k+mrX4HYP0IJjqG4afPO4gvJ7BHoQ4O4LaevD+fk",
)


def new_code() -> str:
    """Twenty letters in five groups."""
    return "-".join("".join(choice(CODE_ALPHABET) for _ in range(CODE_GROUP_LETTERS)) for _ in range(CODE_GROUPS))


def plain_code(typed: str) -> str:
    """As typed by people: case, spaces and hyphens do not matter."""
    return "".join(letter for letter in typed.upper()[:200] if letter in CODE_ALPHABET)


def check_password(password: str) -> None:
    """NotPossible where it is too short to be one, or too long to be checked."""
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        raise NotPossible("A password needs {least} to {most} characters.", least=LEAST_PASSWORD, most=MOST_PASSWORD)
