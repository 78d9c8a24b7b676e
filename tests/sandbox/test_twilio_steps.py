"""The sandbox Twilio's script syntax and its magic numbers."""

import pytest

from sandbox.twilio_steps import (
    Accept,
    Delay,
    Hang,
    Refuse,
    Reset,
    Script,
    Step,
    magic_step,
    parse_script,
)


class TestSyntax:
    @pytest.mark.parametrize(
        ("text", "steps"),
        [
            ("accept", [Accept()]),
            ("accept:sent,accept:delivered", [Accept("sent"), Accept()]),
            ("accept:undelivered=30003", [Accept("undelivered", 30003)]),
            ("accept:failed=30007", [Accept("failed", 30007)]),
            ("429x2,accept", [Refuse(20429), Refuse(20429), Accept()]),
            ("401,500,503", [Refuse(20003), Refuse(20500), Refuse(20503)]),
            ("21610,20429", [Refuse(21610), Refuse(20429)]),
            ("30003", [Accept("undelivered", 30003)]),
            ("500-taken,503-plain", [Refuse(20500, taken=True), Refuse(20503, plain=True)]),
            ("delay:2s,delay:50ms:503", [Delay(2), Delay(0.05, Refuse(20503))]),
            ("hang,hang-untaken", [Hang(), Hang(taken=False)]),
            ("reset,reset-untaken", [Reset(), Reset(taken=False)]),
        ],
    )
    def test_what_is_written_is_what_is_meant(self, text: str, steps: list[Step]) -> None:
        assert parse_script(text) == steps

    @pytest.mark.parametrize(
        "text", ["", "sometimes", "418", "2161", "accept:lost", "delay:2", "500-maybe"]
    )
    def test_nonsense_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"is not a"):
            parse_script(text)

    def test_an_empty_script_is_refused(self) -> None:
        with pytest.raises(ValueError, match="at least one step"):
            Script([])


class TestMagicNumbers:
    @pytest.mark.parametrize(
        ("to", "step"),
        [
            ("+919990021211", Refuse(21211)),
            ("+919990030003", Accept("undelivered", 30003)),
            ("+919990099901", Hang()),
            ("+919990099902", Reset()),
            ("+919990099903", Hang(taken=False)),
            ("+919990099904", Reset(taken=False)),
            ("+919845021211", None),
            ("+15005550006", None),
        ],
    )
    def test_the_number_names_what_happens(self, to: str, step: Step | None) -> None:
        assert magic_step(to) == step
