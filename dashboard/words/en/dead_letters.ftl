# What could not be delivered: the list, retries of many, and giving up.

letters-title = Dead letters
letters-lead = What could not be delivered is kept here for 14 days. Put right what was wrong, then send it again: nothing is lost until you give it up.
letters-shown = Show
letters-shown-open = Open ones
letters-shown-closed = Closed ones
letters-endpoint = Endpoint
letters-channel = Channel
letters-type = Event
letters-reason = Reason
letters-any = Any
letters-filter = Filter
letters-filters = Filters
retries-look-again = Look again

letters-reason-exhausted = Every attempt failed
letters-reason-gone = The endpoint is gone
letters-reason-rejected = The text was refused
letters-reason-unknown = The text may have been sent
letters-reason-cancelled-by-ops = Stopped by operations
letters-reason-our-fault = Stopped by a mistake on our side

letters-order = Order and event
letters-why = Why, and what to do
letters-since = Since
letters-age = { $span } ago
letters-endpoint-removed = An endpoint that was removed
letters-tick = Tick order { $order }
letters-tick-all = Tick all on this page
letters-retry = Retry
letters-send-once-more = Send once more
letters-retry-order = Retry order { $order }
letters-retry-ticked = Retry the ticked ones
letters-retry-all = Retry all that match
letters-none = Nothing here: everything has been delivered.
letters-all-on-their-way = All that was here has been sent again.
letters-none-match = Nothing matches these filters.
letters-none-ticked = Tick the ones that you mean first.
letters-nothing-matches = Nothing matches any more: somebody may have sent it again already.
letters-not-taken = our engine did not take it just now; retry it in a moment
letters-refused = { $count ->
    [one] One could not be sent again.
   *[other] { $count } could not be sent again.
  }
letters-refused-why = { $count ->
    [one] { $why }
   *[other] { $count } of them: { $why }
  }

letters-discard-title = Give the ticked ones up
letters-discard-hint = Nothing is sent for them any more, and that cannot be undone. The reason is kept in the list of changes; write nothing about a customer.
letters-discard-reason = Reason
letters-discard = Give them up
letters-reason-missing = Say why they are given up, in a few words.
done-letters-discarded = Given up.

retries-under-way = { $count ->
    [one] Sending one again
   *[other] Sending { $count } again
  }
retries-over = { $count ->
    [one] The retry has ended
   *[other] All { $count } retries have ended
  }
retries-ended = { $ended } of { $count } ended
retries-delivered = { $count } delivered
retries-on-their-way = { $count } under way
retries-waiting = { $count ->
    [one] one waits for its endpoint
   *[other] { $count } wait for their endpoint
  }
retries-waiting-why = An endpoint that fails is asked again by ourselves. What waits for it goes out once it answers.
retries-failed = { $count } failed again
retries-failed-next = What failed again is in the list below with its new answer. Put that right before the next retry.
retries-closed = { $count } closed meanwhile
retries-hint = This keeps itself up to date. Failed attempts are repeated after 30 seconds, 2 minutes and 8 minutes, so it may take a while; you can leave this page.
retries-left = { $count ->
    [one] One more matches. Press "Retry all that match" again for it.
   *[other] { $count } more match. Press "Retry all that match" again for the next ones.
  }
retries-close = Close this and show the list
