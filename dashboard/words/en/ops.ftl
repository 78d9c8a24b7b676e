# The pages of operations: all partners, dead letters, the SMS channel.

ops-title = Partners
ops-lead = Partners that need help come first. This page updates itself. Times are IST.
ops-figures = All partners in figures
ops-partners = Partners
ops-help = Need help
ops-look = Need attention
ops-events = Events today
ops-rate = Sent in 24 h

ops-search = Partner's name or ID
ops-search-do = Apply
ops-search-all = Show all
ops-filter-tier = Tier
ops-filter-standing = Status
ops-any = Any
ops-sort = Sort by
ops-sort-worst = Worst first
ops-sort-name = Name
ops-sort-events = Most events today
ops-sort-rate = Lowest share sent
ops-sort-failed = Most failed updates
ops-sort-held = Most on hold
ops-found = { $count ->
    [0] No partner found.
    [one] One partner found.
   *[other] { $count } partners found.
  }
ops-none = There are no partners yet.
ops-file-id = Partner ID
ops-file-name = Name
ops-file-tier = Tier
ops-file-standing = Status
ops-file-why = Reason
ops-file-events = Events today
ops-file-rate = Share sent, 24 h
ops-file-failed = Failed updates
ops-file-held = On hold

ops-partner = Partner
ops-tier-smb = SMB
ops-tier-growth = Growth
ops-tier-enterprise = Enterprise
ops-standing = Status
ops-standing-help = Needs help
ops-standing-look = Needs attention
ops-standing-well = All good
ops-events-column = Today
ops-rate-column = Sent
ops-dead-column = Failed
ops-held-column = On hold
ops-temporal = Temporal
ops-temporal-see = Open
ops-of = of { $name }
ops-page-next = Next
ops-page-first = Back to the first page
ops-tick = Select { $name }
ops-tick-all = Select all partners on this page

ops-why-paused = paused since { $when }
ops-why-held = { $count } on hold
ops-why-failed = { $count ->
    [one] one failed update
   *[other] { $shown } failed updates
  }
ops-why-failed-sms = { $count } failed SMS
ops-why-failed-webhook = { $count ->
    [one] one failed webhook
   *[other] { $count } failed webhooks
  }
ops-why-rate = only { $share } sent in 24 h
ops-why-answers = endpoint answers { $status } since { $when }
ops-why-fails = endpoint failing since { $when }: { $answer }
ops-why-endpoint-given-up = endpoint switched off by us
ops-why-endpoint-failing = an endpoint is failing
ops-why-endpoint-degraded = an endpoint fails now and then
ops-why-endpoint-paused = endpoint paused
ops-why-endpoint-disabled = endpoint switched off

ops-switched-off = Recently switched off by Doorstep
ops-switched-off-line = An endpoint of { $name } was switched off: { $reason }.
ops-switched-off-see = See the endpoint

# One action over several partners.

ops-act-label = With the selected partners
ops-act-next = Continue
ops-act-back = Back to the partners
ops-act-pause = Pause
ops-act-resume = Resume
ops-act-retry = Retry failed updates
ops-act-recover = Resend missed events
ops-act-suspend-sms = Suspend SMS
ops-act-resume-sms = Resume SMS
ops-act-partners = Selected partners
ops-act-preview = What will happen
ops-act-outcome = Result
ops-act-none-chosen = No partner is selected. Go back and select one or more.
ops-act-nothing = There is nothing to do for the selected partners.
ops-act-reason-missing = Enter a reason.
ops-act-later = Not started yet: this took too long. Select this partner again.
ops-act-tone-good = Done
ops-act-tone-bad = Failed
ops-act-tone-waiting = Partly
ops-act-tone-quiet = Skipped
ops-act-done = { $count ->
    [one] Result for one partner:
   *[other] Results for { $count } partners:
  }

ops-act-pause-means = Everything is put on hold until somebody resumes it. Nothing is lost.
ops-act-pause-would = { $count ->
    [one] Pauses. One update is on hold already.
   *[other] Pauses. { $shown } updates are on hold already.
  }
ops-act-pause-not = Already paused.
ops-act-pause-do = { $count ->
    [one] Pause one partner
   *[other] Pause { $count } partners
  }
ops-act-paused = Paused.
ops-act-resume-means = New updates are sent again. Updates on hold stay on hold until they are resent.
ops-act-resume-would = { $count ->
    [one] Resumes. One update stays on hold until it is resent.
   *[other] Resumes. { $shown } updates stay on hold until they are resent.
  }
ops-act-resume-not = Not paused.
ops-act-resume-do = { $count ->
    [one] Resume one partner
   *[other] Resume { $count } partners
  }
ops-act-resumed = Resumed.
ops-act-retry-means = Failed updates are sent again. SMS that may have been sent are left out.
ops-act-retry-would = { $count ->
    [one] Retries one failed update.
   *[other] Retries { $shown } failed updates.
  }
ops-act-retry-not = No failed updates.
ops-act-retry-do = { $count ->
    [one] Retry for one partner
   *[other] Retry for { $count } partners
  }
ops-act-retried = { $count ->
    [one] Retry queued for one update.
   *[other] Retry queued for { $count } updates.
  }
ops-act-retry-refused = { $count ->
    [one] One could not be retried: { $why }.
   *[other] { $count } could not be retried, the first because: { $why }.
  }
ops-act-retry-left = { $count ->
    [one] One more is left: retry again.
   *[other] { $count } more are left: retry again.
  }
ops-act-recover-means = What is on hold or has failed at working endpoints is sent again, oldest first, at each endpoint's resend speed.
ops-act-recover-would = { $count ->
    [one] Resends one update that is on hold or has failed.
   *[other] Resends up to { $shown } updates that are on hold or have failed.
  }
ops-act-recover-not = Nothing to resend.
ops-act-recover-do = { $count ->
    [one] Resend for one partner
   *[other] Resend for { $count } partners
  }
ops-act-recovering = { $count ->
    [one] Resending one update.
   *[other] Resending { $count } updates.
  }
ops-act-recover-refused = Not resent: { $why }.
ops-act-suspend-sms-means = No SMS is sent to their customers until somebody resumes SMS. Webhooks go on.
ops-act-suspend-sms-would = { $count ->
    [one] Suspends SMS. One SMS was sent today.
   *[other] Suspends SMS. { $shown } SMS were sent today.
  }
ops-act-suspend-sms-not = SMS are suspended already.
ops-act-suspend-sms-do = { $count ->
    [one] Suspend SMS of one partner
   *[other] Suspend SMS of { $count } partners
  }
ops-act-sms-suspended = SMS suspended.
ops-act-resume-sms-means = SMS go out again. What is on hold is sent within seconds, unless it is too old to be of use.
ops-act-resume-sms-would = { $count ->
    [one] Resumes SMS. One is on hold.
   *[other] Resumes SMS. { $shown } are on hold.
  }
ops-act-resume-sms-not = SMS are not suspended for this partner alone.
ops-act-resume-sms-do = { $count ->
    [one] Resume SMS of one partner
   *[other] Resume SMS of { $count } partners
  }
ops-act-sms-resumed = { $count ->
    [one] SMS resumed. One on hold is sent within seconds.
   *[other] SMS resumed. { $count } on hold are sent within seconds.
  }

ops-dead-title = Failed updates
ops-dead-lead = Updates that failed and are not retried automatically. After 14 days they expire.
ops-dead-figures = Failed updates in figures
ops-dead-total = Failed
ops-number = { $count }
ops-dead-oldest = Oldest
ops-dead-affected = Partners affected
ops-dead-none = No failed updates.
ops-dead-by-reason = By reason
ops-dead-why = Reason
ops-dead-count = Failed
ops-dead-by-partner = By partner, the oldest first
ops-dead-age = Oldest
ops-dead-since = since
ops-dead-expires = Expires in
ops-dead-more = { $count ->
    [one] One more partner is affected.
   *[other] { $count } more partners are affected.
  }
ops-in-temporal = See them in Temporal
ops-failed-list = Retry or dismiss
ops-failed-filters = Filter failed updates
ops-failed-partner = Partner ID
ops-failed-channel = Channel
ops-failed-order = Order
ops-failed-age = Age
ops-failed-tick-all = Select all on this page
ops-failed-retry = Retry selected
ops-failed-retry-all = Retry all ({ $count })
ops-failed-retry-match = Retry all that match
ops-failed-none-selected = Select one or more failed updates first.
ops-failed-none-match = No failed update matches these filters.
ops-failed-retried = { $count ->
    [0] No retry was queued.
    [one] Retry queued for one update.
   *[other] Retry queued for { $count } updates.
  }
ops-failed-refused = { $count ->
    [one] One could not be retried: { $why }
   *[other] { $count } could not be retried: { $why }
  }
ops-failed-dismissed = { $count ->
    [0] None was dismissed.
    [one] One update was dismissed.
   *[other] { $count } updates were dismissed.
  }
ops-failed-not-open = { $count ->
    [one] One was not failed any more.
   *[other] { $count } were not failed any more.
  }
ops-failed-dismiss-title = Dismiss instead
ops-failed-dismiss-hint = Dismissed updates are never sent. The reason is kept in the activity log.
ops-failed-dismiss = Dismiss selected

ops-held-title = On hold
ops-held-lead = Updates that wait for something and have used up no attempt. Nothing is lost. Times are IST.
ops-held-figures = On hold, by reason
ops-held-none = Nothing is on hold.
ops-held-none-match = Nothing on hold matches these filters.
ops-held-total = { $count ->
    [one] One update is on hold.
   *[other] { $count } updates are on hold.
  }
ops-held-search = Partner's name or ID
ops-held-why = Reason
ops-held-count = On hold
ops-held-oldest = Oldest
ops-held-frees = What frees them
ops-held-more = { $count ->
    [one] One more group is not shown: use the filters.
   *[other] { $count } more groups are not shown: use the filters.
  }
ops-held-file-reason = Reason
ops-held-file-partner = Partner ID
ops-held-file-name = Partner
ops-held-file-endpoint = Endpoint
ops-held-file-count = On hold
ops-held-file-oldest = Oldest
ops-held-partner-paused = Partner paused
ops-held-endpoint-off = Endpoint switched off
ops-held-endpoint-failing = Endpoint failing
ops-held-endpoint-busy = Endpoint busy
ops-held-earlier-event = Earlier event of the order
ops-held-sms-suspended = SMS suspended
ops-held-daily-cap = Daily cap reached
ops-held-not-reached = Phone not reached
ops-held-redirected = Phone number corrected
ops-held-frees-partner-paused = Resume the partner, then resend missed events.
ops-held-frees-endpoint-off = Switch the endpoint on, then resend missed events.
ops-held-frees-endpoint-failing = Sent automatically once the endpoint answers again.
ops-held-frees-endpoint-busy = Sent automatically, as fast as the endpoint's limits allow.
ops-held-frees-earlier-event = Sent automatically after the earlier event.
ops-held-frees-sms-suspended = Resume SMS.
ops-held-frees-daily-cap = Sent automatically after midnight IST, or when the cap is raised.
ops-held-frees-not-reached = Sent automatically once more.
ops-held-frees-redirected = Sent automatically in a moment.
ops-held-do-partner-paused = Resume
ops-held-do-endpoint-off = Open endpoint
ops-held-do-endpoint-failing = Send a test event
ops-held-do-sms-suspended = Resume SMS
ops-held-do-daily-cap = Raise the cap

ops-platform-title = Platform
ops-platform-lead = Is it us or them? Each part of Doorstep, what it says now and what to do.
ops-platform-bad = { $count ->
    [0] Every part is well.
    [one] One part needs attention.
   *[other] { $count } parts need attention.
  }
ops-platform-part = Part
ops-platform-status = Status
ops-platform-seen = Now
ops-platform-do = What to do
ops-platform-good = Good
ops-platform-look = Bad
ops-platform-runbook = Runbook
ops-platform-runbook-at = docs/runbook.md#{ $anchor }
ops-platform-count = { $count }
ops-platform-unknown = unknown
ops-platform-database = Database
ops-platform-database-answers = Answered in { $took }
ops-platform-database-away = No answer
ops-platform-do-database = See what the database's log says: it is down, locked or full.
ops-platform-temporal = Temporal
ops-platform-temporal-answers = Answered, namespace { $namespace }
ops-platform-temporal-away = No answer within 1 s
ops-platform-do-temporal = Start it, or correct its address. Events are accepted and wait meanwhile.
ops-platform-workers = Workers
ops-platform-workers-seen = { $count ->
    [one] One, last seen { $ago } ago
   *[other] { $count }, the last seen { $ago } ago
  }
ops-platform-workers-none = None seen lately
ops-platform-do-workers = Start a worker; restart one that hangs.
ops-platform-outbox = Outbox
ops-platform-outbox-seen = { $count ->
    [0] Empty
    [one] One event, waiting for { $age }
   *[other] { $count } events, the oldest waiting for { $age }
  }
ops-platform-do-outbox = See to the workers and Temporal; if both are well, a worker's log names the events.
ops-platform-failed-events = Failed events
ops-platform-do-failed-events = Fix the cause, then restart them with doorstep events restart --failed.
ops-platform-propagation = Delivery time, 95th percentile
ops-platform-propagation-seen = { $took } in the last hour
ops-platform-propagation-none = No webhook in the last hour
ops-platform-do-propagation = See which part is slow: the outbox, the workers, or endpoints.
ops-platform-twilio = Twilio errors
ops-platform-twilio-none = No SMS in the last hour, { $day } failed in 24 h
ops-platform-twilio-seen = { $hour } of { $count } SMS in the last hour, { $day } in 24 h
ops-platform-do-twilio = See which answers Twilio gives, on the SMS page.
ops-platform-suspensions = SMS suspensions
ops-platform-do-suspensions = Fix what Twilio refuses, or resume what a person has suspended.
ops-platform-messages = Notifications
ops-platform-messages-seen = { $lost } not received in a day, { $waiting } waiting
ops-platform-do-messages = See which, and why: the mail server is away, or refuses an address or us.
ops-platform-breakers = Open circuit breakers
ops-platform-do-breakers = Ask those partners. Many at once: it is our network.
ops-platform-dead-letters = Failed updates
ops-platform-dead-letters-seen = { $count ->
    [0] None
    [one] One, { $age } old
   *[other] { $shown }, the oldest { $age } old
  }
ops-platform-do-dead-letters = Retry or dismiss them before they expire.
ops-platform-held = On hold
ops-platform-do-held = See the reason of each, and what frees it.
ops-platform-retention = Retention
ops-platform-retention-seen = Every job succeeded within the last { $ago }
ops-platform-retention-never = Has not succeeded yet
ops-platform-do-retention = See that a worker runs and that the schedule doorstep-retention is not paused.
ops-platform-worker = Worker
ops-platform-last-seen = Last seen
ops-platform-ago = { $span } ago
ops-platform-alive = alive
ops-platform-gone = gone
ops-platform-versions = Versions
ops-platform-app = Doorstep
ops-platform-schema = Database schema
ops-platform-schema-differs = { $at }, but this version needs { $needs }

ops-texts-title = SMS
ops-texts-lead = What is suspended, the SMS of the last 24 hours, and partners near their daily cap. Times are IST.
ops-texts-figures = The channel in figures
ops-texts-suspensions = Suspensions
ops-texts-held = SMS on hold
ops-texts-unknown = Unknown, 24 h
ops-texts-sent = Sent, 24 h
ops-texts-today = Counted today, from midnight IST
ops-texts-near = Near the cap

ops-suspensions = Suspensions
ops-suspensions-none = Nothing is suspended: SMS go out.
ops-suspension-what = What is suspended
ops-suspension-why = Reason
ops-suspension-by = By and since
ops-suspension-held = SMS on hold
ops-suspension-by-doorstep = Doorstep itself
ops-suspension-by-person = a person ({ $who })
ops-suspension-probe = One SMS is sent as a test at { $when }; if Twilio takes it, the suspension ends by itself.
ops-suspension-no-probe = It ends when somebody resumes SMS.
ops-suspension-code = Twilio answered: { $code }.
ops-suspension-all = All SMS
ops-suspension-account = All SMS: the Twilio account does not work
ops-suspension-partner = SMS of the partner { $partner }
ops-suspension-sender = SMS from the sender ID { $sender }
ops-suspension-route = SMS from the sender ID { $sender } to numbers that begin with +{ $country }
ops-suspension-users = Partners affected: { $names }.
ops-suspension-default-sender = It is the sender ID of every partner that has none of its own.
ops-suspension-start = Resume
ops-suspension-start-ask = Resume: { $what }? What is on hold goes out at once, unless it is too old to be of use.
done-texts-started = SMS go out again. What was on hold is sent within seconds, unless it is too old to be of use.

ops-texts-stop = Suspend SMS
ops-texts-stop-hint = Suspended SMS are put on hold. They are sent after the suspension, if they are still of use to the customer then. Webhooks go on.
ops-texts-partner = Partner
ops-texts-stop-one = Continue
ops-texts-which-all = All partners
ops-texts-stop-all-hint = { $count ->
    [0] No SMS was sent today.
    [one] One SMS was sent today: so many would have been put on hold.
   *[other] { $count } SMS were sent today: so many would have been put on hold.
  }
ops-texts-reason = Reason (visible to the team)
ops-texts-stop-do = Suspend all SMS
ops-texts-stop-ask = { $count ->
    [one] Suspend the SMS of one partner? Its customers get no SMS until somebody resumes them.
   *[other] Suspend the SMS of all { $count } partners? Customers get no SMS until somebody resumes them.
  }
done-texts-stopped = SMS are suspended. They are on hold until somebody resumes them.

ops-texts-held-title = SMS on hold
ops-texts-held-none = No SMS is on hold.
ops-texts-held-why = Reason
ops-texts-count = SMS
ops-texts-states = SMS of the last 24 hours
ops-texts-states-total = All of them
ops-texts-state = Status
ops-text-claimed = being handed to Twilio now
ops-text-accepted = accepted by Twilio, no news yet
ops-text-sent = sent to the phone's network
ops-text-delivered = arrived on the phone
ops-text-undelivered = could not be delivered to the phone
ops-text-refused = refused for now; retried automatically
ops-text-rejected = rejected for good
ops-text-unknown = unknown whether it was sent

ops-texts-unknown-title = Unknown SMS
ops-texts-unknown-hint = Never sent again automatically, so that no customer gets one twice. Resend one only if the customer has not got it.
ops-texts-unknown-when = Handed over
ops-texts-unknown-event = Event
ops-texts-unknown-partner = Partner
ops-texts-unknown-how = What happened

ops-texts-near-title = Near the daily cap
ops-texts-near-none = No partner is near its daily cap.
ops-texts-near-partner = Partner
ops-texts-near-sent = Counted today
ops-texts-near-cap = Cap
ops-texts-near-share = Used up

# Sender IDs and content templates (DLT).

ops-senders-link = Sender IDs and DLT templates
ops-senders-back = Back to SMS
ops-senders-title = Sender IDs
ops-senders-lead = What is registered on the operators' DLT platforms. SMS to India from a registered sender ID go out only if they match one of its templates.
ops-senders-none = No sender ID is registered: nothing has to match.
ops-senders-add = Register a sender ID
ops-senders-change = Change the registration
ops-senders-save = Save
ops-senders-sender = Sender ID
ops-senders-sender-hint = A registered header, a number, a short code or a messaging service (MG…).
ops-senders-entity-id = Entity ID
ops-senders-header = Registered header
ops-senders-link-prefixes = Whitelisted links
ops-senders-link-prefixes-hint = What links may begin with, such as https://track.example/. Several with spaces between. Empty: any link.
ops-senders-since = Registered here
ops-senders-partners = Partners with this sender ID
ops-senders-no-partners = No partner sends SMS from it.
ops-senders-more = and { $count } more
ops-senders-templates = Content templates
ops-senders-no-templates = No template is registered: every SMS to India from this sender ID is blocked.
ops-senders-blocked = { $count ->
    [one] One SMS text will be blocked in India: it matches no template.
   *[other] { $count } SMS texts will be blocked in India: they match no template.
  }
ops-senders-all-match = { $count ->
    [one] Every SMS text of its partner matches a template.
   *[other] Every SMS text of its { $count } partners matches a template.
  }
ops-senders-content-template-id = Template ID
ops-senders-event-type = SMS for
ops-senders-language = Language
ops-senders-category = Category
ops-senders-category-transactional = Transactional
ops-senders-category-service-implicit = Service, implicit
ops-senders-category-service-explicit = Service, explicit
ops-senders-category-promotional = Promotional
ops-senders-text = Registered text
ops-senders-template-add = Add or change a template
ops-senders-template-hint = Enter the text exactly as it is registered, with variables such as {"{#"}alphanumeric{"#}"}. A template with the same ID is replaced.
ops-senders-template-save = Save template
ops-senders-remove = Remove
ops-senders-remove-ask = Remove template { $id }? SMS that match it alone will be blocked in India.
ops-senders-fault-sender = Sender ID: enter a header, a number, a short code or a messaging service (MG…).
ops-senders-fault-id = Template ID: enter the 15 to 20 digits of the DLT platform.
done-sender-saved = Saved. It applies from the next SMS.

# Creating a partner.

ops-new = New partner
ops-new-lead = The tier sets what a partner starts with; everything can be changed later.
ops-new-name = Name
ops-new-id = Partner ID
ops-new-id-hint = Your own code for it. Empty: one is made.
ops-new-tier = Tier
ops-new-tier-hint = SMB starts with customer SMS, Growth and Enterprise with webhooks.
ops-new-sms-sender = Sender ID
ops-new-sms-sender-hint = Empty: { $sender }.
ops-new-owner = First owner
ops-new-owner-hint = An owner sets up everything else. You get a link to pass on; it works once.
ops-new-owner-by-mail = An owner sets up everything else. They are mailed a link that works once.
ops-new-owner-name = Owner's name
ops-new-owner-email = Owner's e-mail
ops-new-do = Create partner
ops-partner-mailed = The partner was created. A link is on its way to { $email }.
ops-partner-invitation = The partner was created. Pass this link on to the owner: it works once, and is shown only now.
ops-partner-portal = This link opens the dashboard once, within { $minutes } minutes. It is shown only now.
ops-partner-settings = Tier and limits
ops-partner-next = Set-up
ops-partner-people = Team: invite an owner
ops-partner-endpoints = Endpoints
ops-partner-sms = Customer SMS
ops-partner-overview = Overview
ops-partner-portal-title = Portal link
ops-partner-portal-hint = Your merchant portal makes such links over the API. One made here opens the dashboard as a member sees it, once, within { $minutes } minutes.
ops-partner-portal-do = Make a portal link

# Beneath every page, for ops.

ops-tools = For operations
ops-tools-temporal = Open in Temporal
ops-tools-copy = Copy for ticket
ops-tools-page = Page: { $address }
ops-tools-partner = Partner: { $name } ({ $id })
ops-tools-execution = Temporal: { $address }
ops-tools-seen = Seen: { $when }
