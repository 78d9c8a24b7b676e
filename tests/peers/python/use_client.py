"""What a developer writes with the client that openapi-python-client made.

Given the API's address, a key, an event and a webhook's body, both as JSON: posts the event, reads
the body, and prints what came of it.
"""

import json
import sys

from doorstep_client import AuthenticatedClient
from doorstep_client.api.events import post_event
from doorstep_client.models import AcceptedView, TrackingEvent, WebhookPayload

address, key, event, body = sys.argv[1:]
client = AuthenticatedClient(base_url=address, token=key)
accepted = post_event.sync(client=client, body=TrackingEvent.from_dict(json.loads(event)))
assert isinstance(accepted, AcceptedView), accepted
payload = WebhookPayload.from_dict(json.loads(body))
assert WebhookPayload.from_dict(payload.to_dict()) == payload
sys.stdout.write(json.dumps([accepted.event_id, payload.type_.value, payload.data.order.order_id]))
