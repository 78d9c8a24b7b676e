"""Passwords that are guessed first are refused; words in a row are not."""

import pytest
from pydantic import TypeAdapter, ValidationError

from contracts.access.passwords import is_common
from contracts.access.users import Password
from contracts.endpoints.url import url_key


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa",
        "abababababab",
        "passwordpassword",
        "password1234",
        "P@ssw0rd!2026",
        "Password@12345",
        "123456789012",
        "qwertyuiop12",
        "1qaz2wsx3edc",
        "abcdefghijkl",
        "administrator1",
        "Welcome@2026!",
        "chaichaichai",
        "iloveyou1234",
    ],
)
def test_a_common_one(password: str) -> None:
    assert is_common(password)
    with pytest.raises(ValidationError):
        TypeAdapter(Password).validate_python(password)


@pytest.mark.parametrize(
    "password",
    [
        "four quiet words here",
        "correct horse battery staple",
        "my password is a riddle",
        "Xk7#pQz!vR2m",
        "मेरा-लंबा-पासवर्ड",
        "monsoon ferry 81",
    ],
)
def test_one_that_is_not(password: str) -> None:
    assert not is_common(password)


def test_the_key_of_a_url() -> None:
    assert url_key("HTTPS://Shop.Example:443") == "https://shop.example/"
    assert url_key("https://shop.example/a/../b/./c//d?") == "https://shop.example/b/c/d"
    assert url_key("https://shop.example/%7euser/%2f") == "https://shop.example/~user/%2F"
    assert url_key("https://[2001:DB8:0:0::1]/") == "https://[2001:db8::1]/"
    assert url_key("https://shop.example/a/") != url_key("https://shop.example/a")
    assert url_key("https://shop.example/a?B") != url_key("https://shop.example/a?b")
