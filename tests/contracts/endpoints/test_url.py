"""The one form of an endpoint's URL, read as the HTTP client reads it."""

import httpx
import pytest

from contracts.endpoints.url import EndpointTarget, UnusableUrl, is_inside_name, read_endpoint_url
from tests.support.hostile_urls import GOOD_URLS, HOSTILE_URLS, PORT


class TestReading:
    @pytest.mark.parametrize("url", GOOD_URLS.values(), ids=GOOD_URLS)
    def test_good_ones_are_public(self, url: str) -> None:
        assert read_endpoint_url(url).public

    @pytest.mark.parametrize(
        ("url", "target"),
        [
            ("https://A.Example/x", EndpointTarget("https", "a.example", 443)),
            ("http://127.0.0.1:9101/x", EndpointTarget("http", "127.0.0.1", 9101)),
            ("http://127.0.0.1", EndpointTarget("http", "127.0.0.1", 80)),
            ("https://[2606:4700::1]:8443", EndpointTarget("https", "2606:4700::1", 8443)),
        ],
    )
    def test_where_it_leads(self, url: str, target: EndpointTarget) -> None:
        assert read_endpoint_url(url) == target

    @pytest.mark.parametrize("url", [*GOOD_URLS.values(), *HOSTILE_URLS.values()])
    def test_the_http_client_reads_the_same_host_and_port(self, url: str) -> None:
        """What is judged is what is called: no trick makes the two disagree."""
        url = url.replace(PORT, "8443")
        try:
            target = read_endpoint_url(url)
        except UnusableUrl:
            return
        read = httpx.URL(url)
        default = {"https": 443, "http": 80}[read.scheme]
        assert (read.scheme, read.host, read.port or default) == (
            target.scheme,
            target.host,
            target.port,
        )
        assert read.userinfo == b""

    @pytest.mark.parametrize("url", ["https://user:hunter2@x.example/", "https://hunter2.1/"])
    def test_what_is_wrong_is_said_without_quoting(self, url: str) -> None:
        with pytest.raises(UnusableUrl) as caught:
            read_endpoint_url(url)
        assert "hunter2" not in str(caught.value)


class TestNamesOfInside:
    @pytest.mark.parametrize(
        ("host", "inside"),
        [
            ("localhost", True),
            ("api", True),
            ("a.localhost", True),
            ("a.local", True),
            ("a.b.internal", True),
            ("nas.home.arpa", True),
            ("shop.example", False),
            ("local.shop.example", False),
            ("internal.example", False),
            ("127.0.0.1", False),
            ("::1", False),
        ],
    )
    def test_the_table(self, host: str, inside: bool) -> None:
        assert is_inside_name(host) is inside
