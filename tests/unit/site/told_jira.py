"""A Jira that tells of its changes, in this process."""

from tests.unit.site.jira_world import SmallJira
from tests.unit.site.posted import Posted


class ToldJira(SmallJira):
    """A small Jira with one webhook, whose clock stands still."""

    def __init__(self) -> None:
        self.posted = Posted()
        super().__init__(post=self.posted)
        self.parts.clock.stand_still()
        self.register_webhook()
