"""What is wrong with a form, and why something is refused, in the words of the page alone."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel, Field, ValidationError

import store
from contracts.access.users import Email
from contracts.delivery.refusals import RetryRefusal
from contracts.endpoints.endpoints import EndpointCreate
from contracts.errors import Conflict, LimitReached
from contracts.outcomes.fields import OutcomeDay
from contracts.refusals import Refusal
from dashboard.faults import first_fault, refusal_said
from dashboard.translations import Words, words_in

EN, HI = words_in("en"), words_in("hi")
_STORE = Path(store.__file__).parent
_FOR_OTHERS = ("instructions/", "access/idempotency", "sms/senders", "partners/partners")
"""Whose conflicts the API tells to other programs and to operations, or a page in its own way."""
_RACES = ("sms/opt_outs",)
"""Of two at once, one is refused and may try again: that nothing was changed is all there is."""


class _Form(BaseModel):
    email: Email = "a@b.example"
    rate: int = Field(1, ge=1, le=100)
    name: str = Field("x", min_length=1, max_length=5)
    day: OutcomeDay | None = None


def conflicts() -> Iterator[str]:
    """Where the store raises a Conflict that names no cause."""
    for file in _STORE.rglob("*.py"):
        place = file.relative_to(_STORE).as_posix()
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Raise) or not isinstance(node.exc, ast.Call):
                continue
            kind = getattr(node.exc.func, "id", "")
            if kind == "Conflict" and "cause" not in [one.arg for one in node.exc.keywords]:
                yield place


@pytest.mark.parametrize("words", [EN, HI], ids=["en", "hi"])
@pytest.mark.parametrize("cause", [*Refusal, *RetryRefusal])
def test_every_cause_has_its_sentence(cause: str, words: Words) -> None:
    assert cause == Refusal.SAID or words.has(f"refused-{cause}")


def test_a_conflict_that_a_page_may_show_names_its_cause() -> None:
    allowed = (*_FOR_OTHERS, *_RACES)
    assert [one for one in conflicts() if not one.startswith(allowed)] == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"email": "nonsense"}, "fault-email"),
        ({"rate": "many"}, "fault-int-parsing"),
        ({"name": ""}, "fault-string-too-short"),
        ({"day": "0001-01-01"}, "fault-day"),
        ({"day": "yesterday"}, "fault-date-parsing"),
    ],
)
def test_a_fault_is_told_in_the_language_of_the_page(asked: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        _Form.model_validate(asked)
    for words in (EN, HI):
        assert first_fault(words, caught.value) == (next(iter(asked)), words(said))


def test_a_limit_is_named() -> None:
    with pytest.raises(ValidationError) as caught:
        _Form.model_validate({"rate": 101})
    assert first_fault(HI, caught.value) == ("rate", HI("fault-less-than-equal", le=100))


def test_a_url_is_told_what_is_wrong_with_it() -> None:
    with pytest.raises(ValidationError) as caught:
        EndpointCreate.model_validate({"partner_id": "shop", "url": "https://a@shop.example/"})
    assert first_fault(HI, caught.value) == ("url", HI("fault-url-password"))


def test_what_names_no_cause_says_nothing_of_the_api() -> None:
    assert refusal_said(EN, Conflict("partner shop exists already")) == EN("failure-refused")


def test_a_wait_is_told() -> None:
    limit = LimitReached("too much", wait_s=90, cause=Refusal.TOO_OFTEN)
    assert "1 min 30 s" in refusal_said(EN, limit)
