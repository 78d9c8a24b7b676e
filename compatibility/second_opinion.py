"""What jsoncompat says of two schemas: it sees breaks that our own rules have no sentence for."""

import json

from jsoncompat import Role, check_compat

from compatibility.shapes import Schema


def is_compatible(released: Schema, proposed: Schema) -> bool:
    """Whether all that the proposed schema lets us send is valid by the released one."""
    return check_compat(_without_id(released), _without_id(proposed), Role.SERIALIZER)


def _without_id(schema: Schema) -> str:
    """The library takes a reference below an `$id` for one to another document."""
    return json.dumps({name: value for name, value in schema.items() if name != "$id"})
