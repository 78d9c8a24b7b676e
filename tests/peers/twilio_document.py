"""Twilio's published OpenAPI document, as its own command line carries it in an npm package."""

import base64
import hashlib
import json
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

PACKAGE = "@twilio/cli-core@9.0.0"
_SHA512 = "FPHm5gXAUwM2oATmQi3AGYPFz4Urg5G5/vDkpUu5WqNuwueQaS93HwXjdX1OM+miuq0LMimdfbXDTLEp4Nsjfg=="
_FILE = "package/src/services/twilio-api/twilio_api_v2010.json"
_MESSAGES = "/2010-04-01/Accounts/{AccountSid}/Messages"
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class TwilioDocument:
    """What Twilio says of its Messages API, as schemas that JSON Schema understands."""

    document: dict[str, Any]

    @property
    def form(self) -> dict[str, Any]:
        """The form that creates a message; nothing else may be in it."""
        schema = self._create["requestBody"]["content"][_FORM]["schema"]
        return {**schema, "additionalProperties": False}

    @property
    def created(self) -> dict[str, Any]:
        """The answer to it, as an example shows it."""
        examples = self._create["responses"]["201"]["content"]["application/json"]["examples"]
        created: dict[str, Any] = next(iter(examples.values()))["value"]
        return created

    @property
    def message(self) -> dict[str, Any]:
        """A message in an answer."""
        return self._answer(f"{_MESSAGES}/{{Sid}}.json")

    @property
    def page(self) -> dict[str, Any]:
        """A page of messages."""
        return self._answer(f"{_MESSAGES}.json")

    @property
    def properties_of_a_message(self) -> set[str]:
        """All that an answer says of a message."""
        return set(
            self.document["components"]["schemas"]["api.v2010.account.message"]["properties"]
        )

    def faults(self, value: Any, schema: dict[str, Any]) -> list[str]:
        """What is wrong with a value, by a schema of the document."""
        whole = {**schema, "components": self.document["components"]}
        return [f"{one.json_path}: {one.message}" for one in validator(whole).iter_errors(value)]

    @property
    def _create(self) -> dict[str, Any]:
        create: dict[str, Any] = self.document["paths"][f"{_MESSAGES}.json"]["post"]
        return create

    def _answer(self, path: str) -> dict[str, Any]:
        content = self.document["paths"][path]["get"]["responses"]["200"]["content"]
        schema: dict[str, Any] = content["application/json"]["schema"]
        return schema


def fetched(npm: str, folder: Path) -> TwilioDocument:
    """Fetch the package, and nothing that it depends on, and read the document in it."""
    subprocess.run([npm, "pack", PACKAGE], cwd=folder, check=True, capture_output=True)
    [archive] = folder.glob("*.tgz")
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    assert digest == _SHA512, f"{PACKAGE} is not what it was"
    with tarfile.open(archive) as packed:
        file = packed.extractfile(_FILE)
        assert file is not None
        return TwilioDocument(in_json_schema(json.load(file)))


def in_json_schema(value: Any) -> Any:
    """The same with OpenAPI 3.0's `nullable` in JSON Schema's words."""
    if isinstance(value, list):
        return [in_json_schema(one) for one in value]
    if not isinstance(value, dict):
        return value
    made = {name: in_json_schema(one) for name, one in value.items() if name != "nullable"}
    if value.get("nullable") and isinstance(value.get("type"), str):
        made["type"] = [value["type"], "null"]
    return made


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    """A validator that checks formats too, where they are JSON Schema's."""
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
