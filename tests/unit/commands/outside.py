"""Sites that are not connected yet, as objects in this process."""

from __future__ import annotations

from dataclasses import dataclass, field

from connector.calls import OnCall
from connector.connecting import CLOUD, DATA_CENTER, BadSiteAddress
from connector.errors import OutsideError, Unauthorized, Unavailable
from connector.settings import Settings
from sync.commands.site_look import Outside
from tests.unit.commands.data_center_stand_in import WIKI, FakeDataCenter
from tests.unit.commands.stand_in import SITE, FakeConfluence, FakeJira

TOKEN = "a-token-that-is-long-enough"


@dataclass
class FakeSite:
    """Takes TOKEN as a classic token, and no other."""

    jira_client: FakeJira
    confluence_client: FakeConfluence
    token: str
    calls: int = 3
    gateway_is_away: bool = False

    def cloud_id(self) -> str:
        return "cloud-0001"

    def api_url(self, product: str, auth_kind: str) -> str:
        return SITE

    def jira(self, auth_kind: str) -> FakeJira:
        return self.jira_client if self._fits(auth_kind) else FakeJira(trouble={"myself": self._refusal(auth_kind)})

    def confluence(self, auth_kind: str) -> FakeConfluence:
        fits = self._fits(auth_kind)
        return self.confluence_client if fits else FakeConfluence(trouble={"spaces": Unauthorized("401")})

    def _refusal(self, auth_kind: str) -> OutsideError:
        is_away = self.gateway_is_away and auth_kind == "scoped"
        return Unavailable("no connection") if is_away else Unauthorized("401")

    def _fits(self, auth_kind: str) -> bool:
        return self.token == TOKEN and auth_kind == "classic"


@dataclass
class FakeOutside:
    """A Cloud site at SITE, a Data Center at WIKI, and nothing else. ``asked`` are the addresses, in order."""

    jira: FakeJira
    confluence: FakeConfluence
    wiki: FakeDataCenter = field(default_factory=FakeDataCenter)
    gateway_is_away: bool = False
    asked: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    @property
    def outside(self) -> Outside:
        return Outside(self.find, self.meet, self.meet_data_center)

    def find(self, settings: Settings, typed: str) -> tuple[str, str]:
        self.asked.append(typed)
        if " " in typed:
            raise BadSiteAddress("Write the address of your site")
        if typed.startswith(WIKI):
            return WIKI, DATA_CENTER
        if typed.startswith(SITE):
            return SITE, CLOUD
        raise Unavailable(f"No Atlassian Cloud site and no Confluence Data Center answers at {typed}.")

    def meet(self, settings: Settings, site_url: str, email: str, token: str) -> FakeSite:
        self.tokens.append(token)
        return FakeSite(self.jira, self.confluence, token, gateway_is_away=self.gateway_is_away)

    def meet_data_center(self, settings: Settings, site_url: str, token: str, on_call: OnCall) -> FakeDataCenter:
        self.tokens.append(token)
        return self.wiki
