"""A receiver of webhooks in this process: it keeps what comes, and answers what a test tells it to."""

import json
from dataclasses import dataclass, field

from tests.site.postman import Letter
from tests.site.store import Document


@dataclass
class Posted:
    """`answers` are used up one by one, then it answers 200."""

    answers: list[int | str] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)

    def __call__(self, letter: Letter) -> int | str:
        self.letters.append(letter)
        return self.answers.pop(0) if self.answers else 200

    @property
    def payloads(self) -> list[Document]:
        """What came, oldest first."""
        return [json.loads(letter.body) for letter in self.letters]

    @property
    def identifiers(self) -> list[str]:
        """The identifiers under which it came."""
        return [letter.headers["X-Atlassian-Webhook-Identifier"] for letter in self.letters]
