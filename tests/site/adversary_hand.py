"""What a test does to a running site beside what people do: time, trouble with webhooks, faults, a slow index."""

from datetime import datetime
from typing import Any

from tests.site.accounts import Account
from tests.site.hand import Hand, Json


class AdversaryHand(Hand):
    """The adversary's half of a running site."""

    # ---- time

    def stand_still(self, at: datetime | None = None) -> None:
        """Stop the site's clock, at that moment or at the present one; nothing is delivered by itself from now on."""
        self._done("POST", "/_site/clock", json={"at": at.isoformat() if at else "now"})

    def advance(self, seconds: float) -> None:
        """Move on the clock that stands still."""
        self._done("POST", "/_site/clock", json={"advance": seconds})

    def run_clock(self) -> None:
        """Let the clock run again, as the machine's does."""
        self._done("POST", "/_site/clock", json={"run": True})

    def clock(self) -> Json:
        """`now`, `stands`, and when the `next_delivery` of a webhook is due (None if none waits)."""
        return self._json("GET", "/_site/clock")

    # ---- webhooks

    def deliver_due(self) -> list[Json]:
        """Make the deliveries that are due now; the answer is each after its try."""
        return list(self._done("POST", "/_site/deliver").json())

    def webhook_trouble(self, *plans: Json) -> None:
        """These plans from now on; `tests.site.webhook_trouble.WebhookTrouble` says what a plan is. None ends them."""
        self._done("POST", "/_site/webhook-trouble", json=list(plans))

    def deliveries(self) -> list[Json]:
        """All webhook deliveries with their attempts."""
        return list(self._done("GET", "/_site/webhooks").json())

    def page_deliveries(self) -> list[Json]:
        """What was sent to webhooks of Data Center: `event`, `body`, `outcome` (a status, what failed, or None yet)."""
        return list(self._done("GET", "/_site/page-webhooks").json())

    def do_to_delivery(self, delivery_id: str, act: str, seconds: float = 0.0) -> None:
        """One of: drop, delay (in so many seconds), again (a second time, in so many seconds), deliver (now)."""
        self._done("POST", f"/_site/webhooks/{delivery_id}/{act}", json={"seconds": seconds})

    # ---- answers

    def requests(self, by: Account | None = None) -> list[Json]:
        """The log of calls to the interfaces, oldest first; of one account only, if one is given."""
        calls = self._json("GET", "/_site/requests")["requests"]
        return [call for call in calls if by is None or call["account"] == by.account_id]

    def forget_requests(self) -> None:
        """Empty the log."""
        self._done("DELETE", "/_site/requests")

    def faults(self, *rules: Json) -> None:
        """Add fault rules; `tests.site.faults.Fault` says what a rule is."""
        self._done("POST", "/_site/faults", json=list(rules))

    def clear_faults(self) -> None:
        """Forget all fault rules."""
        self._done("DELETE", "/_site/faults")

    def fault_plan(self, seed: int, share: float, **more: Any) -> None:
        """From now on this share of the product's calls is spoilt; `tests.site.faults.FaultPlan` says how."""
        self._done("POST", "/_site/fault-plan", json={"seed": seed, "share": share, **more})

    def end_fault_plan(self) -> None:
        """No more of it."""
        self._done("DELETE", "/_site/fault-plan")

    def count_points(self, hourly: int | None, *, enforced: bool = True) -> None:
        """From now on calls but a test's own cost points, this many an hour; None ends it."""
        self._done("POST", "/_site/points", json={"hourly": hourly, "enforced": enforced})

    # ---- what holds from now on

    def rewrite(self, how: str) -> None:
        """From now on, saving rewrites bodies so: mild, full or wild:<seed>."""
        self._done("POST", "/_site/rewrite", json={"how": how})

    def drafts(self, on_rest_write: str) -> None:
        """What a write by REST does to an open draft from now on: override or merge."""
        self._done("POST", "/_site/drafts", json={"on_rest_write": on_rest_write})

    def search_lag(self, seconds: float, seed: int | None = None) -> None:
        """From now on, searches see changes that late; with a seed, each change up to that late."""
        self._done("POST", "/_site/search-lag", json={"seconds": seconds, "seed": seed})

    def change_account(self, account: Account, **changes: Any) -> None:
        """Change what an account may do, or its tokens; fields of `tests.site.accounts.Account`."""
        self._done("PATCH", f"/_site/accounts/{account.account_id}", json=changes)

    def permit_project(self, account: Account, key: str, *, may_see: bool) -> None:
        """Whether an account may browse a project from now on, whatever else it may see."""
        self._done(
            "POST", "/_site/permissions", json={"account": account.account_id, "project": key, "may_see": may_see}
        )

    def permit_page(self, account: Account, page_id: str, *, may_view: bool, may_edit: bool) -> None:
        """Whether the page's own restriction lets an account see and change it from now on."""
        may = {"may_view": may_view, "may_edit": may_edit}
        self._done("POST", "/_site/permissions", json={"account": account.account_id, "page": page_id, **may})

    def state(self) -> Json:
        """A small summary of what is there."""
        return self._json("GET", "/_site/state")
