# The states of the design, and why something is in one, for somebody who runs a shop. A message is
# sent, failed, queued, on hold or skipped; only a parcel is delivered.

type-order-confirmed = Order confirmed
type-out-for-delivery = Out for delivery
type-delivered = Delivered
type-delivery-failed = Delivery failed
type-return-initiated = Return initiated

channel-webhook = Webhook
channel-sms = SMS

event-accepted = queued
event-planned = received
event-failed = could not be processed

state-pending = queued
state-held = on hold
state-delivering = sending
state-delivered = sent
state-dead-lettered = failed
state-skipped = skipped
state-skipped-for = skipped: { $why }
state-discarded = dismissed
state-expired = expired
state-retrying = retrying

skipped-no-channel = no endpoint, no SMS
skipped-type-not-subscribed = not subscribed
skipped-endpoint-removed = endpoint removed
skipped-sms-off-for-type = SMS off
skipped-sms-awaits-owner = SMS not turned on
skipped-opted-out = opted out
skipped-invalid-phone = no mobile number
skipped-stale = overtaken
skipped-duplicate = already said
skipped-recorded-only = recorded only
skipped-erased = data erased

why-held-partner-paused = Sending is paused for this shop. Resume it, then send again what is on hold.
why-held-endpoint-off = The endpoint is switched off. Switch it on, then send again what is on hold.
why-held-endpoint-failing = The endpoint does not answer. We keep checking and send this as soon as it answers; no attempt is used up.
why-held-endpoint-busy = The endpoint is at its limit, or asked us to wait. This goes out by itself.
why-held-earlier-event = An earlier update of the same order has not been sent yet, and this endpoint gets them in order.
why-held-sms-suspended = SMS are stopped at the moment. It goes out when they start again, if it is still of use to the customer.
why-held-daily-cap = Today's limit of SMS is reached. It goes out tomorrow, if it is still of use to the customer.
why-held-not-reached = The phone could not be reached. We try again in a while.
why-held-redirected = The phone number was corrected. The SMS goes out in a moment.

why-skipped-no-channel = There is neither an endpoint nor SMS for this kind of update.
why-skipped-type-not-subscribed = No endpoint is subscribed to this kind of update.
why-skipped-endpoint-removed = The endpoint was removed.
why-skipped-sms-off-for-type = SMS are switched off for this kind of update.
why-skipped-sms-awaits-owner = SMS updates have not been turned on yet. The owner turns them on under Customer SMS.
why-skipped-opted-out = The customer has opted out of SMS from this shop.
why-skipped-invalid-phone = This phone number cannot receive SMS. Correct it to send the SMS.
why-skipped-stale = A later update of the order had overtaken it, or it came too late to be of use to the customer.
why-skipped-duplicate = Another update of this order said the same, and the customer has that SMS or may have it.
why-skipped-recorded-only = It was recorded only, not sent.
why-skipped-erased = The customer's data was erased.

why-dead-exhausted = Every attempt failed. Fix the cause, then retry.
why-dead-gone = The endpoint answered 410 Gone, which switches it off. Switch it on, then retry.
why-dead-rejected = The SMS was refused, and trying the same again would not help.
why-dead-unknown = The SMS may or may not have been sent. Resend it only if the customer has not got it.
why-dead-cancelled-by-ops = Our support team stopped it.
why-dead-our-fault = A fault on our side stopped it; your endpoint has no part in it. Retry it; we know of it, too.

why-discarded = Somebody dismissed it. It will not be sent.
why-expired = Nobody retried it within 14 days. It will not be sent any more.

# What to do about a failed message: one cause, one thing that helps.
advice-not-allowed = Your system does not let us in. Have your developer accept our requests, then retry.
advice-not-found = There is nothing at this address. Correct the endpoint's URL, then retry.
advice-gone = Your system says that this address is gone for good (410). Enter the new address and switch the endpoint on, then retry. A test event that is answered so leaves the endpoint on.
advice-moved = The address has moved, and redirects are not followed. Enter the new address in the endpoint's settings, then retry.
advice-too-many = Your system wants fewer requests at a time. Lower the endpoint's rate limit, then retry.
advice-not-accepted = Your system does not accept what we send. Your developer finds why in its log; retry after the fix.
advice-down = Your system was down or overloaded. Retry once it is up again.
advice-server-error = Your system had an error of its own. Have your developer fix it, then retry.
advice-timeout = Your system took too long to answer. Have it answer at once and do the work afterwards, then retry.
advice-tls = No secure connection could be made. Renew or repair the certificate of your website, then retry.
advice-dns = The host name in the endpoint's URL cannot be found. Check the URL and your domain's DNS, then retry.
advice-connection = Your system could not be reached, or cut the connection. Check that it runs and that its firewall lets us in, then retry.
advice-protocol = What answered is no web server. Check the URL and its port, then retry.
advice-forbidden-address = The URL leads into a private network, where we do not send. Enter a public address, then retry.
advice-invalid-url = The endpoint's URL cannot be used. Correct it, then retry.
advice-exhausted = Every attempt failed. Fix the cause, then retry.
advice-no-number = This is no phone number. Correct the number to send the SMS.
advice-not-a-mobile = This is a landline or no mobile number, so it cannot receive SMS. Correct the number to send the SMS.
advice-nobody-has-it = Nobody has this number. Ask the customer for theirs and correct it; a retry would fail again.
advice-blocked = This phone or its network does not accept such SMS. Use another number of the customer, or call them.
advice-unreachable = The phone was switched off or out of reach. Retry later, or use another number of the customer.
advice-network = The phone's network did not deliver it and does not say why. Retry once; if it fails again, use another number of the customer.
advice-opted-out = The customer has opted out of SMS. Reach them another way; nothing can be sent.
advice-spam = The phone's network took the SMS for spam. Change the template's wording (fewer links and capitals), then retry.
advice-too-late = The phone could not be reached while the SMS was of use to the customer. There is nothing to send any more.
advice-too-long = The SMS is too long. Shorten the template, then retry.
advice-dlt-differs = The template differs from the one that is registered for India (DLT). Go back to the registered wording, or have the new one registered, then retry.
advice-dlt-missing = No template is registered for this SMS in India (DLT). Ask our support team to register it, then retry.
advice-sms-set-up = SMS are not set up completely. Our support team has to fix it; retry after that.
advice-sms-refused = The SMS service refused it and gives no usable reason. Ask our support team before you retry.
advice-may-have-arrived = The SMS may or may not have arrived. Ask the customer; resend it only if they have not got it.
advice-stopped = Our support team stopped it. Ask them before you retry.
advice-our-fault = A fault on our side stopped it; your system has no part in it. Retry it; we know of it, too.

resolved-retried = sent again
resolved-delivered = sent after all
resolved-discarded = dismissed
resolved-expired = expired: not retried in time

answer-none = no answer
answer-http = answered { $status }
answer-http-phrase = answered { $status } ({ $phrase })
answer-timeout = no answer in time
answer-tls = no secure connection (TLS) could be made
answer-connection = no connection could be made, or it was cut
answer-dns = the host name could not be found
answer-resolver = our own name server did not answer; it does not count
answer-protocol = the answer was no valid HTTP
answer-forbidden-address = the host leads to an address that is not allowed
answer-invalid-url = the URL cannot be used
answer-our-fault = stopped by a fault on our side
answer-internal-error = stopped by a fault on our side
answer-interrupted = interrupted on our side; it does not count
answer-in-flight = sending
answer-other = failed ({ $code })
answer-sms-other = the SMS service could not send it (code { $code })

answer-twilio-21211 = this is no phone number
answer-twilio-21610 = the customer has opted out
answer-twilio-21614 = this is no mobile number
answer-twilio-21635 = this is a landline
answer-twilio-30003 = the phone is switched off or out of reach
answer-twilio-30004 = the phone or its network blocks this SMS
answer-twilio-30005 = nobody has this number
answer-twilio-30006 = this is a landline, or its network cannot be reached
answer-twilio-30007 = the network took the SMS for spam
answer-twilio-30008 = the network did not deliver it and does not say why
answer-twilio-30036 = the phone could not be reached while the SMS was of use
answer-twilio-unreadable = the answer about the SMS could not be understood
answer-restored = it may have gone out before the database was restored; nobody can tell
answer-no-news = nobody has said whether it arrived
answer-sms-not-configured = SMS are not set up yet; our support team has to do it
answer-sms-too-long = the SMS is too long
answer-dlt-not-registered = no registered template (DLT) fits this SMS
answer-dlt-text-differs = the SMS differs from the registered template (DLT)

sms-claimed = sending
sms-accepted = sent, no news yet
sms-sent = with the phone's network
sms-delivered = on the phone
sms-undelivered = did not arrive
sms-refused = not sent yet, will be retried
sms-rejected = refused
sms-unknown = may have been sent

trigger-scheduled = automatically
trigger-manual = by a person

health-untried = No data yet
health-healthy = healthy
health-degraded = some attempts fail
health-failing = failing
health-paused = paused
health-disabled = switched off
