"""Activities, on an empty database."""

import pytest


@pytest.fixture(autouse=True)
def _plain_twilio(monkeypatch: pytest.MonkeyPatch) -> None:
    """An edge or a region would lead the official client past its base URL."""
    for name in ("TWILIO_EDGE", "TWILIO_REGION"):
        monkeypatch.delenv(name, raising=False)
