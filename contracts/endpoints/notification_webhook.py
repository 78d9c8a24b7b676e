"""Where a partner's own programs are told of notifications, as the API takes and shows it."""

from pydantic import Field

from contracts.body import Body, shown_as
from contracts.endpoints.endpoints import EndpointUrl
from contracts.ids import PartnerRef
from contracts.payload.fields import UtcDatetime


class NotificationWebhookPut(Body):
    """Where to post to."""

    model_config = shown_as(url="https://alerts.chaipoint.example/doorstep")

    url: EndpointUrl


class NotificationWebhookPublic(Body):
    """A partner's receiver of notifications, without its secret."""

    partner_id: PartnerRef
    url: str = Field(examples=["https://alerts.chaipoint.example/doorstep"])
    created_at: UtcDatetime = Field(description="since when this URL and its secret are in force")


class NotificationWebhookCreated(NotificationWebhookPublic):
    """A receiver with its new secret, which is shown here and nowhere else."""

    secret: str = Field(description="signs what is posted", examples=["whsec_…"])
