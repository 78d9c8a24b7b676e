# The pages of operations: all partners, dead letters, the SMS channel.

ops-title = Partners
ops-lead = Whoever needs help comes first. This page keeps itself up to date; its times are India's.
ops-figures = All partners in figures
ops-partners = Partners
ops-help = Need help
ops-look = To look at
ops-events = Events today
ops-rate = Delivered in 24 h

ops-search = Partner's name or id
ops-search-do = Search
ops-search-all = Show all
ops-found = { $count ->
    [0] No partner is called so.
    [one] One partner found.
   *[other] { $count } partners found.
  }
ops-none = There is no partner yet. One is made over the API, or by the command doorstep.

ops-partner = Partner
ops-tier-smb = SMB
ops-tier-growth = Growth
ops-tier-enterprise = Enterprise
ops-standing = How it does
ops-standing-help = needs help
ops-standing-look = look at it
ops-standing-well = doing well
ops-paused = paused
ops-paused-since = since { $when }
ops-events-column = Events today
ops-rate-column = Delivered, 24 h
ops-dead-column = Not delivered
ops-held-column = Waiting
ops-endpoint-column = Worst endpoint
ops-endpoint-none = no endpoint
ops-temporal = Temporal UI
ops-of = of { $name }
ops-page-next = Next
ops-page-first = Back to the worst

ops-switched-off = Switched off by Doorstep lately
ops-switched-off-line = An endpoint of { $name } was switched off: { $reason }.
ops-switched-off-see = See the endpoint

ops-dead-title = Dead letters
ops-dead-lead = Deliveries that did not arrive and wait for somebody to send them again or to give them up. After 14 days they expire by themselves.
ops-dead-figures = Dead letters in figures
ops-dead-total = Open
ops-number = { $count }
ops-dead-oldest = The oldest waits for
ops-dead-affected = Partners with some
ops-dead-none = There is none: everything has arrived, or was given up by somebody.
ops-dead-by-reason = Why they did not arrive
ops-dead-why = Why
ops-dead-count = Open
ops-dead-by-partner = By partner, the oldest first
ops-dead-age = The oldest waits for
ops-dead-since = since
ops-dead-expires = It expires in
ops-dead-see = See and send again
ops-dead-more = { $count ->
    [one] One more partner has some.
   *[other] { $count } more partners have some.
  }

ops-texts-title = SMS channel
ops-texts-lead = What holds texts back, what became of those of the last 24 hours, and who comes near the cap of the day. Its days and times are India's.
ops-texts-figures = The channel in figures
ops-texts-suspensions = Suspensions in force
ops-texts-held = Held texts
ops-texts-unknown = Unknown, 24 h
ops-texts-today = Sent today
ops-texts-near = Near the cap

ops-suspensions = Suspensions
ops-suspensions-none = Nothing is suspended: SMS go out.
ops-suspension-what = What is suspended
ops-suspension-why = Why
ops-suspension-by = By and since
ops-suspension-held = SMS it holds
ops-suspension-by-doorstep = Doorstep itself
ops-suspension-by-person = a person ({ $who })
ops-suspension-probe = One SMS is tried at { $when }; when it goes out, the suspension ends by itself.
ops-suspension-no-probe = It ends when somebody starts texts again.
ops-suspension-code = It was told: { $code }.
ops-suspension-all = All texts
ops-suspension-account = All texts: the account at Twilio does not work
ops-suspension-partner = Texts of the partner { $partner }
ops-suspension-sender = Texts from the sender { $sender }
ops-suspension-route = Texts from the sender { $sender } to numbers that begin with +{ $country }
ops-suspension-users = Whose texts wait: { $names }.
ops-suspension-default-sender = It is the sender of every partner that has none of its own.
ops-suspension-start = Start again
ops-suspension-start-ask = Start again: { $what }? What waits goes out at once, unless it is too old to be of use.
done-texts-started = Texts go out again. What waited follows within seconds, unless it is too old to be of use.

ops-texts-stop = Stop texts
ops-texts-stop-hint = Texts that are stopped wait. They are sent after the stop, if they are still of use to the customer then; webhooks go on.
ops-texts-which = Which texts
ops-texts-which-one = Texts of one partner
ops-texts-which-all = All texts of all partners
ops-texts-which-partner = Name the partner whose texts are to be stopped, by its id.
ops-texts-partner = Id of the partner
ops-texts-partner-hint = Only for the texts of one partner.
ops-texts-reason = Why
ops-texts-reason-hint = For whoever finds them stopped.
ops-texts-stop-do = Stop these texts
ops-texts-stop-ask = Stop these texts? Customers hear nothing by SMS until somebody starts them again.
done-texts-stopped = These texts are stopped. They wait until somebody starts them again.

ops-texts-held-title = Held texts, and why
ops-texts-held-none = No text is held.
ops-texts-held-why = Why
ops-texts-count = Texts
ops-texts-states = Texts of the last 24 hours
ops-texts-states-none = No text was handed to Twilio in the last 24 hours.
ops-texts-state = What became of them
ops-text-claimed = being handed to Twilio now
ops-text-accepted = taken by Twilio, no news yet
ops-text-sent = sent to the phone's network
ops-text-delivered = arrived on the phone
ops-text-undelivered = could not be delivered to the phone
ops-text-refused = refused for now; tried again by itself
ops-text-rejected = refused for good
ops-text-unknown = nobody can tell whether it was sent

ops-texts-unknown-title = Unknown texts
ops-texts-unknown-hint = Never sent again by themselves, so that no customer gets one twice. Send one again only if the customer has not got it.
ops-texts-unknown-when = Handed over
ops-texts-unknown-event = Event
ops-texts-unknown-partner = Partner
ops-texts-unknown-how = How that came

ops-texts-near-title = Near the cap of the day
ops-texts-near-none = No partner has used up most of its texts of today.
ops-texts-near-partner = Partner
ops-texts-near-sent = Sent today
ops-texts-near-cap = Cap
ops-texts-near-share = Used up
