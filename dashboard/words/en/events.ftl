# The event log, one order's timeline, one event.

events-title = Events
events-lead = Every step of your orders that reached us, the newest first, and how far each has come on its way to you and your customers.
events-search = Search
events-clear = Show everything
events-q = Order, AWB number or event
events-q-hint = The whole number
events-any = Any
events-type = What happened
events-state = Delivery
events-since = From
events-until = To
events-bad-day = That is no date: write it as 2026-11-25.
events-when = Time
events-event = Event
events-order = Order
events-deliveries = Deliveries
events-none-found = Nothing found
events-none-found-hint = Type the whole order number, AWB number or event id, as it was sent to us, or choose fewer filters.
events-none-yet = No events yet
events-none-yet-hint = As soon as an order of yours is confirmed, it shows up here. A test event from the page of an endpoint does, too.

order-title = Order { $order }
order-lead = { $count ->
    [one] One event so far.
   *[other] { $count } events so far, in the order in which they happened.
  }

event-back = All events
event-awb = AWB number
event-occurred = Happened
event-accepted-at = Reached us
event-sequence = Number within the order
event-id = Event id
event-kind = Kind
event-test = test event
event-execution = Execution
event-execution-open = Open in the Temporal UI
event-what-next = What is to be done with the parcel
event-erased = The customer's data was erased; nothing of this event can be sent any more.
event-asked = Asked for. It is sent in a moment; this part shows by itself what comes of it.
event-look-again = Look again
event-nothing = Nothing to send
event-fallback = instead of the webhook
event-next-attempt = Next attempt in
event-delivered-at = Delivered
event-retry = Retry now
event-resend = Send again though it was delivered
event-resend-unsure = Send again though it may have arrived
event-resend-ask = It may arrive twice. Send it again?
event-retry-away = The retry could not be passed on just now. Nothing is lost: ask again in a moment.
event-attempts = Attempts
event-attempt = Attempt
event-answer = Answer
event-took = Took
event-trigger = Sent
event-retry-after = asked us to wait { $time }
event-excerpt = Start of the answer:
event-texts = Texts
event-copy = Copy
event-phone = Phone
event-text-state = State
event-parts = Parts
event-code = Code
event-correct-below = Correct the phone number
event-correct = Correct the phone number
event-correct-hint = The text goes to this number instead. The event itself stays as it was.
event-correct-phone = The customer's mobile number
event-correct-send = Send the text there
event-phone-wrong = That is no phone number. Write ten digits, or the whole number with + and its country.
done-redirected = The number was corrected. The text goes out in a moment.

event-payload = What is sent
event-payload-hint = Names, addresses, phones and the OTP are masked here. Your endpoint gets them in full.
event-payload-nobody = No endpoint is sent it; texts to the customer are made from it. Names, addresses, phones and the OTP are masked here.
event-payload-version = Payload (version { $version })
event-payload-erased = It was erased with the customer's data.
event-payload-none = There is none: nothing was to be sent, or not yet.
event-headers = Headers
event-headers-hint = They go with every attempt. The values of your own headers are never shown.
event-timestamp-shape = the time of the attempt, in seconds since 1970
event-signature-shape = v1,… (one for each signing secret in force, separated by a space)
