"""``okr table``: OKR tables in Confluence pages."""

from __future__ import annotations

import click

from web.cli.service import Service, with_service


@click.group()
def table() -> None:
    """Put OKR tables into Confluence pages, list them, or stop keeping one."""


@table.command()
@click.argument("page")
@click.option("--cycle", required=True, help="The key of the cycle that it shows, e.g. 2026-q4.")
@click.option("--team", "teams", multiple=True, help="Only the objectives of this team; may be given several times.")
@click.option("--objective", "objectives", multiple=True, help="Only this objective; may be given several times.")
@click.option("--id", "region_id", default="", help="The table's name within its page; made of cycle and teams.")
@click.option("--language", default="en", type=click.Choice(["en", "de"]), show_default=True)
@click.option("--design", default="normal", type=click.Choice(["normal", "short"]), show_default=True)
@click.option("--dry-run", is_flag=True, help="Only show what would be written.")
@click.option("--markup", is_flag=True, help="With --dry-run: show Confluence's markup, too.")
@with_service
def add(
    service: Service,
    page: str,
    cycle: str,
    teams: tuple[str, ...],
    objectives: tuple[str, ...],
    region_id: str,
    language: str,
    design: str,
    dry_run: bool,
    markup: bool,
) -> None:
    """Put a table into PAGE: its address, or the number in it.

    It goes to the end of the page, or in place of a paragraph that says only [OKR:<name>], e.g. [OKR:okr-2026-q4].
    Everything else in the page stays as it is, byte for byte.
    """
    from sync import commands
    from sync.preview import preview_table

    wish = commands.TableWish(page, cycle, teams, objectives, region_id, language, design)
    if dry_run:
        from web.cli.table_preview import tell_preview

        tell_preview(preview_table(service.on, service.workspace_id, wish), with_markup=markup)
        return
    added = commands.add_table(service.on, service.workspace_id, wish, who=service.who)
    already = "" if added.is_new else " It was there already."
    click.echo(f"Table {added.table_id} stands in {added.page_title!r}: {added.page_url}{already}")
    click.echo("A worker writes it within seconds of reading Jira; `okr table list` says how it stands.")


@table.command("list")
@with_service
def list_(service: Service) -> None:
    """List every table, with how it stands."""
    from sync.doctor_words import TABLE_STANDS
    from sync.queries.status import load_status

    rows = load_status(service.on, service.workspace_id, service.on.clock.now()).tables
    for row in rows:
        of = f"{row.cycle_name} ({', '.join(row.teams)})" if row.teams else row.cycle_name
        written = f", version {row.written_version} written" if row.written_version else ""
        click.echo(f"{row.table_id:>4}  {TABLE_STANDS[row.state].words:<22}{row.page_name} · {of}{written}")
        click.echo(f"      {row.page_url}")
        if row.detail:
            click.echo(f"      {row.detail}")
    if not rows:
        click.echo("There is no table yet. Put one into a page: okr table add PAGE --cycle KEY")


@table.command()
@click.argument("number", type=click.IntRange(min=1, max=2**63 - 1))
@with_service
def remove(service: Service, number: int) -> None:
    """Stop keeping table NUMBER current. What stands in the page stays there, as it is."""
    from sync import commands

    title = commands.remove_table(service.on, service.workspace_id, number, who=service.who)
    click.echo(f"The table in {title!r} is no longer kept current. What stands in the page stays.")
