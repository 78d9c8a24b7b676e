"""What a form of a page brings, read once, and only from a page of ours.

The browser says where a request comes from (Fetch Metadata, or `Origin`): a form that another site
sends is refused (OWASP, CSRF Prevention Cheat Sheet).
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import FormData, UploadFile

from contracts.payload.text import digits_together

_OUR_OWN = ("same-origin", "none")
_LONGEST_CODE = 100
_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?")


class ForgedForm(Exception):
    """The form is not from a page of ours, or from one that has lasted longer than its session."""


class Fields:
    """The fields of a form, and its files."""

    def __init__(
        self, pairs: list[tuple[str, str]], files: Mapping[str, bytes] | None = None
    ) -> None:
        self._pairs = pairs
        self._files = files or {}

    def text(self, name: str) -> str:
        """The field, trimmed; nothing where it is not sent."""
        return next((value.strip() for key, value in self._pairs if key == name), "")

    def code(self, name: str) -> str:
        """The field as a code of digits, however it was typed or pasted."""
        return digits_together(self.text(name)[:_LONGEST_CODE])

    def texts(self, name: str) -> list[str]:
        """All that were chosen under a name."""
        return [value for key, value in self._pairs if key == name]

    def number(self, name: str) -> int | float | str | None:
        """The field as the number that it writes; what writes none stays as it is, for the
        contract to say so. Null where it is empty."""
        text = self.text(name)
        if not _NUMBER.fullmatch(text):
            return text or None
        return float(text) if "." in text else int(text)

    def has(self, name: str) -> bool:
        """Whether a box was ticked, or a button of this name pressed."""
        return any(key == name for key, _ in self._pairs)

    def file(self, name: str) -> bytes:
        """The file that was chosen; nothing where none was."""
        return self._files.get(name, b"")

    def as_body(self, *names: str) -> Mapping[str, Any]:
        """These fields as a request of the API would have them; an empty one is null."""
        return {name: self.text(name) or None for name in names}


async def read_open_form(request: Request) -> Fields:
    """The fields of a form for which nobody has to be signed in. ForgedForm from another site;
    HTTPException 400 for a charset of the client's own that decodes nothing."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None and site not in _OUR_OWN:
        raise ForgedForm
    if site is None and origin is not None and origin.partition("://")[2] != request.url.netloc:
        raise ForgedForm
    try:
        async with request.form() as form:
            return await _fields_of(form)
    except ValueError:
        raise HTTPException(400, "the form is in no charset that can be read") from None


async def _fields_of(form: FormData) -> Fields:
    fields = form.multi_items()
    texts = [(name, _as_text(value)) for name, value in fields if isinstance(value, str)]
    files = {name: await one.read() for name, one in fields if isinstance(one, UploadFile)}
    return Fields(texts, files)


def _as_text(value: str) -> str:
    """What can be written as UTF-8: by a charset of the client's own, halves of characters may have
    come, which nothing can store."""
    return value.encode(errors="replace").decode()


OpenForm = Annotated[Fields, Depends(read_open_form)]
