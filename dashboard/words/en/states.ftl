# The states of the design, and why something is in one, for somebody who runs a shop.

type-order-confirmed = Order confirmed
type-out-for-delivery = Out for delivery
type-delivered = Delivered
type-delivery-failed = Delivery failed
type-return-initiated = Return initiated

channel-webhook = Webhook
channel-sms = Text (SMS)

event-accepted = taken, about to be sent
event-planned = sent on its way
event-failed = could not be started

state-pending = about to be sent
state-held = waiting
state-delivering = being delivered
state-delivered = delivered
state-dead-lettered = not delivered
state-skipped = not sent
state-discarded = given up
state-expired = expired
state-retrying = trying again

why-held-partner-paused = Deliveries are paused for this partner. It goes out once they are resumed and it is sent again.
why-held-endpoint-off = Its endpoint is switched off. Switch it on, then recover what waits.
why-held-endpoint-failing = Its endpoint does not answer. We ask again by ourselves and send this once it does; no attempt is used up.
why-held-endpoint-busy = Its endpoint gets as many at once as it may, or asked us to wait. This one's turn comes by itself.
why-held-earlier-event = An earlier event of the same order has not ended, and this endpoint gets them in order.
why-held-sms-suspended = Texts are stopped at the moment. It is sent when they start again, if it is still of use.
why-held-daily-cap = The texts of today are used up. It is sent tomorrow, if it is still of use.
why-held-not-reached = The phone could not be reached. We try once more in a while.
why-held-redirected = The phone number was corrected. The text goes out in a moment.

why-skipped-no-channel = This partner has no endpoint and no texts for it.
why-skipped-type-not-subscribed = No endpoint asks for this type of event.
why-skipped-endpoint-removed = Its endpoint was removed.
why-skipped-sms-off-for-type = Texts are switched off for this type of event.
why-skipped-opted-out = The customer wants no texts from this shop.
why-skipped-invalid-phone = The phone number cannot get texts. Correct it, and send the text again.
why-skipped-stale = It came too late to be of use to the customer.
why-skipped-duplicate = Another event of this order said the same, and the customer has that text or may have it.
why-skipped-recorded-only = It was recorded only, not sent.
why-skipped-erased = The customer's data was erased.

why-dead-exhausted = Every attempt failed. Fix the endpoint, then send it again.
why-dead-gone = The endpoint answered 410 Gone. Unless this was a test event, that has switched it off: switch it on, then send it again.
why-dead-rejected = The text was refused for good. See why below; correcting the phone number may help.
why-dead-unknown = The text may or may not have been sent. Send it again only if the customer has not got it.
why-dead-cancelled-by-ops = Operations stopped it.
why-dead-our-fault = A mistake on our side stopped it; your endpoint has no part in it. Send it again; we are told of it, too.

why-discarded = Somebody gave it up. It is not sent any more.
why-expired = Nobody sent it again within 14 days, so it is too old. It is not sent any more.

resolved-retried = sent again
resolved-delivered = delivered after all
resolved-discarded = given up by a person
resolved-expired = expired: too old to be sent again

answer-none = no answer
answer-http = answered { $status }
answer-http-phrase = answered { $status } ({ $phrase })
answer-timeout = no answer in time
answer-tls = no secure connection (TLS) could be made
answer-connection = no connection could be made, or it was cut
answer-dns = the name of the host could not be looked up
answer-resolver = our own name server did not answer; it does not count
answer-protocol = the answer was no valid HTTP
answer-forbidden-address = the host leads to an address that is not allowed
answer-invalid-url = the URL cannot be used
answer-our-fault = stopped by a mistake on our side
answer-interrupted = interrupted on our side; it does not count
answer-in-flight = on the wire now
answer-other = failed ({ $code })

answer-twilio-21211 = this is no phone number
answer-twilio-21610 = the customer has asked for no more texts
answer-twilio-21614 = this is no mobile number
answer-twilio-21635 = this is a landline
answer-twilio-30003 = the phone is switched off or out of reach
answer-twilio-30004 = the phone or its network does not take this text
answer-twilio-30005 = nobody has this number
answer-twilio-30006 = this is a landline, or its network cannot be reached
answer-twilio-30007 = the network took the text for spam
answer-twilio-30008 = the network did not deliver it and does not say why
answer-twilio-30036 = the phone could not be reached while the text was of use
answer-twilio-unreadable = the answer about the text could not be understood
answer-restored = it may have gone out before the database was restored; nobody can tell
answer-no-news = nobody has said whether it arrived
answer-sms-not-configured = texts are not set up yet; operations has to do it
answer-sms-too-long = the text is too long
answer-dlt-not-registered = no registered text (DLT) fits this one
answer-dlt-text-differs = the text differs from the registered one (DLT)

sms-claimed = being sent
sms-accepted = sent on its way
sms-sent = with the phone's network
sms-delivered = on the phone
sms-undelivered = did not arrive
sms-refused = not sent yet, is tried again
sms-rejected = not sent
sms-unknown = may have been sent

trigger-scheduled = by the schedule
trigger-manual = by a person

health-healthy = healthy
health-degraded = some attempts fail
health-failing = failing
health-paused = paused
health-disabled = switched off
