"""A page of what the sandbox's mail server has taken, as a mail program shows it."""

import html
from collections.abc import Sequence

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from sandbox.received_mail import ReceivedMail

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{title}</title><style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 48rem }}
li {{ margin: 0.5rem 0 }} iframe {{ width: 100%; height: 32rem; border: 1px solid #888 }}
pre {{ white-space: pre-wrap }} small {{ color: #666 }}
</style></head><body><h1>{title}</h1>{body}</body></html>"""
_APART = "<base target='_blank'>"
"""Links of an e-mail open beside it: in its frame nothing but itself is shown."""
_NOWHERE = "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; frame-src 'self'"


def mail_page(received: Sequence[ReceivedMail]) -> FastAPI:
    """The application: a list, the newest first, and each e-mail in HTML and in plain text."""
    app = FastAPI(openapi_url=None)

    @app.get("/")
    def listed() -> HTMLResponse:
        lines = [_line(number, received[number]) for number in reversed(range(len(received)))]
        return _answer("E-mail", f"<ul>{''.join(lines)}</ul>" if lines else "<p>None yet.</p>")

    @app.get("/{number}")
    def one(number: int) -> HTMLResponse:
        if not 0 <= number < len(received):
            return HTMLResponse("no such e-mail", 404)
        mail = received[number]
        to = html.escape(", ".join(mail.recipients))
        return _answer(
            html.escape(mail.subject),
            f"<p>to {to}</p><iframe sandbox='allow-popups allow-popups-to-escape-sandbox' "
            f"src='/{number}/html' title='HTML'></iframe><h2>Plain text</h2>"
            f"<pre>{html.escape(mail.text)}</pre>",
        )

    @app.get("/{number}/html")
    def body(number: int) -> HTMLResponse:
        if not 0 <= number < len(received):
            return HTMLResponse("no such e-mail", 404)
        opened_apart = received[number].html.replace("<head>", f"<head>{_APART}", 1)
        return HTMLResponse(opened_apart, headers={"content-security-policy": _NOWHERE})

    return app


def _line(number: int, mail: ReceivedMail) -> str:
    to, subject = html.escape(", ".join(mail.recipients)), html.escape(mail.subject)
    return f"<li><a href='/{number}'>{subject}</a><br><small>to {to}</small></li>"


def _answer(title: str, body: str) -> HTMLResponse:
    page = _PAGE.format(title=title, body=body)
    return HTMLResponse(page, headers={"content-security-policy": _NOWHERE})
