"""Calls out of CSV files: what spreadsheets make of them is taken, what is doubtful is refused."""

from datetime import date

import pytest

from contracts.outcomes.calls_file import CALLS_FILE
from contracts.outcomes.lines_file import MOST_LINES, LinesRefused, read_lines

HEADER = "partner_id,day,calls"


def read(text: str | bytes) -> list[tuple[int, str, date, int]]:
    content = text if isinstance(text, bytes) else text.encode()
    return [
        (one.line, one.given.partner_id, one.given.day, one.given.calls)
        for one in read_lines(content, CALLS_FILE)
    ]


def faults(text: str | bytes) -> list[str]:
    with pytest.raises(LinesRefused) as refused:
        read(text)
    return str(refused.value).splitlines()


class TestTaken:
    SAID = (2, "shop", date(2026, 11, 25), 38)

    @pytest.mark.parametrize(
        "text",
        [
            f"{HEADER}\nshop,2026-11-25,38\n",
            f"{HEADER}\r\nshop,2026-11-25,38\r\n",
            f"\ufeff{HEADER}\nshop,2026-11-25,38",
            "Partner_ID;Day;Calls\r\nshop;2026-11-25;38\r\n;;\r\n",
            "partner_id\tday\tcalls\nshop\t2026-11-25\t38\n\n",
            'day,calls,partner_id\n"2026-11-25", 38 ,"shop"\n',
        ],
    )
    def test_what_spreadsheets_make_of_it(self, text: str) -> None:
        assert read(text) == [self.SAID]

    def test_lines_keep_their_numbers_beyond_empty_ones(self) -> None:
        assert [one[0] for one in read(f"{HEADER}\n\nshop,2026-11-25,0\n,,\nb,2026-11-25,1\n")] == [
            *(3, 5)
        ]


class TestRefused:
    @pytest.mark.parametrize(
        ("line", "fault"),
        [
            ("shop,25-11-2026,38", "line 2: day: send a date such as 2026-11-30"),
            ("shop,2026-11-31,38", "line 2: day: Input should be a valid date"),
            ("shop,2026-11-25,38.0", "line 2: calls: send a whole number from 0"),
            ("shop,2026-11-25,-1", "line 2: calls: send a whole number from 0"),
            ("shop,2026-11-25,", "line 2: calls: send a whole number from 0"),
            ("shop,2026-11-25,99999999999", "line 2: calls: Input should be less than"),
            ("a shop,2026-11-25,3", "line 2: partner_id: String should match"),
            ("shop,2026-11-25", "line 2: there are 2 columns and not 3"),
            ("shop,2026-11-25,1,2", "line 2: there are 4 columns and not 3"),
            ("shop,1999-12-31,1", "line 2: day: send a day of the years 2000 to 2999"),
            ('"shop,2026-11-25,1', "line 2: no CSV"),
        ],
    )
    def test_what_is_wrong_with_a_line_is_told(self, line: str, fault: str) -> None:
        [said] = faults(f"{HEADER}\n{line}\n")
        assert said.startswith(fault)

    def test_every_line_is_told_of_up_to_twenty(self) -> None:
        lines = "\n".join("shop,today,1" for _ in range(25))
        said = faults(f"{HEADER}\n{lines}\n")
        assert len(said) == 21
        assert said[-1] == "and 5 more"

    def test_the_same_day_twice(self) -> None:
        text = f"{HEADER}\nshop,2026-11-25,1\nshop,2026-11-26,1\nshop,2026-11-25,1\n"
        assert faults(text) == ["line 4: line 2 has the same partner and day"]

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            (b"", "line 1: the columns are partner_id, day, calls"),
            (b"shop,2026-11-25,38\n", "line 1: the columns are partner_id, day, calls"),
            (b"partner_id,day,calls,comment\n", "line 1: the columns are partner_id, day, calls"),
            (HEADER.encode(), "line 1: no other line says anything"),
            (HEADER.encode("utf-16"), "line 1: save the file as CSV UTF-8"),
        ],
    )
    def test_what_is_no_such_file(self, text: bytes, fault: str) -> None:
        [said] = faults(text)
        assert said.startswith(fault)

    def test_a_file_that_is_too_long(self) -> None:
        text = HEADER + "\nshop,2026-11-25,1" * (MOST_LINES + 1)
        [said] = faults(text)
        assert said.startswith(f"line {MOST_LINES + 2}: the file has more than {MOST_LINES} lines")
