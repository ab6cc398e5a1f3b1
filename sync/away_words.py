"""Why a site did not tell what somebody waits for, in words for whoever waits: never the address that was called."""

from __future__ import annotations

from connector.errors import Forbidden, Gone, OutsideError, RateLimited, Rejected, Unauthorized
from mapping.sentences import sentence

NO_TOKEN = sentence("it no longer accepts our token")
MAY_NOT = sentence("it does not let our account do this")
NOT_THERE = sentence("what is asked for is not there, or our account may not see it")
REFUSED = sentence("it refuses the question")
NO_ANSWER = sentence("no usable answer came")


def why_away(error: OutsideError) -> str:
    """The site's own words where it has any about the question itself."""
    match error:
        case RateLimited():
            return f"it asks to wait {error.retry_after:.0f} s"
        case Unauthorized():
            return NO_TOKEN
        case Forbidden():
            return MAY_NOT
        case Gone():
            return NOT_THERE
        case Rejected():
            return error.said or REFUSED
    return NO_ANSWER
