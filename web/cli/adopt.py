"""``okr table adopt``: take over an OKR table that people made by hand."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from web.cli.saying import say
from web.cli.service import Service, with_service

if TYPE_CHECKING:
    from mapping.adoption_words import Meaning
    from sync.commands.adopt_draft import AdoptionWish

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("page")
@click.option("--table", "numbers", multiple=True, type=click.IntRange(min=1), help="Which table; may be repeated.")
@click.option("--cycle", default="", help="The key of the cycle; else the quarter in the page's title.")
@click.option("--cycle-name", default="", help="The name of a cycle that is new, e.g. “Q4 2026”.")
@click.option("--starts", type=_DAY, help="The first day of a cycle that is new.")
@click.option("--ends", type=_DAY, help="Its last day.")
@click.option("--prefix", default="", help="How new keys begin, e.g. PAY for PAY-O1 and PAY-KR1.")
@click.option("--column", "columns", multiple=True, metavar="N=WHAT", help="What column N holds, e.g. 3=owner.")
@click.option("--yaml", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write the draft there; with "
              "--yes: take over that file, as you corrected it.")  # fmt: skip
@click.option("--version", type=click.IntRange(min=1), help="With --yes: only if the page still has this version.")
@click.option("--yes", is_flag=True, help="Do it. Without it nothing is changed.")
@click.option("--replace", is_flag=True, help="Put ours in place of the hand-made table.")
@with_service
def adopt(
    service: Service,
    page: str,
    numbers: tuple[int, ...],
    cycle: str,
    cycle_name: str,
    starts: datetime | None,
    ends: datetime | None,
    prefix: str,
    columns: tuple[str, ...],
    file: Path | None,
    version: int | None,
    yes: bool,
    replace: bool,
) -> None:
    """Take over an OKR table that people made by hand in PAGE: its address, or the number in it.

    Without --yes it shows which tables there are, what their columns hold, what would become of each row, and what was
    not understood; nothing is changed. With --yes the objectives and key results are taken over, epics are linked, and
    a table of ours is added. The hand-made table stays as it is; with --replace ours goes into its place, if it still
    says exactly the same by then. The page's history keeps it.
    """
    from sync.commands.adopt_cycle import CycleWish
    from sync.commands.adopt_draft import AdoptionWish

    days = CycleWish(cycle, cycle_name, _day(starts), _day(ends))
    wish = AdoptionWish(page, numbers, days, prefix, _columns(columns))
    if yes:
        _adopt(service, wish, file, version, replace=replace)
    else:
        _show(service, wish, file, replace=replace)


def _show(service: Service, wish: AdoptionWish, file: Path | None, *, replace: bool) -> None:
    from sync.commands import NotPossible
    from sync.commands.adopt_draft import draft_adoption, look_at_tables
    from web.cli.adopt_preview import tell_adoption, tell_tables

    looked = look_at_tables(service.on, service.workspace_id, wish.page)
    tell_tables(looked, wish.columns)
    try:
        adoption = draft_adoption(service.on, service.workspace_id, looked, wish, service.who)
    except NotPossible as error:
        say(f"Nothing was changed. {error}")
        return
    if file is not None:
        _write(file, adoption.draft.yaml)
    tell_adoption(adoption, file, replace=replace)


def _adopt(service: Service, wish: AdoptionWish, file: Path | None, version: int | None, *, replace: bool) -> None:
    from sync.commands.adopt import Confirmed, adopt_table
    from web.cli.adopt_preview import tell_adopted
    from web.cli.progress import following

    confirmed = Confirmed(version, "" if file is None else _read(file))
    with following("Issues found in Jira") as tell:
        adopted = adopt_table(
            service.on, service.workspace_id, wish, confirmed, who=service.who, replace_original=replace, tell=tell
        )
    tell_adopted(adopted)


def _columns(texts: tuple[str, ...]) -> dict[int, Meaning]:
    from mapping.adoption_words import Meaning

    known = [str(each) for each in Meaning if each is not Meaning.UNKNOWN]
    chosen = {}
    for text in texts:
        number, _, what = text.partition("=")
        name = what.strip().lower().replace(" ", "_").replace("-", "_")
        if not (number.strip().isascii() and number.strip().isdigit()) or name not in known or len(number) > 6:
            raise click.BadParameter(
                f"{text!r}: write it like 3=owner. Known: {', '.join(known)}.", param_hint="--column"
            )
        chosen[int(number)] = Meaning(name)
    return chosen


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def _write(file: Path, text: str) -> None:
    from sync.commands import NotPossible

    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise NotPossible(f"{file} cannot be written: {error.strerror}.") from None


def _read(file: Path) -> str:
    from sync.commands import NotPossible

    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotPossible(f"{file} is not text in UTF-8 (byte {error.start + 1}). Save it as UTF-8.") from None
    except OSError as error:
        raise NotPossible(f"{file} cannot be read: {error.strerror}.") from None
