# What people are told: each kind, what somebody wants to be told, and what was sent.

notification-endpoint-failing = An endpoint fails
notification-means-endpoint-failing = Your system stopped taking what we send to it; updates wait.
notification-endpoint-recovered = An endpoint has recovered
notification-means-endpoint-recovered = It has answered again for ten minutes. You hear of it if you heard that it failed.
notification-endpoint-disabled-soon = An endpoint is switched off in 24 hours
notification-means-endpoint-disabled-soon = It has failed for four days. After five it is switched off.
notification-endpoint-disabled = An endpoint was switched off
notification-means-endpoint-disabled = Nothing is sent to it until somebody switches it on again.
notification-failed-deliveries = Failed updates wait
notification-means-failed-deliveries = At most once a day, while updates have failed and nobody has retried or dismissed them.
notification-sms-suspended = SMS are suspended
notification-means-sms-suspended = No customer is texted until that is over.
notification-instructions-unanswered = Undelivered parcels wait for an answer
notification-means-instructions-unanswered = Nobody has said what is to be done with them, neither the customer nor you.
notification-weekly-outcomes = The week in figures
notification-means-weekly-outcomes = On Monday morning: what arrived, what failed, and the week before.
notification-invitation = Invitation
notification-password-reset = New password asked for
notification-password-changed = Password changed
notification-role-changed = Role changed
notification-key-changed = API key created or revoked
notification-endpoint-url-changed = URL of an endpoint changed
notification-contact-phone-changed = Contact phone changed
notification-second-factor-changed = Two-step sign-in changed

notification-choices-title = What we tell you
notification-choices-lead = By e-mail, to you alone. A switch saves at once; others are told as they choose themselves.
notification-choices-member = Members get no e-mails about the shop; its owners do.
notification-choices-portal = You came from the merchant portal, so we know no address of yours.
notification-choices-account = Changes of your account, such as a new password, are always mailed to you.
done-notification-on = We tell you of that from now on.
done-notification-off = We do not tell you of that any more.

told-title = Notifications
told-lead = Whom we told what, by e-mail, SMS and webhook, and whether it got there.
told-lead-ops = Whom Doorstep told what, by e-mail, SMS and webhook, and whether it got there.
told-to-choices = Choose what we tell you
told-when = When
told-what = What
told-partner = Partner
told-whom = To whom
told-outcome = What became of it
told-of-ops = operations
told-none = Nobody was told of anything
told-none-hint = When an endpoint fails or something waits for somebody, it is listed here with who was told.
told-more = { $count ->
    [one] and one more
   *[other] and { $count } more
  }
told-count = { $count ->
    [one] one of them
   *[other] { $count } of them
  }
told-left-out = It was over by then and left out.
told-until = Goes out
told-channel-email = E-mail
told-channel-sms = SMS
told-channel-ops-webhook = Webhook
told-channel-partner-webhook = Webhook
told-to-email = somebody
told-to-sms = the contact phone
told-to-ops-webhook = operations
told-to-partner-webhook = your notification webhook
told-state-all = All
told-state-not-told = Not received
told-state-waiting = Waiting
told-state-sent = Sent
told-state-skipped = Skipped
told-state-failed = Failed
told-state-refused = Refused
told-state-unknown = Unclear
told-means-waiting = On its way, or tried again.
told-means-sent = The other side has taken it.
told-means-skipped = Nothing was sent, on purpose.
told-means-failed = Every attempt failed, and nobody was told.
told-means-refused = The other side refuses it for good.
told-means-unknown = It may have been sent, so it is not sent again.
told-filters = Which of them
told-partner-id = Partner ID
told-how = How
told-any = any
told-filter = Show

notification-webhook-title = Notification webhook
notification-webhook-lead = For your own programs: we post to this URL what your owners are told by e-mail, signed like every webhook.
notification-webhook-where = Where we post to
notification-webhook-since = In force since
notification-webhook-url-hint = For example a receiver of your on-call tool. It needs https.
notification-webhook-save = Set the URL
notification-webhook-replace = Set it, with a new secret
notification-webhook-ask = Set this URL? It gets a new secret, and the one before ends at once.
notification-webhook-secret = This is the secret that signs what we post. It is shown only now; verify it as for an endpoint.
notification-webhook-remove = Remove
notification-webhook-remove-ask = Post nothing there any more?
notification-webhook-posted = What is posted
done-notification-webhook-removed = Nothing is posted there any more.
