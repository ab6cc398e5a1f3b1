"""The form of a drafted objective and key result: what was not corrected follows the sentence, what was stays."""

from __future__ import annotations

from decimal import Decimal

from mapping.draft_key_result import Ask, Draft, draft_key_result, names_work
from mapping.okr import Bound
from mapping.typed_text import parse_number
from mapping.words import LANGUAGES
from sync.commands.first_okrs import FirstOkr
from web.forms import Form
from web.language import gettext

FIELDS = ("objective", "key_result", "unit", "baseline", "target", "bound")
LONGEST_SENTENCE = 1000
LONGEST_NUMBER = 30


def drafted(form: Form) -> tuple[Form, Draft]:
    """The form with everything filled in that the sentence says and nobody corrected. ``was_…`` is what was drafted
    before, so that a correction can be told from a draft."""
    draft = draft_key_result(form.stripped("sentence"))
    fresh = _as_typed(draft)
    values = {name: form.typed(name) for name in form.values}
    for name in FIELDS:
        if name not in values or form.typed(name).strip() == form.stripped(f"was_{name}"):
            values[name] = fresh[name]
    values |= {f"was_{name}": fresh[name] for name in FIELDS}
    return Form(values, form.faults, form.refused), draft


def asked(form: Form, draft: Draft) -> tuple[str, ...]:
    """What a coach would ask now: of what is still open, in the order of its weight."""
    words = {
        Ask.FIGURE: gettext("By which figure would one notice it? Leave the figures empty to measure it first."),
        Ask.BASELINE: gettext("Where does it stand today? Without that it is measured first."),
        Ask.CHANGE: gettext("You say by how much. From which figure to which one is that?"),
        Ask.UNITS_DIFFER: gettext("The two figures have different units. Which one counts?"),
        Ask.TARGET: gettext("Which figure would be a success?"),
    }
    has_both = form.stripped("baseline") and form.stripped("target")
    said = [] if has_both else [words[ask] for ask in draft.asks if not (ask is Ask.FIGURE and not draft.objective)]
    if names_work(form.stripped("key_result")):
        said.append(gettext("This reads like a task. What will be different for people once it is done?"))
    return tuple(said)


def read_first_okr(form: Form, issue_key: str) -> FirstOkr:
    """What is to be kept; what cannot be is said beside its field."""
    form.needs("objective", gettext("Say in one sentence what will be different."), 300)
    form.needs("key_result", gettext("Say what is measured."), 300)
    for name, most in (("team", 100), ("owner", 200), ("unit", 40)):
        form.at_most(name, most)
    bound = Bound(form.typed("bound")) if form.typed("bound") in set(Bound) else None
    baseline = None if bound else _number(form, "baseline")
    target = _number(form, "target")
    if target is None and (baseline is not None or bound) and not form.wrong("target"):
        form.faults["target"] = gettext("Which figure would be a success?")
    if baseline is not None and baseline == target:
        form.faults["target"] = gettext("That is where it stands already. Which figure would be a success?")
    return FirstOkr(
        objective=form.stripped("objective"),
        key_result=form.stripped("key_result"),
        team=form.stripped("team"),
        owner=form.stripped("owner"),
        unit=form.stripped("unit"),
        baseline=baseline,
        target=target,
        bound=bound,
        issue_key=issue_key,
        cycle_key=form.stripped("cycle"),
    )


def _as_typed(draft: Draft) -> dict[str, str]:
    return {
        "objective": draft.objective,
        "key_result": draft.key_result,
        "unit": draft.unit,
        "baseline": "" if draft.baseline is None else f"{draft.baseline:f}",
        "target": "" if draft.target is None else f"{draft.target:f}",
        "bound": str(draft.bound or ""),
    }


def _number(form: Form, name: str) -> Decimal | None:
    text = form.stripped(name)
    if not text:
        return None
    read = {parse_number(text, language, form.stripped("unit")) for language in LANGUAGES} - {None}
    if len(text) > LONGEST_NUMBER or not read:
        form.faults[name] = gettext("Write a plain number, such as 29 or 3.6, without its unit.")
    elif len(read) > 1:
        form.faults[name] = gettext("“{text}” can be read in two ways. Write it without thousands separators.").format(
            text=text
        )
    return None if form.wrong(name) else next(iter(read))
