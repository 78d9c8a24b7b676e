"""Responses that break HTTP, one way each, and the code that the attempt must end with."""

from dataclasses import dataclass

OK = b"HTTP/1.1 200 OK\r\n"
EMPTY = b"Content-Length: 0\r\n\r\n"
_CHUNKED = b"Transfer-Encoding: chunked\r\n"


@dataclass(frozen=True)
class Hostile:
    """These bytes, after which the receiver closes, or `stays` and says nothing more."""

    name: str
    answer: bytes
    code: str
    stays: bool = False


FAULTY_HEADS = (
    Hostile("a space in a name", OK + b"X Powered By: shop\r\n" + EMPTY, "http_200"),
    Hostile("a space before the colon", OK + b"X-A : b\r\n" + EMPTY, "http_200"),
    Hostile("an empty name", OK + b": x\r\n" + EMPTY, "http_200"),
    Hostile("a header without a colon", OK + b"nonsense\r\n" + EMPTY, "http_200"),
    Hostile("a name in UTF-8", OK + "X-Größe: 3\r\n".encode() + EMPTY, "http_200"),
    Hostile("a NUL in a value", OK + b"X-A: a\x00b\r\n" + EMPTY, "http_200"),
    Hostile("a bare CR in a value", OK + b"X-A: a\rb\r\n" + EMPTY, "http_200"),
    Hostile("a form feed in a value", OK + b"X-A: a\x0cb\r\n" + EMPTY, "http_200"),
    Hostile("two lengths", OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nok", "http_200"),
    Hostile("two lengths in one", OK + b"Content-Length: 2, 3\r\n\r\nok", "http_200"),
    Hostile("a signed length", OK + b"Content-Length: +2\r\n\r\nok", "http_200"),
    Hostile("a negative length", OK + b"Content-Length: -1\r\n\r\nok", "http_200"),
    Hostile("a length in words", OK + b"Content-Length: two\r\n\r\nok", "http_200"),
    Hostile("an empty length", OK + b"Content-Length:\r\n\r\nok", "http_200"),
    Hostile("an endless length", OK + b"Content-Length: " + b"9" * 60 + b"\r\n\r\nok", "http_200"),
    Hostile(
        "chunked twice", OK + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", "http_200"
    ),
    Hostile("chunked in two headers", OK + _CHUNKED * 2 + b"\r\n0\r\n\r\n", "http_200"),
    Hostile("an unknown coding", OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n", "http_200"),
    Hostile("identity", OK + b"Transfer-Encoding: identity\r\n\r\nok", "http_200"),
    Hostile("no end of the head, closed", OK + b"X-A: b\r\n", "http_200"),
    Hostile("the status line alone, closed", OK, "http_200"),
    Hostile("the status line alone, then silence", OK, "http_200", stays=True),
    Hostile("half a header, then silence", OK + b"X-A: ", "http_200", stays=True),
    Hostile("a header of 300 KB", OK + b"X-A: " + b"a" * 300_000 + b"\r\n" + EMPTY, "http_200"),
    Hostile("20,000 headers", OK + b"X-A: b\r\n" * 20_000 + EMPTY, "http_200"),
    Hostile("lengths and 410", b"HTTP/1.1 410 Gone\r\nA B: c\r\n\r\n", "http_410"),
    Hostile("a fault and 503", b"HTTP/1.1 503 No\r\nA B: c\r\n\r\n", "http_503"),
    Hostile("an HTTP/2 status line", b"HTTP/2 200\r\n" + EMPTY, "http_200"),
    Hostile("two spaces", b"HTTP/1.1  200  OK\r\n" + EMPTY, "http_200"),
    Hostile("small letters", b"http/1.1 200 ok\r\n" + EMPTY, "http_200"),
    Hostile("an empty line before it", b"\r\n" + OK + EMPTY, "http_200"),
    Hostile("a control character in the reason", b"HTTP/1.1 200 O\x00K\r\n" + EMPTY, "http_200"),
    Hostile(
        "a Location of 70 KB",
        b"HTTP/1.1 301 M\r\nLocation: /" + b"a" * 70_000 + b"\r\n" + EMPTY,
        "http_301",
    ),
    Hostile(
        "a Location outside ASCII",
        b"HTTP/1.1 302 F\r\nLocation: https://\xff\xfe/\r\n" + EMPTY,
        "http_302",
    ),
    Hostile(
        "a Location without a host",
        b"HTTP/1.1 302 F\r\nLocation: mailto:a@b\r\n" + EMPTY,
        "http_302",
    ),
    Hostile(
        "a Location with a bad port",
        b"HTTP/1.1 307 T\r\nLocation: https://a:b/\r\n" + EMPTY,
        "http_307",
    ),
    Hostile(
        "100 first, then a faulty 200",
        b"HTTP/1.1 100 C\r\n\r\n" + OK + b"A B: c\r\n\r\n",
        "http_200",
    ),
    Hostile(
        "300 interim responses first", b"HTTP/1.1 102 P\r\n\r\n" * 300 + OK + EMPTY, "http_200"
    ),
)

FAULTY_BODIES = (
    Hostile("a body that is cut", OK + b"Content-Length: 9\r\n\r\nok", "http_200"),
    Hostile("a body longer than its length", OK + b"Content-Length: 1\r\n\r\nmany", "http_200"),
    Hostile("a body after 204", b"HTTP/1.1 204 N\r\n\r\nbody", "http_204"),
    Hostile("a chunk size that is none", OK + _CHUNKED + b"\r\nzz\r\nok\r\n", "http_200"),
    Hostile("a negative chunk size", OK + _CHUNKED + b"\r\n-1\r\nok\r\n", "http_200"),
    Hostile("a chunk of 2^80 bytes", OK + _CHUNKED + b"\r\n" + b"f" * 20 + b"\r\nok", "http_200"),
    Hostile("a chunk size of 200 KB", OK + _CHUNKED + b"\r\n" + b"0" * 200_000, "http_200"),
    Hostile("a chunk without its end", OK + _CHUNKED + b"\r\n2\r\nokXX", "http_200"),
    Hostile("chunks that break off", OK + _CHUNKED + b"\r\n2\r\nok\r\n", "http_200"),
    Hostile("a faulty trailer", OK + _CHUNKED + b"\r\n0\r\nA B: c\r\n\r\n", "http_200"),
    Hostile("a trailer of 300 KB", OK + _CHUNKED + b"\r\n0\r\nA: " + b"a" * 300_000, "http_200"),
    Hostile("no body, then silence", OK + b"Content-Length: 9\r\n\r\n", "http_200", stays=True),
    Hostile("chunks, then silence", OK + _CHUNKED + b"\r\n2\r\nok\r\n", "http_200", stays=True),
    Hostile("no length, then silence", OK + b"\r\nok", "http_200", stays=True),
    Hostile(
        "compressed rubbish",
        OK + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
        "http_200",
    ),
    Hostile("an unknown charset", OK + b"Content-Type: text/x; charset=no\r\n" + EMPTY, "http_200"),
    Hostile("half a character", OK + b"Content-Length: 2\r\n\r\n\xe0\xa4", "http_200"),
    Hostile("NULs", OK + b"Content-Length: 9\r\n\r\n" + b"\x00" * 9, "http_200"),
)

NO_ANSWERS = (
    Hostile("nothing, closed", b"", "protocol"),
    Hostile("silence", b"", "timeout", stays=True),
    Hostile("half a status line, then silence", b"HTTP/1.1 20", "timeout", stays=True),
    Hostile("a status line without its end", b"HTTP/1.1 200 OK", "protocol"),
    Hostile("HTTP/0.9", b"<html>ok</html>", "protocol"),
    Hostile("a banner of SMTP", b"220 mail.example ESMTP\r\n", "protocol"),
    Hostile("a banner of SSH", b"SSH-2.0-OpenSSH_9.2\r\n", "protocol"),
    Hostile("a preface of HTTP/2", b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" * 4, "protocol"),
    Hostile("an alert of TLS", b"\x15\x03\x03\x00\x02\x02\x28", "protocol"),
    Hostile("a line without an end", b"a" * 300_000, "protocol"),
    Hostile("100 only", b"HTTP/1.1 100 Continue\r\n\r\n", "protocol"),
    Hostile("101", b"HTTP/1.1 101 S\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", "protocol"),
    Hostile("a status of two digits", b"HTTP/1.1 20 OK\r\n" + EMPTY, "protocol"),
    Hostile("a status of eleven digits", b"HTTP/1.1 99999999999 X\r\n" + EMPTY, "protocol"),
    Hostile("a negative status", b"HTTP/1.1 -200 OK\r\n" + EMPTY, "protocol"),
    Hostile("a status in words", b"HTTP/1.1 abc OK\r\n" + EMPTY, "protocol"),
    Hostile("a status in other digits", "HTTP/1.1 २०० OK\r\n".encode() + EMPTY, "protocol"),
    Hostile("no status", b"HTTP/1.1\r\n" + EMPTY, "protocol"),
    Hostile("status 099", b"HTTP/1.1 099 X\r\n" + EMPTY, "protocol"),
    Hostile("a request", b"POST / HTTP/1.1\r\nHost: x\r\n\r\n", "protocol"),
)

ODD_BUT_READABLE = (
    Hostile("999", b"HTTP/1.1 999 X\r\n" + EMPTY, "http_999"),
    Hostile("600", b"HTTP/1.1 600 X\r\n" + EMPTY, "http_600"),
    Hostile("no reason", b"HTTP/1.1 200\r\n" + EMPTY, "http_200"),
    Hostile("LF only", b"HTTP/1.1 200 OK\nContent-Length: 0\n\n", "http_200"),
    Hostile("a folded line", OK + b"X-A: a\r\n  b\r\n" + EMPTY, "http_200"),
    Hostile("0x01 in a value", OK + b"X-A: \x01\r\n" + EMPTY, "http_200"),
    Hostile("Latin-1 in a value", OK + b"X-A: \xe9\r\n" + EMPTY, "http_200"),
    Hostile("HTTP/1.0", b"HTTP/1.0 200 OK\r\n\r\nok", "http_200"),
)

ALL = (*FAULTY_HEADS, *FAULTY_BODIES, *NO_ANSWERS, *ODD_BUT_READABLE)
