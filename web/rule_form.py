"""A linking rule as a form: what was typed → the rule that is meant, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation

from connector.store.link_rules import LinkRule
from mapping.okr import Role
from mapping.rules import JUST_DO_IT, InvalidRule, Rule, RuleKind
from sync.commands.rule_wish import MOST_NAME, RuleWish
from sync.queries.rules import RulesView
from sync.rule_plan import Pair
from web.forms import Form
from web.language import gettext, said

TO_BE_DONE = "just_do_it"
MOST_DIGITS = 30


def typed_of(kept: LinkRule) -> dict[str, str]:
    """The fields of a rule that is kept."""
    return {
        "name": kept.name,
        "wanted": kept.rule.wanted,
        "serve": serve_value(kept.rule.key_result_key, kept.rule.role),
        "weight": f"{kept.rule.weight:f}",
        "site": str(kept.connection_id),
        "seen": kept.fingerprint,
    }


def read_wish(typed: Form, kind: RuleKind, connection_id: int) -> RuleWish | None:
    """None, with what is wrong beside its field, where what was typed can be no rule."""
    wanted = typed.stripped("wanted")
    key, role = JUST_DO_IT, Role.SUPPORTS
    if kind is not RuleKind.LABELS:
        key, role = _serve(typed)
    weight = _weight(typed) if role is Role.DRIVES else Decimal(1)
    if not typed.is_good or weight is None:
        return None
    try:
        rule = Rule(kind, wanted.upper() if kind is RuleKind.PROJECT else wanted, key, role, weight)
    except InvalidRule as error:
        typed.faults[error.field] = said(error)
        return None
    return RuleWish(typed.stripped("name") or rule.wanted[:MOST_NAME].strip(), connection_id, rule)


def rule_to_count(typed: Form, kind: RuleKind) -> Rule | None:
    """What was typed, as long as nobody has chosen yet what it serves; None, with what is wrong, where it can be no
    rule."""
    wanted = typed.stripped("wanted")
    try:
        return Rule(kind, wanted.upper() if kind is RuleKind.PROJECT else wanted, JUST_DO_IT, Role.SUPPORTS)
    except InvalidRule as error:
        typed.faults[error.field] = said(error)
        return None


def serve_options(view: RulesView, kept: LinkRule | None) -> list[tuple[str, str]]:
    """What a rule may serve, as pairs of value and words."""
    options = [("", gettext("Choose a key result")), (TO_BE_DONE, gettext("No key result: put it on “Just do it”"))]
    for each in view.servable:
        options += [(serve_value(each.key, role), f"{each.key}, {_words(role)} · {each.title}")
                    for role in _roles(may_be_driven=each.may_be_driven)]  # fmt: skip
    if kept is not None and kept.rule.kind is not RuleKind.LABELS:
        present = serve_value(kept.rule.key_result_key, kept.rule.role)
        if present not in dict(options):
            closed = gettext("%(key)s, which is closed or dropped") % {"key": kept.rule.key_result_key}
            options.append((present, closed))
    return options


def serve_value(key: str, role: Role) -> str:
    """How the form names it."""
    return f"{key} {role}" if key else TO_BE_DONE


def ticked(values: Iterable[str]) -> frozenset[Pair]:
    """Links by issue and key result, as the ticks name them."""
    pairs = (value.partition(" ") for value in values if value)
    return frozenset((issue_id, key) for issue_id, _, key in pairs)


def _roles(*, may_be_driven: bool) -> Iterator[Role]:
    yield Role.SUPPORTS
    if may_be_driven:
        yield Role.DRIVES


def _words(role: Role) -> str:
    return gettext("drives") if role is Role.DRIVES else gettext("supports")


def _serve(typed: Form) -> tuple[str, Role]:
    chosen = typed.typed("serve")
    if chosen == TO_BE_DONE:
        return JUST_DO_IT, Role.SUPPORTS
    key, _, role = chosen.partition(" ")
    if not key or role not in {Role.SUPPORTS, Role.DRIVES}:
        typed.faults["serve"] = gettext("Choose what the epics serve.")
        return JUST_DO_IT, Role.SUPPORTS
    return key, Role(role)


def _weight(typed: Form) -> Decimal | None:
    text = typed.stripped("weight") or "1"
    try:
        return Decimal(text.replace(",", ".")) if len(text) <= MOST_DIGITS else Decimal("NaN")
    except InvalidOperation:
        typed.faults["weight"] = gettext("Write a number above 0, such as 2 or 0.5.")
        return None
