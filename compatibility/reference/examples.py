"""The examples of the OpenAPI document as people read them: curl commands and JSON."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from api.openapi.examples import example_of

Schema = Mapping[str, Any]

_WIDTH = 96


def curl(method: str, path: str, operation: Mapping[str, Any], schemas: dict[str, Any]) -> str:
    """The command that sends the example of an operation."""
    parameters = operation.get("parameters", [])
    shown = {
        kind: {
            one["name"]: example_of(one["schema"], schemas)
            for one in parameters
            if one["in"] == kind and (one["required"] or has_example(one["schema"]))
        }
        for kind in ("path", "query", "header")
    }
    query = f"?{urlencode(shown['query'])}" if shown["query"] else ""
    verb = "" if method == "get" else f"-X {method.upper()} "
    words = [f'curl {verb}"$API{path.format(**shown["path"])}{query}"']
    if operation["security"]:
        words.append('-H "Authorization: Bearer $KEY"')
    words += [f'-H "{name}: {value}"' for name, value in shown["header"].items()]
    return " \\\n  ".join(_lines([*words, *_body(operation)])) + "\n"


def readable(value: Any, indent: str = "") -> str:
    """JSON in as few lines as have room for it."""
    line = json.dumps(value, ensure_ascii=False)
    if len(indent + line) <= _WIDTH or not isinstance(value, dict | list) or not value:
        return line
    inner = f"{indent}  "
    if isinstance(value, dict):
        parts = [f"{json.dumps(name)}: {readable(one, inner)}" for name, one in value.items()]
        opening, closing = "{", "}"
    else:
        parts = [readable(one, inner) for one in value]
        opening, closing = "[", "]"
    lines = f",\n{inner}".join(parts)
    return f"{opening}\n{inner}{lines}\n{indent}{closing}"


def example_in(content: Mapping[str, Any]) -> Any:
    """The first example of a body or an answer."""
    if "example" in content:
        return content["example"]
    return next(iter(content["examples"].values()))["value"]


def has_example(schema: Schema) -> bool:
    """Whether somebody has said how a parameter looks."""
    return "examples" in schema


def _lines(words: list[str]) -> list[str]:
    """The words of a command, as many on a line as have room for it."""
    lines = words[:1]
    for word in words[1:]:
        if "\n" in word or len(f"{lines[-1]} {word}") > _WIDTH:
            lines.append(word)
        else:
            lines[-1] += f" {word}"
    return lines


def _body(operation: Mapping[str, Any]) -> Iterator[str]:
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        if content["schema"].get("format") == "binary":
            kind = media_type.rpartition("/")[2]
            yield f'-H "Content-Type: {media_type}"'
            yield f"--data-binary @logo.{kind}"
            return
        example = example_in(content)
        if media_type != "application/json":
            yield f"-d '{urlencode(example)}'"
            continue
        yield '-H "Content-Type: application/json"'
        yield "-d '" + readable(example).replace("'", r"'\''") + "'"
