"""Pages out of templates: Jinja2 with everything escaped, strict about what is missing.

The policy lets a page load what we serve ourselves and nothing else, and run no inline script and
no inline style: what somebody manages to put into a page stays text.
"""

from functools import cache
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dashboard.assets import address_of
from dashboard.translations import words_in

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
_TEMPLATES = Path(__file__).parent / "templates"
_HEADERS = {"content-security-policy": POLICY, "cache-control": "no-store"}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["t"] = words_in()
    environment.globals["asset"] = address_of
    return environment


def page(template: str, status: int = 200, /, **shown: Any) -> HTMLResponse:
    """A page; `template` is a file's name in `templates/`, without `.html`."""
    content = _environment().get_template(f"{template}.html").render(**shown)
    return HTMLResponse(content, status, _HEADERS)
