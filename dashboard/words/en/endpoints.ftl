# Endpoints: health, attempts, settings, secret, test events and missed events that are resent.

endpoints-title = Endpoints
endpoints-lead = Where your systems receive webhooks. Each event goes to every endpoint that is subscribed to its type.
endpoints-none = No endpoint yet
endpoints-none-hint = Add the URL at which your system receives webhooks.
endpoints-add = Add endpoint
endpoints-most = { $count ->
    [one] You have the one endpoint that your plan allows. Remove it to add another.
   *[other] You have the { $count } endpoints that your plan allows. Remove one to add another.
  }
endpoints-url-hint = https, and reachable from the internet.
endpoints-try-it = Verify it with a test event

webhooks-off-title = Webhooks are off for this shop
webhooks-off-text = No endpoint receives anything: new events are not sent to endpoints, now or later. Switch webhooks on to send events from then on.
webhooks-off-ask-owner = No endpoint receives anything: new events are not sent to endpoints, now or later. An owner can switch webhooks on.

endpoint-tab-health = Health
endpoint-tab-attempts = Attempts
endpoint-tab-settings = Settings
endpoint-tab-secret = Secret

endpoint-hour = Success, last hour
endpoint-day = Success, last 24 hours
endpoint-week = Success, last 7 days
endpoint-types = Events
endpoint-types-all = all
endpoint-held = On hold
endpoint-dead = Failed updates
endpoint-no-attempts = No data yet
endpoint-attempts = { $count ->
    [one] of one attempt
   *[other] of { $count } attempts
  }
endpoint-within = up to { $span }
endpoint-or-more = { $span } or more

endpoint-webhooks-off = Webhooks off
endpoint-says-webhooks-off = Webhooks are off for this shop, so nothing is sent to it.
endpoint-says-untried = Nothing has been sent to it yet. Send a test event to see what it answers.
endpoint-says-afresh = Nothing has been sent to it since { $time }, when it was changed, resumed or mended. What it did before does not count any more.
endpoint-says-healthy = { $total ->
    [one] The last attempt succeeded.
   *[other] All of the last { $total } attempts succeeded.
  }
endpoint-says-some-failed = { $failed } of the last { $total } attempts failed, most recently: { $answer }.
endpoint-says-failing = { $count ->
    [one] The attempt at { $time } failed: { $answer }.
   *[other] Every attempt since { $time } failed, { $count } in a row, most recently: { $answer }.
  }
endpoint-says-paused = Nothing is sent to it until it is resumed. New events are put on hold; none is lost.
endpoint-says-gone = It answered 410 Gone, so it was switched off. Enter the right URL, or switch it on if that was a mistake. New events are put on hold.
endpoint-says-given-up = It has not answered once in five days, so it was switched off. Fix it, then switch it on. New events are put on hold.
endpoint-says-disabled = It was switched off by hand. New events are put on hold; none is lost.
endpoint-brief-healthy = Its last attempts succeeded.
endpoint-brief-degraded = Some of its last attempts failed, since { $time }.
endpoint-brief-failing = Every attempt since { $time } failed. We keep checking whether it answers again.

on-hold-title = { $count } on hold, none lost
on-hold-reason = { $count } because { $why }.
on-hold-partner-paused = deliveries are paused for this shop
on-hold-endpoint-off = the endpoint was paused or off when they came
on-hold-endpoint-failing = the endpoint did not answer
on-hold-endpoint-busy = the endpoint is at its limit or asked us to wait: these go out by themselves
on-hold-earlier-event = an earlier event of the same order goes first: these go out by themselves
on-hold-resume-shop = Resume deliveries in Settings
on-hold-next-check = We check again in
on-hold-check-now = Check now with a test event

endpoint-health = Health
endpoint-past = Success and response time
endpoint-range-24h = 24 hours
endpoint-range-7d = 7 days
endpoint-success-chart = Success, in percent of the attempts
endpoint-latency-chart = Response time, p95
endpoint-chart-table = The same in numbers
endpoint-begins = From
endpoint-attempts-made = Attempts
endpoint-success = Success
endpoint-succeeded = Succeeded
endpoint-failed = Failed
endpoint-latency = Response time
endpoint-window = Time
endpoint-timed-out = Timed out
endpoint-p50 = p50
endpoint-p95 = p95
endpoint-p99 = p99
endpoint-by-type = The last 500 attempts by event type
endpoint-type = Event type
endpoint-when = When

attempts-answer = Response
attempts-any = All
attempts-2xx = 2xx: success
attempts-3xx = 3xx: redirect, not followed
attempts-4xx = 4xx: refused
attempts-5xx = 5xx: server error
attempts-response-none = No response
attempts-from = From
attempts-to = To
attempts-filter = Filter
attempts-of = Event and order
attempts-times = × { $count }
attempts-each = Show each of the { $count }
attempts-test = Test
attempts-began = Began ({ $zone })
attempts-response = Response
attempts-status = HTTP status
attempts-duration = Response time (ms)
attempts-number = Attempt
attempts-order = Order
attempts-event = Event id
attempts-none = No attempts yet
attempts-none-wanted = No attempt with these filters here
attempts-newest = Newest
attempts-older = Older
attempts-reversed = “From” is later than “To”. Swap the two days.
attempts-no-day = This is no day. Write it as year-month-day.

endpoint-switch = Receiving webhooks
endpoint-switch-on = Switch on
endpoint-sending = Receive webhooks
endpoint-sending-means = While this is off, new events are put on hold and nothing is lost. Once it is on again, resend what is on hold.
done-endpoint-paused = Paused. New events are put on hold.
done-endpoint-on = Switched on. Resend what is on hold when you are ready.
done-endpoint-saved = Saved.
done-endpoint-moved = Saved. The new URL starts afresh: send a test event to see what it answers.
done-endpoint-moved-no-headers = Saved. The new URL starts afresh. It leads to another host, so your custom headers were dropped: set them again.
done-endpoint-headers-saved = Custom headers saved.
done-endpoint-removed = Removed.

endpoint-settings = Settings
endpoint-delivery = Order, speed and resending
endpoint-save = Save
endpoint-no-types = Choose at least one event type.
endpoint-unknown-type = There is no such event type.
endpoint-unknown-scenario = There is no such test order.
endpoint-field-url = URL
endpoint-field-description = Name
endpoint-field-event-types = Event types
endpoint-field-ordered = Keep order
endpoint-field-auto-recover = Auto-resend after an outage
endpoint-field-rate-limit = Rate limit (per second)
endpoint-field-in-flight-limit = Max. concurrent requests
endpoint-field-recovery-rate = Resend speed
endpoint-field-custom-headers = Custom headers
endpoint-url-hint = https, reachable from the internet. A new URL starts afresh: the failures of the old one do not count.
endpoint-description-hint = What you call it here. It is not sent.
endpoint-ordered-hint = Within one order, a later event waits until the earlier ones have ended. One that is refused delays the rest of its order.
endpoint-auto-recover-hint = Once it answers again, what was on hold or failed meanwhile is sent by itself.
endpoint-rate-limit-hint = Empty: no limit. What is above it waits its turn.
endpoint-in-flight-limit-hint = From 1 to 200. What is above it waits its turn.
endpoint-recovery-rate-hint = How many missed events are resent per second, from 1 to 100.
endpoint-payloads = Preview the payloads
endpoint-headers-hint = { $most ->
    [one] Sent with every request, such as an authorization of your own. Your plan allows one. Values are encrypted and not shown again.
   *[other] Sent with every request, such as an authorization of your own. Your plan allows { $most }. Values are encrypted and not shown again.
  }
endpoint-headers-kept = Leave a value empty to keep it.
endpoint-headers-none = Your plan has no custom headers.
endpoint-header-add = Add a header
endpoint-header-name = Header
endpoint-header-value = Value
endpoint-header-drop = Remove
endpoint-headers-save = Save headers

endpoint-secret = Signing secret
endpoint-secret-hint = Your system uses it to check that a webhook comes from us. It is shown once, when it is created. If you lost it, rotate it.
endpoint-secret-newest = Current secret
endpoint-secret-since = signs since
endpoint-secret-older = Old secret
endpoint-secret-until = signs as well, until
endpoint-secret-two = The old secret of the last rotation still signs. Wait until it ends, or rotate at once, which ends both.
endpoint-rotate = Rotate secret
endpoint-rotate-at-once = Rotate at once
endpoint-rotate-at-once-ask = Create a new secret and end the old one now? Your system refuses webhooks until it knows the new one.
endpoint-secret-new = The endpoint is added. This is its signing secret: copy it now, it is not shown again.
endpoint-secret-rotated = The new signing secret: copy it now, it is not shown again. For 24 hours webhooks are signed with the old one as well.
endpoint-secret-at-once = The new signing secret: copy it now, it is not shown again. The old one has ended.

verify-title = Verify
verify-means = Put the current secret into your system, then send a test event. Test events are signed with the current secret alone, so a 2xx response shows that your system accepts it.
verify-send = Send test event
verify-done = Verified: your system accepted a webhook that was signed with the current secret alone.
verify-failed = Not verified: your system did not accept the test event. The old secret goes on signing real events until it ends.

receivers-title = Verify the signature in your code
receivers-hint = Whole programs: set WEBHOOK_SECRET and PORT, and run one.

endpoint-remove = Remove
endpoint-remove-more = Remove this endpoint
endpoint-remove-hint = What is on its way to it or on hold ends and is not sent. Its failed updates stay until they expire. This cannot be undone.
endpoint-remove-for-good = Remove endpoint
endpoint-remove-ask = Remove { $name }? What is on hold for it is not sent any more.

endpoint-test = Test it
endpoint-test-hint = Test events go to this endpoint alone, and count in none of its figures.
test-send = Send test event
test-type = Type of the test event
test-send-order = Send test order
test-scenario = What becomes of the test order
test-refused = Nothing can be tested while the endpoint or the shop's deliveries are paused. Resume them first.
scenario-delivered = Delivered
scenario-cash-on-delivery = Cash on delivery, paid
scenario-failed-then-delivered = Failed once, then delivered
scenario-returned-to-origin = Failed twice, goes back
scenario-customer-return = Delivered, then returned
test-title = Test event: { $type }
test-on-its-way = sending
test-next = Next attempt in
test-attempt = Attempt { $number }
test-answer = Response body
test-hint = Updating live.
test-apart = This test counts in no figures.
test-gone = It answered 410 Gone. A real event with this answer would switch the endpoint off; a test event does not.
test-event = See the whole event

recover-title = Resend missed events
recover-lead = Sends what is on hold or failed for this endpoint again: the oldest first, and within an order one after the other.
recover-link = Resend missed events
recover-choose = Choose what to resend
recover-states = Resend
recover-state-held = on hold
recover-state-dead-lettered = failed
recover-state-delivered = also what was sent
recover-types = Event types
recover-days = From
recover-days-all = the oldest on
recover-days-back = { $count ->
    [one] one day ago
   *[other] { $count } days ago
  }
recover-count = Count
recover-found = { $count ->
    [0] Nothing to resend
    [one] One event to resend
   *[other] { $count } events to resend
  }
recover-nothing = Nothing is on hold and nothing failed with these choices.
recover-oldest = Oldest
recover-newest = Newest
recover-pace = Resend speed
recover-pace-of = { $rate } per second: about { $span } if it answers well
recover-hint = Nothing has been sent yet. It stops by itself if the endpoint fails again, and you can cancel it.
recover-start = { $count ->
    [one] Resend it
   *[other] Resend { $count }
  }
recover-not-paused = Deliveries are paused for this shop. Resume them in Settings first.
recover-not-off = This endpoint is paused or off. Switch it on first.
recover-not-failing = This endpoint does not answer. Send a test event first: once it is accepted, resending can begin.
recover-to-settings = Settings
recover-to-endpoint = Back to the endpoint

recovery-running = in progress
recovery-done = done
recovery-stopped = stopped
recovery-cancelled = cancelled
recovery-running-title = Resending missed events
recovery-done-title = Everything was resent
recovery-stopped-title = Resending has stopped
recovery-cancelled-title = Resending was cancelled
recovery-see = See the progress
recovery-reason = It stopped because { $reason }. Fix that, then resend the rest.
recovery-stops-removed = the endpoint was removed
recovery-stops-paused = sending is paused for this shop
recovery-stops-fails = the endpoint fails again
recovery-stops-off = the endpoint is paused or switched off
recovery-asked = { $asked } of { $found } resent
recovery-automatic = by itself
recovery-begun = Started
recovery-of = Of
recovery-finished = Ended
recovery-cancel = Cancel
recovery-cancel-ask = Stop resending? What is on its way goes on.
recovery-hint = Updating live. It goes on when you leave this page.
recovery-failed-next = See what failed again
done-recovery-cancelled = Cancelled. What was on its way goes on.
done-recovery-runs = Missed events are being resent already.
