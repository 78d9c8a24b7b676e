"""What the settings say about texts, as the store and the API are given it."""

from dataclasses import dataclass

STATUS_PATH = "/v1/sms/status"


@dataclass(frozen=True)
class TextRules:
    """`longest_value` is how many characters a variable may fill (DLT: 30 by most sources);
    `most_parts` how many parts a text may take; `daily_cap` how many texts a partner without a
    cap of its own may send in a day (India's). `public_url` is where Twilio and customers reach the
    API, without a slash at its end; None: nothing is told back, and no text has an opt-out link.
    `default_sender` is who sends for partners without a sender of their own. `test_countries`
    (ISO 3166) are those that test texts may go to: no customer asked for them."""

    longest_value: int = 30
    most_parts: int = 4
    daily_cap: int = 20_000
    public_url: str | None = None
    default_sender: str | None = None
    test_countries: frozenset[str] = frozenset({"IN"})

    def status_callback(self, sms_id: str) -> str | None:
        """Where Twilio tells what becomes of a text: the only thing of ours that comes back."""
        return f"{self.public_url}{STATUS_PATH}?claim={sms_id}" if self.public_url else None
