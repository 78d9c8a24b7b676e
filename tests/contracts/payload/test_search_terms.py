"""What is typed into the search, and the forms in which numbers and names are compared."""

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contracts.payload.search_terms import (
    LONGEST_TERM,
    MOST_WORDS,
    SearchText,
    last_four,
    may_stand_in_addresses,
    name_words,
    plain_number,
    read_search,
)
from tests.support.strategies import order_ids, phones, texts

HOSTILE = (
    "a" * 10_000,
    "%",
    "_",
    "%' OR 1=1 --",
    "'; DROP TABLE events; --",
    "\x00",
    "ORD\x00-1",
    "\N{PARTY POPPER}",
    "\u202eDRO\u202c",
    "\u0634\u0643\u0631\u0627",
    "#",
    "#" * 500,
    "\ufdfa" * 500,
    " ",
    "",
    "\udcff",
)


class TestNumbers:
    @pytest.mark.parametrize(
        "spelled",
        [
            "ORD-B-012",
            "ord-b-012",
            "#ORD-B-012",
            " ORD B 012 ",
            "Ord\u2011B\u2011012",
            "\uff2f\uff32\uff24-B-\u0966\u0967\u0968",
            "ORD\u200b-B-012",
        ],
    )
    def test_capitals_spaces_marks_and_dashes_make_no_difference(self, spelled: str) -> None:
        assert plain_number(spelled) == "ordb012"
        assert read_search(spelled).number == "ordb012"

    @given(number=order_ids | texts, seed=st.integers(0, 9))
    def test_any_spelling_of_a_number_is_the_number(self, number: str, seed: int) -> None:
        plain = plain_number(number)
        assert plain
        assert read_search(spelled_again(number, seed)).number == plain

    @example(number="K\N{CEDILLA}", length=3)
    @given(number=order_ids | texts, length=st.integers(3, 40))
    def test_the_beginning_of_a_number_is_the_beginning_of_its_form(
        self, number: str, length: int
    ) -> None:
        begun = read_search(plain_number(number)[:length]).number
        assert begun is not None
        assert plain_number(number).startswith(begun)

    def test_what_has_neither_letter_nor_digit_is_itself(self) -> None:
        assert plain_number("\N{PARTY POPPER}") == "\N{PARTY POPPER}"
        assert plain_number("#") == "#"

    def test_short_parts_are_no_parts(self) -> None:
        assert read_search("OR").part is None
        assert read_search("#OR-1").part == "or1"


class TestPhones:
    @given(phone=phones, seed=st.integers(0, 9))
    def test_any_spelling_of_a_phone_is_the_phone(self, phone: str, seed: int) -> None:
        assert read_search(phone_spelled(phone, seed)).phone == phone

    @pytest.mark.parametrize(
        "typed",
        ["3210", " 3210 ", "*3210", "\u20263210", "...3210", "xxxxxx3210", "+91******3210", "३२१०"],
    )
    def test_the_last_four_digits_may_stand_behind_stars(self, typed: str) -> None:
        assert read_search(typed).last_four == "3210" == last_four("+919876543210")

    @pytest.mark.parametrize("typed", ["210", "43210", "ORD3210", "9876543210", "12 3210"])
    def test_other_numbers_are_not_last_four_digits(self, typed: str) -> None:
        assert read_search(typed).last_four is None


class TestNames:
    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("Meena Rao", ["meena", "rao"]),
            ("  MEENA  rao ", ["meena", "rao"]),
            ("D'Souza-Mehta, R.", ["souza", "mehta"]),
            ("आशा कुलकर्णी", ["आशा", "कुलकर्णी"]),
            ("R", []),
            ("Rao Rao", ["rao"]),
        ],
    )
    def test_words_are_compared_whole_and_whatever_their_capitals(
        self, name: str, words: list[str]
    ) -> None:
        assert name_words(name) == words

    def test_the_rarest_word_is_guessed_by_its_length(self) -> None:
        assert read_search("Rao Meenakshi").words == ("meenakshi", "rao")

    def test_what_has_digits_is_no_name(self) -> None:
        assert read_search("Rao 2").words == ()

    def test_a_name_keeps_so_many_words(self) -> None:
        assert len(name_words(" ".join(f"na{'m' * n}e" for n in range(20)))) == MOST_WORDS


class TestWhatIsHostile:
    @pytest.mark.parametrize("typed", HOSTILE)
    def test_it_is_read_calmly(self, typed: str) -> None:
        read = read_search(typed)
        assert len(read.number or "") <= LONGEST_TERM
        assert "\x00" not in repr(read).replace("\\x00", "\x00")
        for one in (read.number, *read.words):
            assert one is None or one.encode()

    @given(typed=st.text(st.characters(), max_size=400))
    def test_anything_may_be_typed(self, typed: str) -> None:
        read = read_search(typed)
        assert isinstance(read, SearchText)
        assert len(read.number or "") <= LONGEST_TERM

    def test_nothing_means_nothing(self) -> None:
        assert read_search("  ").means_nothing
        assert read_search("\x00\u200b").means_nothing


class TestAddresses:
    @pytest.mark.parametrize("typed", ["ORD-B-012", "#A1042", "DS7700012", "evt_20261123_000481"])
    def test_numbers_of_orders_stand_in_them(self, typed: str) -> None:
        assert may_stand_in_addresses(typed)

    @pytest.mark.parametrize(
        "typed",
        [
            *("9876500001", "+919876500001", "98765 00001", "ph9876500001", "3210", "1042"),
            *("Meena", "Meena Rao", "Meena 2", "meena2@shop.example", "x" * 80 + "1", ""),
        ],
    )
    def test_what_may_be_somebody_s_does_not(self, typed: str) -> None:
        assert not may_stand_in_addresses(typed)

    @given(phone=phones, seed=st.integers(0, 9))
    def test_no_spelling_of_a_phone_does(self, phone: str, seed: int) -> None:
        assert not may_stand_in_addresses(phone_spelled(phone, seed))


def spelled_again(number: str, seed: int) -> str:
    """A number as somebody else would write it."""
    choice = random.Random(seed)
    written = choice.choice([number, number.upper(), number.lower(), f"#{number}", f" {number}  "])
    if any(one.isalnum() for one in number):
        written = "".join(f"{one}{choice.choice(['', '', ' ', '-'])}" for one in written)
    return written if plain_number(written) == plain_number(number) else number


def phone_spelled(phone: str, seed: int) -> str:
    """A phone of India as somebody may type it."""
    ten = phone[3:]
    return [
        *(phone, ten, f"0{ten}", f"91{ten}", f"{ten[:5]} {ten[5:]}", f"+91 {ten[:5]}-{ten[5:]}"),
        *(f"0091{ten}", f"tel:{phone}", f"({ten[:3]}) {ten[3:6]} {ten[6:]}", f" {ten}\u200b "),
    ][seed]
