"""The page: each route with its fields, an example and its problems, by the document's tags."""

from collections.abc import Iterator, Mapping
from typing import Any

from api.problems import TITLES
from compatibility.reference.examples import curl, example_in, readable
from compatibility.reference.markdown import code, either, link, table
from compatibility.reference.tables import (
    FieldTables,
    Schema,
    described,
    not_null,
    required,
    shared_schemas,
)

Operation = Mapping[str, Any]

_LONG = 12
"""A description of so many lines is split: fields and example come before its rules."""
_OF_EVERY_ROUTE = frozenset({400, 401, 403, 408, 413, 415, 421, 422, 429, 431, 500, 503})
"""Problems that say nothing about one route: docs/api.md says when they come."""
_GUIDE = """How to receive and verify them, and each field of the payload, is in
[webhooks-for-partners.md](webhooks-for-partners.md).
"""
_OBJECTS = """## Objects

What stands in several places, or has many values. What each state and reason means, and what to do
about it, is in the [runbook](runbook.md#what-each-state-means).
"""
_HEAD = """# API reference

Every route of the HTTP API, made from the code: `make schema` writes this page. `GET /openapi.json`
is the same for machines, and `GET /docs` shows it in a browser.

What holds for all routes is in [api.md](api.md): [who may call](api.md#who-may-call),
[how often](api.md#how-often), [repeats](api.md#repeats), [errors](api.md#errors),
[pages](api.md#pages) and [times and other values](api.md#times-and-other-values). In the examples
`$API` is where your Doorstep is and `$KEY` is your key; the ids are made up. Below each route stand
the problems of its own; those that [any route](api.md#errors) may answer come on top.
"""


class ReferencePage:
    """The page of one document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._schemas = document["components"]["schemas"]
        self._tables = FieldTables(self._schemas, shared_schemas(document))

    def text(self) -> str:
        """The whole page."""
        parts = [_HEAD, self._index()]
        for tag in self._document["tags"]:
            parts.append(f"## {tag['name'].capitalize()}\n\n{tag['description']}\n")
            parts += [self._route(*one) for one in self._routes_of(tag["name"])]
        parts.append(self._webhooks())
        return "\n".join([*parts, *self._objects()])

    def _routes_of(self, tag: str) -> Iterator[tuple[str, str, Operation]]:
        for path, operations in self._document["paths"].items():
            for method, operation in operations.items():
                if tag in operation["tags"]:
                    yield method, path, operation

    def _index(self) -> str:
        rows = []
        for tag in self._document["tags"]:
            rows.append((f"**{link(tag['name'].capitalize())}**", "", ""))
            for method, path, one in self._routes_of(tag["name"]):
                rows.append((link(one["summary"]), _called(method, path), _keys(one) or "none"))
        return table(("to", "call", "with a key of"), rows)

    def _route(self, method: str, path: str, operation: Operation) -> str:
        keys = _keys(operation)
        first, more = _split(operation["description"])
        parts = [
            f"### {operation['summary']}\n",
            f"{_called(method, path)} · {f'with a key of {keys}' if keys else 'without a key'}\n",
            f"{first}\n",
            self._parameters(operation),
            self._body(operation),
            f"```bash\n{curl(method, path, operation, self._schemas)}```\n",
            self._answer(operation),
            _problems(operation),
            f"**In detail**\n\n{more}\n" if more else "",
        ]
        return "\n".join(part for part in parts if part)

    def _parameters(self, operation: Operation) -> str:
        rows = [
            (
                f"`{one['name']}`",
                one["in"],
                self._tables.type_of(not_null(one["schema"])),
                required(one["schema"], one["required"]),
                one.get("description") or described(one["schema"]),
            )
            for one in operation.get("parameters", [])
        ]
        return table(("parameter", "in", "type", "required", "meaning"), rows)

    def _body(self, operation: Operation) -> str:
        contents = operation.get("requestBody", {}).get("content", {})
        for content in contents.values():
            schema = not_null(content["schema"])
            if schema.get("format") == "binary":
                return f"**Body**: a file, {either(code(contents))}.\n"
            optional = "" if operation["requestBody"].get("required") else ", which may be left out"
            said = self._tables.target(schema).get("description", "")
            return f"**Body**{optional}. {said}\n\n{self._tables.of_object(schema, sent=True)}"
        return ""

    def _answer(self, operation: Operation) -> str:
        status, answer = next(iter(operation["responses"].items()))
        content = answer.get("content", {}).get("application/json", {})
        if "example" not in content:
            said = "" if answer["description"] == "Successful Response" else answer["description"]
            return f"**Answer** `{status}`{f': {said}' if said else ', without a body'}.\n"
        schema = content["schema"]
        if self._tables.is_linked(schema):
            what = f"**Answer** `{status}`: {self._tables.type_of(schema)}.\n"
        else:
            said = self._tables.target(schema).get("description", "")
            what = f"**Answer** `{status}`. {said}\n\n{self._tables.of_object(schema, sent=False)}"
        return f"{what}\n```json\n{readable(example_in(content))}\n```\n"

    def _webhooks(self) -> str:
        """The last tag's: one for each type of event."""
        rows = [
            (f"`{name}`", one["post"]["summary"], one["post"]["description"])
            for name, one in self._document["webhooks"].items()
        ]
        return f"{_GUIDE}\n{table(('type', 'sent when', 'payload'), rows)}"

    def _objects(self) -> Iterator[str]:
        """What is linked to, and what that links to."""
        sections: dict[str, str] = {}
        while missing := sorted(self._tables.linked - set(sections)):
            sections |= {name: self._object(self._schemas[name]) for name in missing}
        yield _OBJECTS
        for name, text in sorted(sections.items()):
            yield f"### {name}\n\n{text}"

    def _object(self, schema: Schema) -> str:
        if "enum" in schema:
            return f"{described(schema)}\n\nOne of {either(code(schema['enum']))}.\n"
        sent = set(schema["required"]) != set(schema["properties"])
        return f"{described(schema)}\n\n{self._tables.of_object(schema, sent=sent)}"


def _split(description: str) -> tuple[str, str]:
    """What stands before the fields and the example, and what may wait until after them."""
    if description.count("\n") < _LONG:
        return description, ""
    first, _, more = description.partition("\n\n")
    return first, more


def _called(method: str, path: str) -> str:
    return f"`{method.upper()} {path}`"


def _keys(operation: Operation) -> str:
    """The scopes of which any one is enough."""
    scopes = [scope for way in operation["security"] for scope in way]
    return either(code(scopes)) if scopes else ""


def _problems(operation: Operation) -> str:
    """The errors that it may answer with, besides those that every route has."""
    statuses = [int(one) for one in operation["responses"] if int(one) >= 400]
    own = [f"`{one}` {TITLES[one][0]}" for one in statuses if one not in _OF_EVERY_ROUTE]
    return f"**Problems**: {', '.join(own)}.\n" if own else ""
