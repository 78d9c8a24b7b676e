"""How texts are split into parts; every number here is counted by hand from TS 23.038."""

import pytest

from contracts.sms.parts import Encoding, Parts, outside_gsm, parts_of

GSM, UCS = Encoding.GSM_7, Encoding.UCS_2


class TestParts:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("", Parts(GSM, 1, 0)),
            ("a" * 160, Parts(GSM, 1, 160)),
            ("a" * 161, Parts(GSM, 2, 161)),
            ("a" * 306, Parts(GSM, 2, 306)),
            ("a" * 307, Parts(GSM, 3, 307)),
            ("न" * 70, Parts(UCS, 1, 70)),
            ("न" * 71, Parts(UCS, 2, 71)),
            ("न" * 134, Parts(UCS, 2, 134)),
            ("न" * 135, Parts(UCS, 3, 135)),
            ("₹" + "a" * 69, Parts(UCS, 1, 70)),
            ("₹" + "a" * 70, Parts(UCS, 2, 71)),
            ("it\N{RIGHT SINGLE QUOTATION MARK}s", Parts(UCS, 1, 4)),
        ],
    )
    def test_at_the_edges(self, text: str, expected: Parts) -> None:
        assert parts_of(text) == expected

    @pytest.mark.parametrize("character", "\f^{}\\[~]|€")
    def test_the_extension_table_counts_two(self, character: str) -> None:
        assert parts_of(character * 80) == Parts(GSM, 1, 160)
        assert parts_of(character * 81) == Parts(GSM, 2, 162)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("a" * 151 + "€" + "a" * 153, Parts(GSM, 2, 306)),
            ("a" * 152 + "€" + "a" * 151, Parts(GSM, 2, 305)),
            ("a" * 152 + "€" + "a" * 152, Parts(GSM, 3, 306)),
        ],
    )
    def test_an_escape_pair_stays_in_one_part(self, text: str, expected: Parts) -> None:
        assert parts_of(text) == expected

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("🛵" * 35, Parts(UCS, 1, 70)),
            ("🛵" * 36, Parts(UCS, 2, 72)),
            ("a" * 65 + "🛵" + "a" * 67, Parts(UCS, 2, 134)),
            ("a" * 66 + "🛵" + "a" * 65, Parts(UCS, 2, 133)),
            ("a" * 66 + "🛵" + "a" * 66, Parts(UCS, 3, 134)),
        ],
    )
    def test_a_surrogate_pair_stays_in_one_part(self, text: str, expected: Parts) -> None:
        assert parts_of(text) == expected

    def test_an_extension_character_is_one_unit_in_ucs_2(self) -> None:
        assert parts_of("न[]") == Parts(UCS, 1, 3)


class TestTheAlphabet:
    ALPHABET = (
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
        "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà\f^{}\\[~]|€"
    )

    def test_all_of_it_is_gsm_7(self) -> None:
        assert len(set(self.ALPHABET)) == 137  # 127 without the escape, and 10 of the extension
        assert outside_gsm(self.ALPHABET) == []

    @pytest.mark.parametrize("character", "`çêÀΑ\t\x1b₹\N{EN DASH}…\N{NO-BREAK SPACE}न")
    def test_what_looks_like_it_is_not(self, character: str) -> None:
        assert outside_gsm(character) == [character]
        assert parts_of(character).encoding is UCS

    def test_outsiders_are_named_once_in_order(self) -> None:
        assert outside_gsm("a ₹5, … and ₹6 🛵") == ["₹", "…", "🛵"]
