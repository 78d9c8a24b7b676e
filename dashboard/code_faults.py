"""Why a code of a second factor was not taken, in the words of the page."""

from contracts.access.second_factor import CodeFate, JudgedCode
from dashboard.translations import Words

_OFF = {CodeFate.CLOCK_BEHIND: "code-clock-behind", CodeFate.CLOCK_AHEAD: "code-clock-ahead"}


def code_fault(t: Words, judged: JudgedCode, *, secret_is_known: bool = False) -> str:
    """What was wrong, and what helps.

    Only somebody who is shown the secret anyway is told that a code will be right in some minutes:
    anybody else could come back with it.
    """
    if judged.fate is CodeFate.USED:
        return t("code-used")
    if judged.fate is CodeFate.CLOCK_AHEAD and not secret_is_known:
        return t("code-wrong")
    if judged.fate in _OFF:
        return t(_OFF[judged.fate], minutes=judged.off_min)
    return t("code-wrong")
