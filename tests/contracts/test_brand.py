"""The brand: which logos it takes, and where pages load them from."""

import base64

import pytest

from contracts.brand import Brand, logo_address, logo_in
from contracts.errors import Invalid
from tests.support.pictures import a_png


def test_a_logo_in_a_data_address() -> None:
    content = base64.b64encode(a_png(30, 20)).decode()
    logo = logo_in(f"data:image/png;base64,{content}")
    assert (logo.media_type, logo.width, logo.height) == ("image/png", 30, 20)


@pytest.mark.parametrize(
    "data",
    [
        "data:image/svg+xml;base64,PHN2Zz4=",
        "data:text/html;base64,PHN2Zz4=",
        "data:image/png;base64,AAAA",
        "data:image/png;base64,A",
        "data:image/png,AAAA",
    ],
)
def test_other_data_is_refused(data: str) -> None:
    with pytest.raises(Invalid):
        logo_in(data)


def test_a_logo_elsewhere_names_its_origin() -> None:
    brand = Brand(logo_address=logo_address("https://cdn.example.com:8443/a/logo.png?x=1"))
    assert brand.logo_origin == "https://cdn.example.com:8443"
    assert Brand().logo_origin is None


@pytest.mark.parametrize(
    "address",
    [
        "https://",
        "https://user:pass@cdn.example.com/logo.png",
        "https://cdn.example.com/a b.png",
        "https://cdn.example.com;script-src/logo.png",
        "https://cdn.example.com/logo.png', *",
    ],
)
def test_an_address_that_would_change_the_policy_is_refused(address: str) -> None:
    with pytest.raises(Invalid):
        logo_address(address)
