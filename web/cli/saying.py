"""What the command line says. Texts of other people, such as the title of a page, must not move the terminal."""

from __future__ import annotations

from typing import IO, Any

import click

_LAYOUT = "\n\t"


def say(text: str = "", *, before: str = "", err: bool = False, file: IO[Any] | None = None) -> None:
    """Write the text and a line break, without anything in it that a terminal would act upon; ``before`` is our own and
    may be coloured."""
    click.echo(before + printable(text), err=err, file=file)


def printable(text: str) -> str:
    """Control characters and marks that turn the direction of writing become spaces, and so do no-break spaces, which
    do not count as printable; line breaks and tabs stay."""
    return "".join(letter if letter.isprintable() or letter in _LAYOUT else " " for letter in text)
