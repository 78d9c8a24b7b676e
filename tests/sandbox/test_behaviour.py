"""Behaviours: the textual syntax, outages and mixes."""

from collections import Counter

import pytest

from sandbox.behaviour import Behaviour, DownFor, Mix, as_policy
from sandbox.behaviour_text import parse_behaviour
from sandbox.http_connection import Head
from sandbox.steps import (
    Answer,
    CloseWithoutAnswer,
    Garbage,
    Hang,
    HugeBody,
    Redirect,
    Reset,
    ResetBeforeReading,
    SlowDrip,
    in_words,
)

IN_9_S = {"retry-after": "9"}
HEAD = Head("POST", "/hook", {}, 0.0)


def steps_of(behaviour: Behaviour, count: int) -> list[int | str]:
    policy = as_policy(behaviour)
    return [in_words(policy(HEAD)) for _ in range(count)]


class TestSyntax:
    @pytest.mark.parametrize(
        ("text", "behaviour"),
        [
            ("200", [Answer(200)]),
            ("503x3,200", [Answer(503)] * 3 + [Answer(200)]),
            (" 410 , 204 ", [Answer(410), Answer(204)]),
            ("429:retry-after=30", [Answer(429, headers={"retry-after": "30"})]),
            ("503:retry-after=2x2", [Answer(503, headers={"retry-after": "2"})] * 2),
            ("hang,hang:5s,hang:50ms", [Hang(), Hang(for_s=5), Hang(for_s=0.05)]),
            ("reset,reset-early,close", [Reset(), ResetBeforeReading(), CloseWithoutAnswer()]),
            ("drip,drip:10ms,huge,garbage", [SlowDrip(), SlowDrip(0.01), HugeBody(), Garbage()]),
            ("redirect:https://x.example/ax3", [Redirect("https://x.example/ax3")]),
            ("down:20s", DownFor(seconds=20)),
            ("down:5", DownFor(requests=5)),
            ("down:1.5s:hang", DownFor(seconds=1.5, step=Hang())),
            (
                "down:2:503:retry-after=9",
                DownFor(2, step=Answer(503, headers={"retry-after": "9"})),
            ),
            ("mix:seed=7", Mix(7)),
            ("mix:seed=7,200=9,hang:5s=1", Mix(7, ((Answer(200), 9.0), (Hang(for_s=5), 1.0)))),
        ],
    )
    def test_what_is_written_is_what_is_meant(self, text: str, behaviour: Behaviour) -> None:
        assert parse_behaviour(text) == behaviour

    @pytest.mark.parametrize(
        "text",
        [
            "_",
            "sometimes",
            "99",
            "600",
            "200,",
            "hang:5",
            "down:",
            "down:x",
            "redirect:",
            "503x3x",
            "mix:",
            "mix:200=5",
            "mix:seed=x",
            "mix:seed=7,200=often",
            "mix:seed=7,maybe=1",
        ],
    )
    def test_nonsense_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"is not|a mix"):
            parse_behaviour(text)


class TestOutage:
    def test_by_requests(self) -> None:
        assert steps_of(DownFor(requests=2), 4) == [503, 503, 200, 200]

    def test_by_seconds_from_when_it_is_put_in_force(self) -> None:
        now = [100.0]
        outage = DownFor(seconds=20, step=Answer(500), clock=lambda: now[0])
        now[0] = 1000.0
        policy = as_policy(outage)
        answers = []
        for now[0] in (1000.0, 1019.9, 1020.0, 2000.0):
            answers.append(in_words(policy(HEAD)))
        assert answers == [500, 500, 200, 200]


class TestMix:
    def test_the_same_seed_gives_the_same_mix(self) -> None:
        assert steps_of(Mix(7), 100) == steps_of(Mix(7), 100)
        assert steps_of(Mix(7), 100) != steps_of(Mix(8), 100)

    def test_steps_come_by_their_weight(self) -> None:
        counts = Counter(steps_of(Mix(7, ((Answer(200), 75), (Reset(), 25))), 2000))
        assert 1400 < counts[200] < 1600
        assert counts[200] + counts["reset"] == 2000


def test_an_empty_script_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one step"):
        as_policy([])
