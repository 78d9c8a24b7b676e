"""The document: real statuses, one error shape, and the webhooks as partners read them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from contracts.payload.events import GROUP_MATRIX, GROUPS, EventType, TrackingEvent
from tests.api.route_rules import RULES
from tests.support.document import DOCUMENT

OPERATIONS = [
    (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]

Operation = dict[str, Any]


def those_where(is_wrong: Callable[[str, str, Operation], bool]) -> list[str]:
    """The names of the operations of which this holds: method, path and operation are given."""
    return [each[2]["operationId"] for each in OPERATIONS if is_wrong(*each)]


def examples_of(content: dict[str, Any]) -> list[Any]:
    """What a body or an answer is shown as."""
    named = [one["value"] for one in content.get("examples", {}).values()]
    return [content["example"]] if "example" in content else named


def schemas_with_examples(node: Any) -> Iterator[dict[str, Any]]:
    """Every schema in the document that has examples of its own."""
    if isinstance(node, dict):
        if isinstance(node.get("examples"), list):
            yield node
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from schemas_with_examples(inner)


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    """A validator of a schema of the document."""
    return Draft202012Validator({**schema, "components": DOCUMENT["components"]})


_DOCUMENTED = {route.replace(":path}", "}"): rule for route, rule in RULES.items()}


def needs_a_key(path: str) -> bool:
    """Whether an operation is for those with a key."""
    return path.startswith("/v1/") and not path.startswith(("/v1/schemas/", "/v1/sms/status"))


def ways_into(method: str, path: str) -> list[list[str]]:
    """The scopes that may call an operation, each as one way in."""
    rule = _DOCUMENTED.get(f"{method.upper()} {path}")
    return sorted([scope] for scope in (rule.scopes if rule else ()))


def errors_of(path: str, operation: Operation) -> Iterator[tuple[str, dict[str, Any]]]:
    """What an operation answers with where it fails: the media type and what it is described by."""
    for status, answer in operation["responses"].items():
        if int(status) >= 400 and path != "/readyz":
            yield from answer["content"].items()


def contents_of(operation: Operation) -> Iterator[dict[str, Any]]:
    """An operation's body and its good answer."""
    good = next(iter(operation["responses"].values()))
    for part in (operation.get("requestBody", {}), good):
        yield from part.get("content", {}).values()


class TestEveryOperation:
    """All of them at once: each is looked at in less time than a test takes."""

    def test_it_says_which_statuses_it_answers(self) -> None:
        assert those_where(lambda _m, _p, one: not all(map(str.isdigit, one["responses"]))) == []

    def test_its_errors_have_the_one_shape(self) -> None:
        assert [
            (operation["operationId"], media_type, fault.message)
            for _, path, operation in OPERATIONS
            for media_type, described in errors_of(path, operation)
            for fault in validator(described["schema"]).iter_errors(described["example"])
        ] == []
        found = {kind for _, path, one in OPERATIONS for kind, _ in errors_of(path, one)}
        assert found == {"application/problem+json"}

    def test_it_says_what_key_it_needs(self) -> None:
        wrong = [
            *those_where(lambda _, path, one: bool(one.get("security")) != needs_a_key(path)),
            *those_where(lambda _, path, one: ("401" in one["responses"]) != needs_a_key(path)),
        ]
        assert wrong == []

    def test_it_says_so_too_when_it_needs_none(self) -> None:
        assert those_where(lambda _m, _p, one: "security" not in one) == []

    def test_its_tags_are_declared(self) -> None:
        declared = {tag["name"] for tag in DOCUMENT["tags"]}
        assert those_where(lambda _m, _p, one: not set(one["tags"]) <= declared) == []

    def test_it_names_each_scope_that_may_call_it_as_one_way_in(self) -> None:
        assert [
            operation["operationId"]
            for method, path, operation in OPERATIONS
            if sorted(map(list, operation["security"])) != ways_into(method, path)
        ] == []

    def test_it_says_what_it_does(self) -> None:
        assert those_where(lambda _m, _p, one: not (one["summary"] and one["description"])) == []

    def test_its_body_and_its_answer_have_examples_that_fit(self) -> None:
        assert [
            (operation["operationId"], fault.message)
            for _, _, operation in OPERATIONS
            for content in contents_of(operation)
            for example in examples_of(content)
            for fault in validator(content["schema"]).iter_errors(example)
        ] == []

    def test_its_body_and_its_answer_are_shown_by_examples(self) -> None:
        """But for files, and for what the schemas' routes publish, which is long."""
        assert [
            operation["operationId"]
            for _, path, operation in OPERATIONS
            for content in contents_of(operation)
            if not examples_of(content)
            and content["schema"].get("format") != "binary"
            and not path.startswith("/v1/schemas/")
        ] == []


class TestTheDocument:
    def test_it_is_openapi_3_1(self) -> None:
        assert DOCUMENT["openapi"].startswith("3.1.")

    def test_it_says_where_and_whose_the_api_is(self) -> None:
        assert DOCUMENT["servers"]
        assert {"contact", "license"} <= set(DOCUMENT["info"])

    def test_every_declared_tag_is_in_use(self) -> None:
        webhook_tags = {tag for one in DOCUMENT["webhooks"].values() for tag in one["post"]["tags"]}
        used = {tag for _, _, operation in OPERATIONS for tag in operation["tags"]} | webhook_tags
        assert used == {tag["name"] for tag in DOCUMENT["tags"]}

    def test_the_examples_of_every_field_and_parameter_fit(self) -> None:
        found = list(schemas_with_examples(DOCUMENT))
        assert len(found) > 100
        for schema in found:
            for example in schema["examples"]:
                validator(schema).validate(example)

    def test_no_two_summaries_are_alike(self) -> None:
        summaries = [operation["summary"] for _, _, operation in OPERATIONS]
        assert len(set(summaries)) == len(summaries)

    def test_no_two_schemas_have_one_title(self) -> None:
        """Generators of clients name what they make by it, and drop the second."""
        titles = [one["title"] for one in DOCUMENT["components"]["schemas"].values()]
        assert len(set(titles)) == len(titles)

    def test_no_two_operations_have_one_name(self) -> None:
        names = [operation["operationId"] for _, _, operation in OPERATIONS]
        assert len(set(names)) == len(names)

    def test_the_events_it_shows_are_taken(self) -> None:
        body = DOCUMENT["paths"]["/v1/events"]["post"]["requestBody"]["content"]["application/json"]
        assert set(body["examples"]) == set(EventType)
        for example in body["examples"].values():
            TrackingEvent.model_validate(example["value"])
            validator(body["schema"]).validate(example["value"])


@pytest.mark.parametrize("kind", EventType)
class TestEveryWebhook:
    def test_its_example_fits_its_schema(self, kind: EventType) -> None:
        body = webhook(kind)["requestBody"]["content"]["application/json"]
        assert body["example"]["type"] == kind
        validator(body["schema"]).validate(body["example"])

    def test_it_takes_no_other_type_and_no_other_groups(self, kind: EventType) -> None:
        schema = webhook(kind)["requestBody"]["content"]["application/json"]["schema"]
        for other in set(EventType) - {kind}:
            shown = webhook(other)["requestBody"]["content"]["application/json"]["example"]
            assert not validator(schema).is_valid(shown)
            assert not validator(schema).is_valid({**shown, "type": kind})

    def test_a_field_left_out_is_not_the_same_as_null(self, kind: EventType) -> None:
        body = webhook(kind)["requestBody"]["content"]["application/json"]
        for group in GROUPS:
            data = {name: value for name, value in body["example"]["data"].items() if name != group}
            assert not validator(body["schema"]).is_valid({**body["example"], "data": data})
            if group not in GROUP_MATRIX[kind]:
                assert body["example"]["data"][group] is None

    def test_it_names_the_headers_and_the_answers_that_count(self, kind: EventType) -> None:
        operation = webhook(kind)
        names = [parameter["name"] for parameter in operation["parameters"]]
        assert names == ["webhook-id", "webhook-timestamp", "webhook-signature", "user-agent"]
        assert set(operation["responses"]) == {"2XX", "410", "429", "502", "503", "504", "default"}


def webhook(kind: EventType) -> dict[str, Any]:
    """One webhook of the document."""
    found: dict[str, Any] = DOCUMENT["webhooks"][kind]["post"]
    return found
