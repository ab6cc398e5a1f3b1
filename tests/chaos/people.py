"""What people do in a round: in Jira, in the page, and at the command line. Each draws from the round's own chance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from random import Random

from tests.campaign.sheet import Sheet
from tests.chaos.house import House
from tests.chaos.world import METRIC, PROJECT, REGION, World
from tests.site.hand import Json
from tests.site.person_edits import with_typed_cell

NOW, CONFIDENCE, NEXT_STEP = 2, 3, 6
MOST_TRIES = 10


@dataclass
class People:
    """``said``: one line for each thing that they did. Each act answers with it, or with nothing where it cannot be."""

    house: House
    world: World
    chance: Random
    said: list[str]
    numbers: count[int]

    def act(self) -> None:
        """Something, mostly in Jira."""
        acts: list[tuple[Callable[[], str], int]] = [
            (self.finish, 5), (self.reopen, 3), (self.give_up, 1), (self.add, 2), (self.delete, 1), (self.move, 2),
            (self.mark, 2), (self.label, 1), (self.write, 2), (self.type, 5),
        ]  # fmt: skip
        for _ in range(MOST_TRIES):
            if said := self.chance.choices([act for act, _ in acts], [weight for _, weight in acts])[0]():
                self.said.append(said)
                return

    def have_a_table(self) -> bool:
        return METRIC in Sheet(self.world.site.body(self.world.page_id), REGION).by_key

    def act_in_the_table(self) -> None:
        """Type into it, or something else where it is not there."""
        said = self.type()
        if said:
            self.said.append(said)
        else:
            self.act()

    def command(self) -> tuple[str, ...]:
        """What somebody types at the command line next."""
        second = self.world.epics[1]
        return self.chance.choice(
            (
                ("pause",),
                ("pause", "--resume"),
                ("pause", "--resume"),
                ("link", METRIC, second),
                ("table", "pause", "1"),
                ("table", "resume", "1"),
                ("table", "resume", "1"),
                ("import", str(self.house.folder / "okrs.yaml")),
            )
        )

    # ---- in Jira

    def finish(self) -> str:
        story = self._story("new", "indeterminate")
        return self._transition(story, "done") if story else ""

    def reopen(self) -> str:
        story = self._story("done")
        return self._transition(story, "new", "indeterminate") if story else ""

    def give_up(self) -> str:
        story = self._story("new", "indeterminate")
        if not story or len(self.world.site.children(story["fields"]["parent"]["key"])) < 3:
            return ""
        self.world.site.transition(story["key"], "Done", "Won't Do")
        return f"{story['key']} is given up"

    def add(self) -> str:
        epic = self.chance.choice(self.world.epics)
        labels = [self.world.mark] if self.chance.random() < 0.5 else []
        key = self.world.site.create_issue(PROJECT, "One more", parent=epic, labels=labels)
        return f"{key} is new below {epic}"

    def delete(self) -> str:
        story = self._story("new", "indeterminate")
        if not story or len(self.world.site.children(story["fields"]["parent"]["key"])) < 3:
            return ""
        self.world.site.delete_issue(story["key"])
        return f"{story['key']} is deleted"

    def move(self) -> str:
        story, epic = self._story("new", "indeterminate", "done"), self.chance.choice(self.world.epics)
        if not story or len(self.world.site.children(story["fields"]["parent"]["key"])) < 3:
            return ""
        self.world.site.edit_issue(story["key"], parent=epic)
        return f"{story['key']} goes below {epic}"

    def mark(self) -> str:
        story = self._story("new", "indeterminate", "done")
        if not story:
            return ""
        labels = [] if self.world.mark in story["fields"]["labels"] else [self.world.mark]
        self.world.site.edit_issue(story["key"], labels=labels)
        return f"{story['key']} has the labels {labels}"

    def label(self) -> str:
        self.world.site.edit_issue(self.world.epics[2], labels=[self.world.rule])
        return f"{self.world.epics[2]} carries the rule's label"

    def _story(self, *categories: str) -> Json | None:
        epics = ", ".join(self.world.epics)
        found = self.world.site.search(f"parent in ({epics}) ORDER BY key ASC", "status", "labels", "parent")
        fitting = [each for each in found if each["fields"]["status"]["statusCategory"]["key"] in categories]
        return self.chance.choice(fitting) if fitting else None

    def _transition(self, story: Json, *categories: str) -> str:
        key = story["key"]
        offered = self.world.site.jira("GET", f"/issue/{key}/transitions").json()["transitions"]
        names = [each["to"]["name"] for each in offered if each["to"]["statusCategory"]["key"] in categories]
        self.world.site.transition(key, names[0])
        return f"{key} goes to {names[0]}"

    # ---- in the page

    def write(self) -> str:
        word = f"own{next(self.numbers)}z"
        self._edit(lambda body: f"{body}<p>{word}</p>")
        self.world.words.append(word)
        return f"{word} is written below the table"

    def type(self) -> str:
        column, text = self.chance.choice(
            (
                (NOW, f"{self.chance.randrange(20, 38)}.{next(self.numbers):03d}"),
                (CONFIDENCE, str(self.chance.randrange(11))),
                (NEXT_STEP, f"Ask step{next(self.numbers)}z."),
            )
        )
        if not self.have_a_table():
            return ""
        self._edit(lambda body: with_typed_cell(body, REGION, METRIC, column, text))
        self.world.acts += 1
        return f"{text!r} is typed"

    def _edit(self, change: Callable[[str], str]) -> None:
        """As a person publishes: whoever was overtaken begins again."""
        for _ in range(MOST_TRIES):
            try:
                self.world.site.edit_page(self.world.page_id, change)
            except AssertionError as error:
                if ": 409" not in str(error):
                    raise
            else:
                return
        raise AssertionError("the page is written all the time")
