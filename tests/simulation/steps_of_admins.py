"""What admins do, by the product's own commands. A site that does not answer refuses some of it, as on any day."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

from connector.errors import OutsideError
from connector.store.link_list import find_link
from mapping.okr import Role, Source
from sync.commands import (
    NotPossible,
    TableChange,
    change_table,
    check_everything,
    connect,
    pause_table,
    pause_writing,
    put_back_table,
    resume_table,
    resume_writing,
)
from sync.commands import link_change as link_changes
from sync.commands.link_many import LinkWish
from sync.commands.running import try_all_again
from tests.simulation.history import History, Place
from tests.simulation.house import MetSite
from tests.simulation.linking import link_issue, linkable
from tests.simulation.site import token_of
from tests.simulation.steps_of_jira import Act
from tests.site.roster import SYNC

WHO = "Petra Admin"


def asked(act: Act) -> Act:
    """What is not possible is refused, and nothing is done."""

    def careful(history: History, place: Place, chance: Random) -> str:
        try:
            return act(history, place, chance)
        except (NotPossible, OutsideError) as error:
            return f"refused, {type(error).__name__}"

    return careful


def link_one(history: History, place: Place, chance: Random) -> str:
    open_ones = [kr for kr in place.play.okrs.key_results if kr.dropped_on is None]
    found = linkable(place, chance)
    if not open_ones or not found:
        return "nothing to link"
    link_issue(history, place, chance.choice(open_ones).key, chance.choice(found), chance)
    return "linked"


def unlink_one(history: History, place: Place, chance: Random) -> str:
    if not place.play.okrs.links:
        return "no link"
    chosen = chance.choice(place.play.okrs.links)
    name = (chosen.key_result_key, chosen.connection_id, chosen.issue_id)
    if not link_changes.unlink_one(history.on, place.home.workspace_id, name, who=WHO):
        return "was gone"
    place.play.okrs.links.remove(chosen)
    place.unlinked.add((chosen.key_result_key, chosen.issue_id))
    return "unlinked"


def weigh(history: History, place: Place, chance: Random) -> str:
    """A link drives with another weight, or only supports, or drives again."""
    links = [each for each in place.play.okrs.links if _may_drive(place, each.key_result_key)]
    if not links:
        return "no link"
    chosen = chance.choice(links)
    name = (chosen.key_result_key, chosen.connection_id, chosen.issue_id)
    wish = (
        LinkWish(Role.DRIVES, Decimal(chance.choice((1, 2, 5)))) if chance.random() < 0.7 else LinkWish(Role.SUPPORTS)
    )
    with history.on.database.read() as conn:
        kept = find_link(conn, place.home.workspace_id, *name)
    if kept is None or not link_changes.change_link(
        history.on, place.home.workspace_id, name, wish, seen=link_changes.seen_of(kept), who=WHO
    ):
        return "was so"
    place.play.okrs.links.remove(chosen)
    place.play.okrs.links.append(replace(chosen, role=wish.role, weight=wish.weight))
    return "changed"


def table_looks(history: History, place: Place, chance: Random) -> str:
    change = TableChange(design=chance.choice(("normal", "short")), width=chance.choice(("wide", "narrow")))
    done = change_table(history.on, place.home.workspace_id, place.play.tenant.table_id, change, who=WHO)
    return f"{len(done.changed)} choices"


def put_back(history: History, place: Place, _chance: Random) -> str:
    """Somebody took the table out of the page, and somebody wants it there after all."""
    put_back_table(history.on, place.home.workspace_id, place.play.tenant.table_id, who=WHO)
    return "put back"


def pause(history: History, place: Place, chance: Random) -> str:
    if chance.random() < 0.5:
        return "all" if pause_writing(history.on, place.home.workspace_id, WHO) else "was so"
    done = pause_table(history.on, place.home.workspace_id, place.play.tenant.table_id, who=WHO)
    return "table" if done else "was so"


def resume(history: History, place: Place, _chance: Random) -> str:
    every = resume_writing(history.on, place.home.workspace_id, WHO)
    one = resume_table(history.on, place.home.workspace_id, place.play.tenant.table_id, who=WHO)
    return "resumed" if every or one else "was so"


def rotate_token(_history: History, place: Place, _chance: Random) -> str:
    """The old token is no longer good, and nobody has told us yet."""
    place.tokens += 1
    place.site.give_token(token_of(place.site.name, place.tokens))
    return "rotated"


def renew_token(history: History, place: Place, _chance: Random) -> str:
    """An admin enters the present token."""
    met = MetSite(history.network.call, place.site.name, token_of(place.site.name, place.tokens))
    connect(
        history.on, place.home.workspace_id, site_url=place.site.name, email=SYNC.email, token=met.token, who=WHO,
        meet=lambda *_: met,
    )  # fmt: skip
    history.workers.waits.forget(place.home.workspace_id)
    return "renewed"


def check_all(history: History, place: Place, _chance: Random) -> str:
    check_everything(history.on, place.home.workspace_id, WHO)
    return "asked"


def try_again(history: History, place: Place, _chance: Random) -> str:
    return f"{min(try_all_again(history.on, place.home.workspace_id, WHO), 3)} things"


def _may_drive(place: Place, key: str) -> bool:
    return place.play.okrs.by_key[key].source is Source.INITIATIVES


STEPS: dict[str, tuple[int, Act]] = {
    "admin links": (3, asked(link_one)),
    "admin unlinks": (1, asked(unlink_one)),
    "admin weighs a link": (2, asked(weigh)),
    "admin changes the table": (1, asked(table_looks)),
    "admin puts the table back": (2, asked(put_back)),
    "admin pauses": (1, asked(pause)),
    "admin resumes": (2, asked(resume)),
    "token rotated": (1, rotate_token),
    "admin renews the token": (2, asked(renew_token)),
    "admin asks for a full check": (2, asked(check_all)),
    "admin tries again": (1, asked(try_again)),
}
