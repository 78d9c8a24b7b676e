"""The JSON Schema of the payload, as partners read it (JSON Schema 2020-12).

Made of the models, so it cannot say anything that the bytes do not. It is open: a partner who
validates with it is not broken by a field that a later 1.x adds.
"""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from contracts.payload.payload import SCHEMA_VERSION, Payload


class PublishedJsonSchema(GenerateJsonSchema):
    """pydantic's generator without what only concerns our own side.

    No titles that repeat a field's name, no defaults (a default promises nothing on output, where
    every field is sent), and no `additionalProperties: false`, which is our rule for input.
    """

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never."""
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """The schema of the value, whatever its default is."""
        return self.generate_inner(schema["schema"])

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """The schema of an object, open for fields to come."""
        made = super().model_schema(schema)
        made.pop("additionalProperties", None)
        return made


def payload_schema() -> dict[str, Any]:
    """The schema of version 1.0, with everything required at every depth."""
    made = Payload.model_json_schema(
        mode="serialization", by_alias=True, schema_generator=PublishedJsonSchema
    )
    return {
        "$schema": PublishedJsonSchema.schema_dialect,
        "$id": f"urn:doorstep:webhook-payload:{SCHEMA_VERSION}",
        **made,
        "title": f"Doorstep webhook payload {SCHEMA_VERSION}",
    }
