# Updates that failed: the list, retries of many, and dismissing.

letters-title = Failed updates
letters-lead = What could not be sent is kept here for 14 days. Fix the cause, then retry: nothing is lost until you dismiss it.
letters-shown = Show
letters-shown-open = Failed
letters-shown-closed = Retried and dismissed
letters-shown-tests = Failed tests
letters-endpoint = Endpoint
letters-channel = Channel
letters-type = Update
letters-reason = Reason
letters-any = Any
letters-since = From
letters-until = To
letters-filter = Filter
letters-filters = Filters
letters-filters-more = More filters
letters-when = When
letters-when-any = Any time
letters-when-night = Last night
letters-when-today = Today
letters-when-yesterday = Yesterday
letters-when-week = Last 7 days
retries-look-again = Look again


letters-reason-exhausted = Every attempt failed
letters-reason-gone = The endpoint is gone
letters-reason-rejected = The SMS was refused
letters-reason-unknown = The SMS may have been sent
letters-reason-cancelled-by-ops = Stopped by our support team
letters-reason-our-fault = Stopped by a fault on our side

letters-on-hold = { $count ->
    [one] One update is on hold
   *[other] { $count } updates are on hold
  }
letters-on-hold-one = { $count }: { $why }
letters-on-hold-see = See which

letters-order = Order and update
letters-closed = Closed
letters-why = Why, and what to do
letters-since-when = Since
letters-age = { $span } ago
letters-endpoint-removed = An endpoint that was removed
letters-tick = Select order { $order }
letters-tick-all = Select all on this page
letters-retry = Retry
letters-send-once-more = Resend
letters-correct = Correct the number
letters-retry-order = Retry order { $order }
letters-correct-order = Correct the number of order { $order }
letters-retry-ticked = Retry selected
letters-retry-all = { $count ->
    [1000] Retry all (more than 999)
   *[other] Retry all ({ $count })
  }
letters-left-out = { $count ->
    [one] One of them is not retried with the others: it may have been sent, or would fail again. See below what helps.
   *[other] { $count } of them are not retried with the others: they may have been sent, or would fail again. See below what helps.
  }
letters-none = Nothing has failed: every update that was due has been sent.
letters-none-failed = Nothing has failed.
letters-none-tests = No test has failed.
letters-all-on-their-way = All that was here has been sent again.
letters-none-match = Nothing matches these filters.
letters-none-ticked = Select one or more first.
letters-nothing-matches = Nothing matches any more: somebody may have retried it already.
letters-refused = { $count ->
    [one] One could not be sent again.
   *[other] { $count } could not be sent again.
  }
letters-refused-why = { $count ->
    [one] { $why }
   *[other] { $count } of them: { $why }
  }

refused-erased = The customer's data was erased; nothing can be sent any more.
refused-too-late = The SMS would come too late, or the order has moved on.
refused-paused = Sending is paused. Resume it in the settings first.
refused-already-sent = It has been sent already.
refused-ended = It was dismissed or has expired, and cannot be sent any more.
refused-closed = It has been retried or dismissed already.
refused-endpoint-removed = Its endpoint was removed; nothing can be sent there any more.
refused-endpoint-off = Its endpoint is switched off. Switch it on first.
refused-may-have-arrived = The SMS may have been sent. Ask the customer; then use Resend in its row.
refused-sent-too-often = This SMS was sent as often as is allowed.
refused-no-use = The same again would fail again. Its row says what helps.
refused-not-taken = It could not be passed on just now. Nothing is lost: retry it in a moment.

letters-discard-title = Dismiss selected
letters-discard-hint = They will not be sent any more, and that cannot be undone. The reason is kept in the activity log; write nothing about a customer.
letters-discard-reason = Reason
letters-discard = Dismiss selected
letters-reason-missing = Say why they are dismissed, in a few words.
done-letters-discarded = Dismissed.

retries-under-way = { $count ->
    [one] Sending one again
   *[other] Sending { $count } again
  }
retries-over = { $count ->
    [one] The retry has ended
   *[other] All { $count } retries have ended
  }
retries-ended = { $ended } of { $count } ended
retries-delivered = { $count } sent
retries-on-their-way = { $count } on the way
retries-waiting = { $count ->
    [one] one is on hold for its endpoint
   *[other] { $count } are on hold for their endpoint
  }
retries-waiting-why = We keep checking an endpoint that fails. What is on hold goes out once it answers.
retries-failed = { $count } failed again
retries-failed-next = What failed again is in the list below with its new answer. Fix that before the next retry.
retries-closed = { $count } closed meanwhile
retries-hint = This keeps itself up to date. Failed attempts are repeated after 30 seconds, 2 minutes and 8 minutes, so it may take a while; you can leave this page.
retries-left = { $count ->
    [one] One more matches. Press "Retry all" again for it.
   *[other] { $count } more match. Press "Retry all" again for the next ones.
  }
retries-close = Close this and show the list
