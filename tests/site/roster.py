"""The accounts of every world. All names, addresses and tokens are invented and worth nothing outside."""

from tests.site.accounts import Account

# Each account has a token of its own for the site address, another for the API gateway, one more for Data Center.
SYNC = Account(
    account_id="712020:5e0c1b52-0000-4000-8000-000000000001",
    email="okr-sync@serviceaccount.atlassian.example",
    display_name="OKR sync",
    time_zone="America/New_York",
    classic_tokens=("sync-classic-token",),
    scoped_tokens=("sync-scoped-token",),
    access_tokens=("sync-access-token",),
    is_person=False,
)
LOW = Account(
    account_id="712020:5e0c1b52-0000-4000-8000-000000000002",
    email="reports@serviceaccount.atlassian.example",
    display_name="Reports",
    time_zone="Asia/Kathmandu",
    classic_tokens=("low-classic-token",),
    scoped_tokens=("low-scoped-token",),
    access_tokens=("low-access-token",),
    may_see_projects=("GRO",),
    may_see_spaces=(),
    may_edit_issues=False,
    may_edit_pages=False,
    is_person=False,
)
JIRA_ADMIN = Account(
    account_id="712020:5e0c1b52-0000-4000-8000-000000000003",
    email="jira-admin@acme.example",
    display_name="Petra Admin",
    time_zone="Europe/Berlin",
    classic_tokens=("admin-classic-token",),
    scoped_tokens=("admin-scoped-token",),
    access_tokens=("admin-access-token",),
    jira_admin=True,
)
# Another time zone for each, so that a bare date in a query means something else for each of them.
_PEOPLE = (
    ("Rosa Klein", "Europe/Berlin"),
    ("Ana Duarte", "Europe/Lisbon"),
    ("Jonas Weber", "Europe/Berlin"),
    ("Mei Tanaka", "Asia/Tokyo"),
    ("Samir Haddad", "Europe/Paris"),
    ("Lucie Martin", "Europe/Paris"),
    ("Tom Okafor", "Africa/Lagos"),
    ("Elif Kaya", "Europe/Istanbul"),
    ("Noah Berg", "Europe/Oslo"),
    ("Inês Faria", "America/Sao_Paulo"),
)


def _person(number: int, name: str, zone: str) -> Account:
    first_name = name.split()[0].lower().replace("ê", "e")
    return Account(
        account_id=f"557058:0a4d7c1e-0000-4000-8000-{number:012d}",
        email=f"{first_name}@acme.example",
        display_name=name,
        time_zone=zone,
        classic_tokens=(f"{first_name}-token",),
        access_tokens=(f"{first_name}-access-token",),
    )


# Another person of a name that is there already: only the account id tells them apart.
OTHER_ANA = Account(
    account_id="557058:0a4d7c1e-0000-4000-8000-000000000101",
    email="ana.duarte@acme.example",
    display_name="Ana Duarte",
    time_zone="America/Sao_Paulo",
    classic_tokens=("other-ana-token",),
    access_tokens=("other-ana-access-token",),
)
# An app that tidies pages up, as any Marketplace app may. [U] A service account like SYNC is of type atlassian.
TIDY_BOT = Account(
    account_id="557058:0a4d7c1e-0000-4000-8000-000000000102",
    email="tidy-bot@connect.atlassian.example",
    display_name="Tidy Bot",
    time_zone="Etc/GMT",
    classic_tokens=("tidy-bot-token",),
    access_tokens=("tidy-bot-access-token",),
    is_person=False,
    account_type="app",
)
PEOPLE = tuple(_person(number, name, zone) for number, (name, zone) in enumerate(_PEOPLE, start=1))
ROSTER = (*PEOPLE, SYNC, LOW, JIRA_ADMIN, OTHER_ANA, TIDY_BOT)
