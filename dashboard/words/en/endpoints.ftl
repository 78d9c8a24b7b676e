# Endpoints: how each does, its settings, its secret, test events and recoveries.

endpoints-title = Endpoints
endpoints-lead = Where your systems receive webhooks. Each event goes to every endpoint that asks for its type.
endpoints-none = No endpoint yet. Add the address at which your system takes webhooks.
endpoints-add = Add an endpoint
endpoints-most = { $count ->
    [one] You have the one endpoint that your plan allows. Remove it to add another.
   *[other] You have the { $count } endpoints that your plan allows. Remove one to add another.
  }
endpoints-url-hint = https, and reachable from the internet.
endpoints-try-it = Send a test event to it

endpoint-hour = Last hour
endpoint-day = Last 24 hours
endpoint-week = Last 7 days
endpoint-types = Events
endpoint-types-all = all
endpoint-held = Waiting
endpoint-dead = Dead letters
endpoint-no-attempts = nothing sent
endpoint-attempts = { $count ->
    [one] of one attempt
   *[other] of { $count } attempts
  }
endpoint-within = up to { $span }
endpoint-or-more = { $span } or more

endpoint-since = In your time, since
endpoint-breaker = It fails, so deliveries wait and use up no attempts. Waiting since
endpoint-asked-next = One of them asks it again in
endpoint-breaker-next = Once it answers, what waits goes out by itself. Mended already? Send a test event or retry one dead letter: that asks it at once.
endpoint-is-off = Deliveries wait while it is switched off; none is lost. After switching it on, recover what waits.

endpoint-health = How it does
endpoint-chart-title = Attempts in the last 24 hours, by hour
endpoint-chart-table = The same in numbers
endpoint-hour-of = Hour from
endpoint-succeeded = Succeeded
endpoint-failed = Failed
endpoint-latency = How long it takes to answer
endpoint-window = Time
endpoint-rate = Success
endpoint-timed-out = No answer in time
endpoint-p50 = Half of the attempts
endpoint-p95 = 95 % of the attempts
endpoint-p99 = 99 % of the attempts
endpoint-answers = Its last answers
endpoint-no-answers = Nothing was sent to it yet.
endpoint-when = When
endpoint-answer = Answer
endpoint-took = Took
endpoint-letters-link = See its dead letters

endpoint-pause = Pause
endpoint-pause-ask = Pause this endpoint? Its deliveries wait until you switch it on.
endpoint-switch-on = Switch on
done-endpoint-paused = Paused. Its deliveries wait.
done-endpoint-on = Switched on. What has waited is sent when you recover it.
done-endpoint-saved = Saved.
done-endpoint-saved-no-headers = Saved. The URL leads to another host now, so your own headers were dropped. Set them again over the API.
done-endpoint-removed = Removed.

endpoint-settings = Settings
endpoint-save = Save
endpoint-no-types = Choose one type of event at least.
endpoint-unknown-type = There is no such type of event.
endpoint-unknown-scenario = There is no such test order.
endpoint-field-url = URL
endpoint-field-description = Name
endpoint-field-event-types = Events it receives
endpoint-field-ordered = In order
endpoint-field-auto-recover = Recover by itself
endpoint-field-rate-limit = Most attempts a second
endpoint-field-in-flight-limit = Most attempts at once
endpoint-field-recovery-rate = A recovery's pace
endpoint-url-hint = https, reachable from the internet. Changing it forgets the failures of the old one.
endpoint-description-hint = What you call it here; it is not sent.
endpoint-ordered-hint = Within one order a later event waits until the earlier ones have ended. One that is refused delays the rest of its order.
endpoint-auto-recover-hint = Once it answers again, what waited or died meanwhile goes out without you.
endpoint-rate-limit-hint = Leave it empty for no limit. More deliveries wait, at no cost.
endpoint-in-flight-limit-hint = From 1 to 200. More deliveries wait, at no cost.
endpoint-recovery-rate-hint = Deliveries a second that a recovery sends again, from 1 to 100.

endpoint-secret = Signing secret
endpoint-secret-hint = With it your system checks that a webhook comes from us. It is shown once, when it is made; lost it, rotate it.
endpoint-rotate = Rotate the secret
endpoint-rotate-ask = Make a new secret? For 24 hours webhooks are signed with both, so that you can change over.
endpoint-rotate-at-once = Rotate at once
endpoint-rotate-at-once-ask = Make a new secret and end the old one now? Your system refuses webhooks until it knows the new one.
endpoint-secret-new = The endpoint is there. This is its signing secret: keep it now, it is not shown again.
endpoint-secret-rotated = The new signing secret: keep it now, it is not shown again. For 24 hours webhooks are signed with the old one too.
endpoint-secret-at-once = The new signing secret: keep it now, it is not shown again. The old one has ended.

endpoint-remove = Remove this endpoint
endpoint-remove-hint = What is on its way to it or waits for it ends and is not sent. Its dead letters stay until they expire. This cannot be undone.
endpoint-remove-for-good = Remove it for good
endpoint-remove-ask = Remove { $name } for good? What waits for it is not sent any more.

test-send = Send a test event
test-type = Type of the test event
test-send-order = Send a test order
test-scenario = What becomes of the test order
scenario-delivered = Delivered
scenario-cash-on-delivery = Cash on delivery, paid
scenario-failed-then-delivered = Failed once, then delivered
scenario-returned-to-origin = Failed twice, goes back
scenario-customer-return = Delivered, then returned
test-title = Test event: { $type }
test-on-its-way = on its way
test-next = The next attempt is in
test-attempt = Attempt { $number }
test-answer = What it answered
test-hint = This keeps itself up to date.
test-event = All of this event

recover-title = Recover
recover-lead = Send again, many at once, what waits for this endpoint or could not be delivered: the oldest first, and of each order one after the other.
recover-link = Recover what waits or failed
recover-choose = Choose what to send again
recover-states = Send again
recover-state-held = what waits
recover-state-dead-lettered = dead letters
recover-state-delivered = also what was delivered
recover-types = Of these events
recover-days = From
recover-days-all = the oldest on
recover-days-back = { $count ->
    [one] a day back
   *[other] { $count } days back
  }
recover-count = Count
recover-found = { $count ->
    [0] Nothing to send again
    [one] One delivery would be sent again
   *[other] { $count } deliveries would be sent again
  }
recover-nothing = Nothing waits and nothing failed with these choices.
recover-oldest = The oldest is of
recover-newest = The newest is of
recover-pace = Pace
recover-pace-of = { $rate } a second, so about { $span } if it answers well
recover-hint = Nothing has begun yet. It stops by itself when the endpoint fails again, and you can cancel it.
recover-start = { $count ->
    [one] Send it again
   *[other] Send { $count } again
  }

recovery-running = under way
recovery-done = done
recovery-stopped = stopped
recovery-cancelled = cancelled
recovery-running-title = Sending again
recovery-done-title = All was sent again
recovery-stopped-title = It has stopped
recovery-cancelled-title = It was cancelled
recovery-reason = It stopped because { $reason }. Put that right, then recover the rest.
recovery-asked = { $asked } of { $found } sent again
recovery-automatic = by itself
recovery-begun = Begun
recovery-of = Of
recovery-finished = Ended
recovery-cancel = Cancel
recovery-cancel-ask = Send nothing more again? What is on its way goes on.
recovery-hint = This keeps itself up to date, and goes on when you leave this page.
recovery-failed-next = See what failed again
done-recovery-cancelled = Cancelled. What was on its way goes on.
