"""The keyring: what it seals opens in its own place only, and keys never show."""

import base64
import traceback

import pytest

from contracts.errors import ConfigurationError, KeyMissing, SealBroken
from store.encryption.columns import ALL, ENDPOINT_SECRET, SMS_BODY, SMS_PHONE
from store.encryption.keyring import EncryptionKey, Keyring, new_key, parse_keys
from store.encryption.sealing import opened_text, sealed_text

OLD, NEW = EncryptionKey("k1", bytes(32)), EncryptionKey("k2", bytes(range(32)))
PLACE, PHONE = b"sms_messages.to_phone/sms_1", "+919876543210"


class TestSealing:
    def test_what_is_sealed_opens_and_shows_nothing(self) -> None:
        sealed = Keyring([NEW]).seal(PHONE.encode(), PLACE)
        assert PHONE.encode() not in sealed
        assert sealed.startswith(b"1:k2:")
        assert Keyring([NEW]).open(sealed, PLACE) == PHONE.encode()

    def test_the_same_value_twice_is_not_the_same_sealed(self) -> None:
        ring = Keyring([NEW])
        assert ring.seal(b"4839", PLACE) != ring.seal(b"4839", PLACE)

    @pytest.mark.parametrize("text", ["", PHONE, "आशा कुलकर्णी", "1:k2:AAAA", "0:clear", "x" * 9000])
    def test_every_text(self, text: str) -> None:
        stored = sealed_text(Keyring([NEW]), SMS_BODY, text, "sms_1")
        assert stored.isascii()
        assert opened_text(Keyring([NEW]), SMS_BODY, stored, "sms_1") == text

    def test_it_opens_in_no_other_row_and_no_other_column(self) -> None:
        ring = Keyring([NEW])
        stored = sealed_text(ring, SMS_PHONE, PHONE, "sms_1")
        for column, row in ((SMS_PHONE, "sms_2"), (SMS_BODY, "sms_1"), (ENDPOINT_SECRET, "sms_1")):
            with pytest.raises(SealBroken):
                opened_text(ring, column, stored, row)

    def test_no_two_values_have_the_same_place(self) -> None:
        assert len({column.place("a", "b") for column in ALL}) == len(ALL)

    @pytest.mark.parametrize("index", [-1, 5, 12, 20])
    def test_a_changed_bit_is_noticed(self, index: int) -> None:
        sealed = bytearray(Keyring([NEW]).seal(PHONE.encode(), PLACE))
        sealed[index] ^= 1
        with pytest.raises(SealBroken):
            Keyring([NEW]).open(bytes(sealed), PLACE)

    @pytest.mark.parametrize(
        "stored", ["", "hi", "1:", "1:k2", "1:k2:", "1:k2:%", "1:k2:AAAA", "2:x", "0:in clear"]
    )
    def test_what_is_no_sealed_value_at_all(self, stored: str) -> None:
        with pytest.raises(SealBroken):
            opened_text(Keyring([NEW]), SMS_BODY, stored, "sms_1")


class TestSeveralKeys:
    def test_the_first_seals_and_all_open(self) -> None:
        old = Keyring([OLD]).seal(b"old", PLACE)
        both = Keyring([NEW, OLD])
        assert both.open(old, PLACE) == b"old"
        assert Keyring([NEW]).open(both.seal(b"new", PLACE), PLACE) == b"new"

    def test_a_key_that_is_missing_is_named(self) -> None:
        old = Keyring([OLD]).seal(b"old", PLACE)
        with pytest.raises(KeyMissing, match="sealed with key k1: DOORSTEP_ENCRYPTION_KEYS"):
            Keyring([NEW]).open(old, PLACE)

    def test_another_key_of_the_same_name_opens_nothing(self) -> None:
        with pytest.raises(SealBroken):
            Keyring([new_key("k1")]).open(Keyring([OLD]).seal(b"old", PLACE), PLACE)


class TestTheSetting:
    def test_it_reads_what_it_prints(self) -> None:
        text = f"{NEW.as_setting()}, {OLD.as_setting()}"
        assert parse_keys(text) == [NEW, OLD]

    @pytest.mark.parametrize(
        "wrong",
        [
            "",
            "marker",
            "k1:",
            "k1:marker!",
            f"k1:{base64.b64encode(b'marker').decode()}",
            f"k 1:{base64.b64encode(bytes(32)).decode()}",
            f":{base64.b64encode(bytes(32)).decode()}",
            f"{NEW.as_setting()},",
            f"{NEW.as_setting()},{NEW.as_setting()}",
        ],
    )
    def test_a_wrong_one_is_refused_and_never_shown(self, wrong: str) -> None:
        with pytest.raises(ConfigurationError, match="DOORSTEP_ENCRYPTION_KEYS") as caught:
            parse_keys(wrong)
        shown = "".join(traceback.format_exception(caught.value))
        assert "marker" not in str(caught.value)
        assert base64.b64encode(NEW.secret).decode() not in shown

    def test_a_key_never_shows(self) -> None:
        key = EncryptionKey("k1", b"marker" * 5 + b"xx")
        ring = Keyring([key])
        assert "marker" not in f"{key!r} {ring!r} {vars(ring)!r}"

    def test_new_keys_have_names_of_their_own(self) -> None:
        assert len({new_key().id for _ in range(50)}) == 50
