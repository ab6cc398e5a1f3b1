"""What the command line says. Texts of other people, such as the title of a page, must not move the terminal."""

from __future__ import annotations

import click

_LAYOUT = "\n\t"


def say(text: str = "", *, err: bool = False) -> None:
    """Write the text and a line break, without anything in it that a terminal would act upon."""
    click.echo(printable(text), err=err)


def printable(text: str) -> str:
    """Control characters, and marks that turn the direction of writing, become spaces; line breaks and tabs stay.

    So do no-break spaces, which do not count as printable but are no harm.
    """
    return "".join(letter if letter.isprintable() or letter in _LAYOUT else " " for letter in text)
