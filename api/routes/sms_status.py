"""`POST /v1/sms/status`: what Twilio tells of texts. Anyone may call it; the signature decides.

A genuine callback is always answered 204, whether its text is known or not: nobody learns from it
which texts there are. Source: Twilio's "Webhooks security" and "Message status callbacks".
"""

from urllib.parse import parse_qsl

from fastapi import APIRouter, HTTPException, Request, Response

from api.dependencies import Now, SmsRules, Store, TwilioCheck
from api.json_route import JsonRoute
from api.openapi import errors
from contracts.sms.rules import STATUS_PATH
from contracts.sms.statuses import is_shaped_like_a_signature, read_status
from store.sms.callbacks import apply_status

router = APIRouter(route_class=JsonRoute, tags=["texts"])

MOST_FIELDS = 100
_FORGED = "the signature is not Twilio's: see that DOORSTEP_PUBLIC_URL is the address Twilio calls"
_TEXT = {"type": "string"}
_SIGNATURE = {**_TEXT, "examples": ["MDEyMzQ1Njc4OWFiY2RlZjAxMjM="]}
_FORM = {
    "parameters": [
        {
            "name": "claim",
            "in": "query",
            "required": False,
            "description": "the id of the SMS, as we gave it to Twilio",
            "schema": {**_TEXT, "examples": ["sms_06fmk5r9d3k7n1v5x8z2b6c0q"]},
        },
        {"name": "X-Twilio-Signature", "in": "header", "required": True, "schema": _SIGNATURE},
    ],
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "description": "What Twilio sends, of which we read these.",
                    "properties": {"MessageSid": _TEXT, "MessageStatus": _TEXT, "ErrorCode": _TEXT},
                },
                "example": {"MessageSid": "SM0123456789abcdef", "MessageStatus": "delivered"},
            }
        },
    },
}


@router.post(
    STATUS_PATH,
    status_code=204,
    summary="Take a status callback of Twilio",
    openapi_extra=_FORM,
    responses={403: errors.answer(403), 503: errors.answer(503)},
)
async def take_text_status(
    request: Request, now: Now, database: Store, rules: SmsRules, is_genuine: TwilioCheck
) -> Response:
    """Called by Twilio: form-encoded, and signed over the public URL and every field.

    Anyone may call it; 403 without a genuine signature, 413 for more than a few KiB. A genuine one
    is answered 204, whether the text is known or not. Fields that we do not know are signed, too,
    and left alone.
    """
    signature = request.headers.get("x-twilio-signature", "")
    if is_genuine is None or not is_shaped_like_a_signature(signature):
        raise HTTPException(403, _FORGED)  # before anything of the body is read
    fields = _fields_of(await request.body())
    genuine = fields is not None and is_genuine(
        _public_url(request, rules.public_url),
        fields,
        signature,
        request.headers.get("x-twilio-webhooks-signature-settings"),
    )
    if fields is None or not genuine:
        raise HTTPException(403, _FORGED)
    status = read_status(request.query_params.get("claim"), dict(fields))
    if status is not None:
        await database.write(apply_status, status, now)
    return Response(status_code=204)


def _fields_of(body: bytes) -> list[tuple[str, str]] | None:
    """What the form has; None for more fields than Twilio has ever sent, several times over: the
    check of the signature sorts them all, and anybody may ask for it."""
    raw = body.decode("utf-8", "replace")
    try:
        return parse_qsl(raw, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return None


def _public_url(request: Request, base: str | None) -> str:
    """The URL as Twilio called it: proxies may have changed host and scheme on the way."""
    query = request.scope["query_string"].decode("ascii", "replace")
    return f"{base or ''}{STATUS_PATH}{'?' if query else ''}{query}"
