"""One case being played: the house, the site, and everything that the judge must know of what people did."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from random import Random

from tests.campaign import okr_rows
from tests.campaign.bodies import malformed_body, random_body
from tests.campaign.house import House
from tests.campaign.listening import Listener
from tests.campaign.markup import NotWellFormed, folded
from tests.campaign.notations import Meaning
from tests.campaign.okr_sets import REGION_ID, OkrSet, TableChoice, random_okrs, random_table
from tests.campaign.sheet import Sheet, sheet_of
from tests.campaign.tenant import Tenant
from tests.campaign.wiki import OnePageWiki, wiki_app, wiki_store
from tests.campaign.wire import Cut, Wire, WiredSites
from tests.clock import FakeClock
from tests.integration.hooked import Crashed
from tests.site.accounts import Account

# In so many of the cases time alone changes nothing.
STILL_CASES = 0.06
# Until a claim of a process that was killed runs out.
LEASE = timedelta(seconds=181)


@dataclass(frozen=True)
class Setting:
    """What kinds of cases are drawn. ``plain``: one key result on an empty page, for shorter stories."""

    shapes: tuple[str, ...] = ("objective", "attention", "meeting", "health")
    most_key_results: int = 12
    plain: bool = False


Looking = Callable[["Play", Sequence[Cut]], str]


@dataclass
class Play:
    """``meanings``: what each text that people typed means in its column. ``refs``: inline comments that people made.
    ``looking``: how the service looks; ``answering``: how it does what is due already. ``story`` is what a reader of a
    failure is told; ``called`` stands before each of its lines where several pages are played at once.
    ``names_refused``: the site would not say who an author is; ``clocks_apart``: by how much its clock differs from
    ours."""

    tenant: Tenant
    wiki: OnePageWiki
    heard: Listener
    okrs: OkrSet
    choice: TableChoice
    malformed: bool
    looking: Looking
    answering: Looking | None = None
    story: list[str] = field(default_factory=list)
    coverage: Counter[tuple[str, str]] = field(default_factory=Counter)
    meanings: dict[tuple[str, str], Meaning] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    scripts: set[int] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)
    names: int = 0
    tables: int = 1
    called: str = ""
    names_refused: bool = False
    clocks_apart: timedelta = timedelta(0)

    @property
    def clock(self) -> FakeClock:
        return self.tenant.clock

    def name(self) -> str:
        """A number that no other thing of this case has."""
        self.names += 1
        return str(self.names)

    def own_mark(self) -> str:
        return f"own{self.name()}z"

    def sheet(self) -> Sheet | None:
        """The page as it stands; None where nobody can read it."""
        try:
            return sheet_of(self.wiki.body, REGION_ID)
        except NotWellFormed:
            return None

    def say(self, text: str) -> None:
        self.story.append(f"{self.clock.now():%d %b %H:%M:%S} {self.called}v{self.wiki.number}: {text}")

    def note_meaning(self, column: str, text: str, meaning: Meaning) -> None:
        self.meanings[column, folded(text)] = meaning

    def publish(self, body: str | None, by: Account, *, in_editor: bool = True) -> str:
        """What came of it."""
        if body is None:
            return "nothing to do"
        saved = self.wiki.save(body, by, in_editor=in_editor)
        return "saved" if saved else "refused"

    def look(self, *cuts: Cut) -> str:
        """The service's regular look, with these cuts in its wire; what came of it."""
        return self.looking(self, cuts)

    def answer(self, *cuts: Cut) -> str:
        """The service does what somebody's own act made due, before it looks around again."""
        assert self.answering is not None
        return self.answering(self, cuts)


def _look(wire: Wire, work: Callable[[Tenant], None], play: Play, cuts: Sequence[Cut]) -> str:
    wire.cuts = list(cuts)
    writes, conflicts = len(play.heard.written), play.heard.conflicts
    outcome = "quiet"
    try:
        work(play.tenant)
    except Crashed:
        play.clock.advance(seconds=LEASE.total_seconds())
        outcome = "killed"
    wire.cuts = []
    wrote = len(play.heard.written) - writes
    if wrote:
        outcome += f", wrote {min(wrote, 2)}" if outcome == "killed" else f" after {min(wrote, 3)} writes"
    if play.heard.conflicts > conflicts:
        outcome += ", conflict"
    play.say(f"the service looked: {outcome}; state {play.tenant.table.state} {play.tenant.table.state_detail!r}")
    return outcome


def open_play(house: House, seed: int, setting: Setting) -> Play:
    """The case of this seed with its table added and nothing written yet."""
    random.seed(seed)  # the product spreads its retries by chance
    house.empty()
    chance = Random(f"{seed} start")
    clock = FakeClock()
    size, still = 1 if setting.plain else _size(chance, setting), chance.random() < STILL_CASES
    okrs = random_okrs(chance, clock.now(), house.home.jira_id, size, still=still)
    choice = random_table(chance, setting.shapes, okrs)
    malformed = chance.random() < 0.03 and not setting.plain
    body = malformed_body(chance) if malformed else random_body(chance)
    store = wiki_store(clock, seed)
    wiki = OnePageWiki(store, "<p>Before.</p>" if setting.plain else body, malformed=malformed)
    wire = Wire(wiki_app(store), Listener(wiki, clock))
    tenant = Tenant(house.home, clock, house.resources(clock, WiredSites(wire)))
    okr_rows.put_in(tenant, okrs)
    okr_rows.add_table(tenant, choice, wiki.page_id)
    play = Play(tenant, wiki, wire.heard, okrs, choice, malformed, partial(_look, wire, Tenant.look))
    play.answering = partial(_look, wire, Tenant.answer)
    kind = "malformed body" if malformed else "body"
    play.say(f"{len(okrs.key_results)} key results, {choice}, {kind} {wiki.body[:300]!r}")
    return play


def _size(chance: Random, setting: Setting) -> int:
    return chance.choice((2, 3, 4, setting.most_key_results))
