"""What ``okr table add --dry-run`` shows."""

from __future__ import annotations

from sync.preview import Preview
from web.cli.saying import say


def tell_preview(preview: Preview, *, with_markup: bool) -> None:
    """The table as text, then what writing it would do to the page."""
    where = "at the end of the page, or at its placeholder" if preview.is_new else "in place of the one that is there"
    say(f"{preview.page_title} · {preview.page_url} · version {preview.page_version}")
    say(f"The table {preview.region_id} would stand {where}. Nothing was written.\n")
    say(preview.text)
    for sentence in _what_would_happen(preview):
        say(sentence)
    if with_markup:
        say(f"\n{preview.markup}")


def _what_would_happen(preview: Preview) -> list[str]:
    said = []
    if preview.hindrance:
        said.append(f"It would not be written now: {preview.hindrance}")
    if preview.has_open_draft:
        said.append("Somebody has unpublished changes to the page; it would be written when they are published.")
    if not preview.changes and not preview.hindrance:
        said.append("The page says all of this already; nothing would be written.")
    if preview.changes:
        taken = sum(line.startswith("-") for line in preview.changes)
        put = len(preview.changes) - taken
        said.append(f"Lines of markup: {put} put in, {taken} taken out. Everything else stays, byte for byte.")
    if preview.advice:
        said.append(str(preview.advice))
    return said
