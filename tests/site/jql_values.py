"""What the operands of a JQL clause stand for. All raise JqlError for what Jira would refuse."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.site.accounts import Account
from tests.site.jira_fields import PRIORITIES, RESOLUTIONS
from tests.site.jql import Value
from tests.site.jql_tokens import JqlError
from tests.site.world import World

_CATEGORY_NAMES = {"to do": "new", "in progress": "indeterminate", "done": "done"}
_CATEGORY_IDS = {"2": "new", "4": "indeterminate", "3": "done"}
_UNITS = {"w": 7 * 24 * 60, "d": 24 * 60, "h": 60, "m": 1}


@dataclass(frozen=True)
class Asking:
    """Who asks and when: it decides what is visible and what a date without a zone means."""

    world: World
    account: Account
    now: datetime


def _no_value(value: Value, field: str) -> JqlError:
    # [S] wording: github.com/JupiterOne/integrations issue 38. [U] the one for ids.
    if value.kind == "number":
        return JqlError(f"A value with ID '{value.text}' does not exist for the field '{field}'.")
    return JqlError(f"The value '{value.text}' does not exist for the field '{field}'.")


def _no_function(value: Value) -> JqlError:
    return JqlError(f"Unable to find JQL function '{value.text}()'.")


def project(value: Value, field: str, asking: Asking) -> str:
    """The key of a project named by key, name or id."""
    for project in asking.world.projects.values():
        names = (project["key"].lower(), project["name"].lower(), project["id"])
        if value.text.lower() in names and asking.account.may_see_project(project["key"]):
            return str(project["key"])
    raise _no_value(value, field)


def issue_id(value: Value, field: str, asking: Asking) -> str:
    """The id of an issue named by key or id."""
    issue = asking.world.find(value.text) if value.kind != "function" else None
    if issue and asking.account.may_see_project(issue["project"]):
        return str(issue["id"])
    if value.kind == "function":
        raise _no_function(value)
    if value.kind == "number":
        raise _no_value(value, field)
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*-\d+", value.text):
        # [U] wording.
        raise JqlError(f"The issue key '{value.text}' for field '{field}' is invalid.")
    # [S] wording: github.com/jonas0007/Jira.SDK issue 45.
    raise JqlError(f"An issue with key '{value.text}' does not exist for field '{field}'.")


def named(kind: str) -> Callable[[Value, str, Asking], set[str]]:
    """A reader of names or ids of a table: all ids with that name."""

    def resolve(value: Value, field: str, asking: Asking) -> set[str]:
        table = asking.world.store.all(kind)
        found = {
            key
            for key, document in table.items()
            if value.text == key or value.text.lower() == document["name"].lower()
        }
        if not found:
            raise _no_value(value, field)
        return found

    return resolve


def status_category(value: Value, field: str, asking: Asking) -> str:
    """The key of a status category."""
    text = value.text.lower()
    # [U] that the keys are accepted beside names and ids.
    category = _CATEGORY_NAMES.get(text) or _CATEGORY_IDS.get(text) or (text if text in _CATEGORY_IDS.values() else "")
    if not category:
        raise _no_value(value, field)
    return category


def resolution(value: Value, field: str, asking: Asking) -> str:
    """The name of a resolution."""
    for number, name in enumerate(RESOLUTIONS, start=1):
        if value.text.lower() == name.lower() or value.text == str(number):
            return name
    raise _no_value(value, field)


def priority(value: Value, field: str, asking: Asking) -> str:
    """The name of a priority."""
    for name in PRIORITIES:
        if value.text.lower() == name.lower():
            return name
    raise _no_value(value, field)


def label(value: Value, field: str, asking: Asking) -> str:
    """A label, as it is."""
    return value.text


def number(value: Value, field: str) -> float:
    """A number."""
    try:
        return float(value.text)
    except ValueError:
        # [U] wording.
        raise JqlError(f"Value '{value.text}' is invalid for the '{field}' field. Valid values are numbers.") from None


def instant(value: Value, field: str, asking: Asking) -> float:
    """Epoch milliseconds of a date operand.

    [S: airbyte issues 48492 and others] a bare date or time is read in the zone of the asking account and to the
    minute; a whole number is epoch milliseconds, the same for everybody.
    """
    if value.kind == "function":
        if value.text.lower() != "now":
            raise _no_function(value)
        return asking.now.timestamp() * 1000
    if re.fullmatch(r"-?\d+", value.text):
        return float(value.text)
    if (ago := _relative(value.text)) is not None:
        return (asking.now + ago).timestamp() * 1000
    for pattern in ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d"):
        try:
            local = datetime.strptime(value.text, pattern).replace(tzinfo=ZoneInfo(asking.account.time_zone))
            return local.timestamp() * 1000
        except ValueError:
            continue
    raise JqlError(
        f"Date value '{value.text}' for field '{field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "
        "'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."
    )


def _relative(text: str) -> timedelta | None:
    if not re.fullmatch(r"[+-]?(\d+[wdhm])( \d+[wdhm])*", text):
        return None
    minutes = sum(int(number) * _UNITS[unit] for number, unit in re.findall(r"(\d+)([wdhm])", text))
    return timedelta(minutes=-minutes if text.startswith("-") else minutes)
