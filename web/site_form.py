"""The form that connects a site: looked at as one types, kept only by its button."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from sync.commands import ConnectReport, NotPossible
from sync.commands.connections import PRODUCTS
from sync.commands.site_look import Credentials, SiteLook, connect_site, look_at_site
from web.forms import Form
from web.language import gettext, said
from web.looks import looks, outside
from web.pages import person, resources

LONGEST_ADDRESS = 400
LONGEST_EMAIL = 320
LONGEST_TOKEN = 4096


def empty(**typed: str) -> Form:
    """Nothing typed yet; both products are meant."""
    return Form(MultiDict([*typed.items(), *(("products", each) for each in PRODUCTS if "products" not in typed)]))


def look(form: Form) -> SiteLook:
    """What can be told of what was typed so far; what does not fit is said beside its field."""
    if not looks().may(person().person_id, resources().clock.now()):
        form.faults["site"] = gettext("That was asked often within a minute. Wait a moment, then type on.")
        return SiteLook()
    _check_lengths(form)
    if not form.is_good:
        return SiteLook()
    found = look_at_site(resources(), _typed(form), outside())
    for name, wrong in found.wrong:
        form.faults[name] = said(wrong)
    return found


def connect(form: Form) -> ConnectReport | None:
    """Connect what was typed; None where it is refused, with the reasons in the form."""
    form.needs("site", gettext("Write the address of your site, for example https://acme.atlassian.net"), 400)
    form.needs("token", gettext("Paste the token."), LONGEST_TOKEN)
    _check_lengths(form)
    if not _typed(form).products:
        form.faults["products"] = gettext("Tick at least one of the two.")
    if not form.is_good:
        return None
    try:
        return connect_site(resources(), person().workspace_id, _typed(form), who=person().name, outside=outside())
    except NotPossible as refusal:
        form.refused = said(refusal)
        return None


def _check_lengths(form: Form) -> None:
    form.at_most("site", LONGEST_ADDRESS)
    form.at_most("email", LONGEST_EMAIL)
    form.at_most("token", LONGEST_TOKEN)


def _typed(form: Form) -> Credentials:
    products = tuple(each for each in PRODUCTS if each in form.many("products"))
    return Credentials(form.stripped("site"), form.stripped("email"), form.typed("token"), products)
