"""``okr table``: OKR tables in Confluence pages."""

from __future__ import annotations

from typing import Any

import click

from web.cli.adopt import adopt
from web.cli.saying import say
from web.cli.service import Service, with_service
from web.cli.table_acts import owner, pause, put_back, resume
from web.cli.table_number import TableNumber
from web.cli.table_options import choosing, choosing_anew, chosen, going_back, taken_back
from web.cli.table_typed import give_up, take


@click.group()
def table() -> None:
    """Put OKR tables into Confluence pages, look at them, change them, or stop keeping one."""


@table.command()
@click.argument("page")
@click.option("--cycle", required=True, help="The key of the cycle that it shows, e.g. 2026-q4.")
@click.option("--id", "region_id", default="", help="The table's name within its page; made of what it shows.")
@choosing
@click.option("--dry-run", is_flag=True, help="Only show what would be written.")
@click.option("--markup", is_flag=True, help="With --dry-run: show Confluence's markup, too.")
@with_service
def add(
    service: Service, /, page: str, cycle: str, region_id: str, dry_run: bool, markup: bool, **choices: Any
) -> None:
    """Put a table into PAGE: its address, or the number in it.

    It goes to the end of the page, or in place of a paragraph that says only [OKR:<name>], e.g. [OKR:okr-2026-q4].
    Everything else in the page stays as it is, byte for byte.
    """
    from sync import commands
    from sync.preview import preview_table
    from web.cli.table_show import tell_advice

    wish = commands.TableWish(page, cycle, region_id=region_id, **chosen(choices))
    if dry_run:
        from web.cli.table_preview import tell_preview

        tell_preview(preview_table(service.on, service.workspace_id, wish), with_markup=markup)
        return
    added = commands.add_table(service.on, service.workspace_id, wish, who=service.who)
    already = "" if added.is_new else " It was there already."
    say(f"Table {added.table_id} stands in {added.page_title!r}: {added.page_url}{already}")
    say("A worker writes it within seconds of reading Jira; `okr table list` says how it stands.")
    tell_advice(service, added.table_id)


@table.command()
@click.argument("number", type=TableNumber())
@choosing_anew
@going_back
@click.option("--cycle", hidden=True)
@click.option("--page", hidden=True)
@with_service
def change(service: Service, /, number: int, cycle: str | None, page: str | None, **choices: Any) -> None:
    """Choose anew for table NUMBER. What is not named stays as it was chosen.

    The page keeps what stands there until it is written next, within seconds. The cycle and the page of a table do not
    change: remove it, and add another one.
    """
    from sync import commands
    from sync.commands.table_changes import spoken
    from web.cli.refusals import NotAsGiven

    if cycle or page:
        raise NotAsGiven(
            f"A table stays in its page and with its cycle. Stop keeping it (okr table remove {number}; what stands in "
            "the page stays), then add another one: okr table add PAGE --cycle KEY"
        )
    changes = taken_back(choices) | chosen(choices)
    if not changes:
        raise NotAsGiven("Nothing was named to change, e.g. --shape meeting; okr table change --help names all of it.")
    done = commands.change_table(
        service.on, service.workspace_id, number, commands.TableChange(**changes), who=service.who
    )
    if not done.changed:
        say(f"The table in {done.page_title!r} is so already; nothing was changed.")
        return
    say(f"Changed for the table in {done.page_title!r}: {', '.join(map(spoken, done.changed))}.")
    say("What stands in the page stays until it is written next, within seconds.")


@table.command("list")
@with_service
def list_(service: Service) -> None:
    """List every table, with how it stands."""
    from web.cli.table_show import tell_list

    tell_list(service)


@table.command()
@click.argument("number", type=TableNumber())
@with_service
def show(service: Service, number: int) -> None:
    """Show table NUMBER: what it shows, how it stands, what people typed in it and what waits for a decision."""
    from web.cli.table_show import tell_table

    tell_table(service, number)


@table.command()
@click.argument("number", type=TableNumber())
@with_service
def write(service: Service, number: int) -> None:
    """Write table NUMBER now, whatever its budget says, even where nothing changed."""
    from sync import commands

    title = commands.write_table(service.on, service.workspace_id, number, who=service.who)
    say(
        f"The table in {title!r} is written within seconds, unless something stands in the way: okr table show {number}"
    )


@table.command()
@click.argument("number", type=TableNumber())
@with_service
def remove(service: Service, number: int) -> None:
    """Stop keeping table NUMBER current. What stands in the page stays there, as it is."""
    from sync import commands

    title = commands.remove_table(service.on, service.workspace_id, number, who=service.who)
    say(f"The table in {title!r} is no longer kept current. What stands in the page stays.")


table.add_command(adopt)
table.add_command(pause)
table.add_command(resume)
table.add_command(put_back)
table.add_command(owner)
table.add_command(take)
table.add_command(give_up)
