# E-mails about notifications. `-subject` is the subject of one, and the line above what it tells;
# `-many` heads several of one kind; `-text` says what it means; `-do` is the one thing to do.

of-partner = { $partner }: { $said }
at-partners = { $count ->
    [one] { $said }, at one shop
   *[other] { $said }, at { $count } shops
  }
and-others = { $count ->
    [one] { $said }, and one more thing
   *[other] { $said }, and { $count } more things
  }
greeting = Hello { $name },
and-more = and { $count } more
see-all = See all of them
ops = our support team

endpoint-failing-subject = The endpoint at { $host } is failing
endpoint-failing-many = { $count } endpoints are failing
endpoint-failing-text = It does not take webhooks. New ones are put on hold, none is lost, and we keep checking: they are sent as soon as it answers well.
endpoint-failing-do = See what it answered

endpoint-recovered-subject = The endpoint at { $host } works again
endpoint-recovered-many = { $count } endpoints work again
endpoint-recovered-text = It takes webhooks again. What was on hold is being sent, and there is nothing that you have to do.
endpoint-recovered-do = See how it does

endpoint-disabled-soon-subject = The endpoint at { $host } will be switched off soon
endpoint-disabled-soon-many = { $count } endpoints will be switched off soon
endpoint-disabled-soon-text = It has answered nothing well for four days. If that stays so it is switched off at the time below, and gets nothing until somebody switches it on again.
endpoint-disabled-soon-do = See what it answered

endpoint-disabled-subject = The endpoint at { $host } is switched off
endpoint-disabled-many = { $count } endpoints are switched off
endpoint-disabled-text = Nothing is sent to it any more; new webhooks are put on hold. Mend it, switch it on, and what it missed can be sent again.
endpoint-disabled-do = Mend it and switch it on

failed-deliveries-subject = { $count ->
    [one] One failed message waits
   *[other] { $count } failed messages wait
  }
failed-deliveries-many = Failed messages wait at { $count } shops
failed-deliveries-text = All automatic attempts failed, so nothing more is sent by itself. Send them again or dismiss them; after 14 days they expire.
failed-deliveries-do = See the failed messages

sms-suspended-subject = SMS are stopped
sms-suspended-many = SMS are stopped for { $count } reasons
sms-suspended-text = No SMS goes out meanwhile. Those that wait are sent when it goes on, if they are still of use to the customer.
sms-suspended-do = See why, and what waits

instructions-unanswered-subject = { $count ->
    [one] One failed delivery waits for your answer
   *[other] { $count } failed deliveries wait for your answer
  }
instructions-unanswered-many = Failed deliveries wait for an answer at { $count } shops
instructions-unanswered-text = The rider came and could not deliver. Say what is to be done next, before the parcel is driven around for nothing or sent back.
instructions-unanswered-do = Answer them

weekly-outcomes-subject = Your week { $week } in figures
weekly-outcomes-many = The week in figures, of { $count } shops
weekly-outcomes-text = From { $from } to { $to }, each figure beside that of the week before.
weekly-outcomes-do = See what they are made of

invitation-subject = You are invited to the dashboard of { $place }
invitation-text = Choose a password and you are in. You were invited by { $by }. The link works once, for seven days; if you do not know what this is, do nothing.
invitation-do = Choose a password

password-reset-subject = Choose a new password
password-reset-text = Somebody asked for a new password for your account, you we hope. The link works once, for 30 minutes. If it was not you, do nothing: your password stays as it is.
password-reset-do = Choose a new password

password-changed-subject = Your password was changed
password-changed-text = You are signed out everywhere else. If it was not you, ask for a new password at once, and tell whoever looks after your team.
password-changed-do = See where you are signed in

role-changed-subject = Your role is { $after } now
role-changed-text = It was { $before }. If that is not right, ask { $by }.
role-changed-do = See your account

key-changed-subject = { $change ->
    [made] An API key was created: { $what }
   *[revoked] An API key was revoked: { $what }
  }
key-changed-text = { $change ->
    [made] Whoever has it can do what its scope allows. If nobody of yours wanted it, revoke it at once.
   *[revoked] It opens nothing any more. Whatever used it stops working.
  }
key-changed-do = See the API keys

endpoint-url-changed-subject = Webhooks go to { $host } now
endpoint-url-changed-text = They went to { $before } until now. If nobody of yours wanted that, put the right URL back at once, and give the endpoint a new secret.
endpoint-url-changed-do = See the endpoint

contact-phone-changed-subject = { $change ->
    [removed] The contact phone was removed
   *[changed] The contact phone was changed
  }
contact-phone-changed-text = { $change ->
    [removed] What cannot wait is no longer told by SMS.
   *[changed] What cannot wait is told there by SMS, once a code has confirmed it.
  }
contact-phone-changed-do = See the settings

second-factor-changed-subject = { $what ->
    [second-factor-enabled] A second step was added to your sign-in
    [second-factor-locked] Too many wrong codes at your sign-in
    [recovery-code-used] A recovery code was used to sign in
   *[other] The second step of your sign-in was changed
    [second-factor-disabled] The second step of your sign-in was switched off
    [second-factor-reset] The second step of your sign-in was reset
  }
second-factor-changed-text = If it was not you, or nobody whom you asked, change your password at once, and tell whoever looks after your team.
second-factor-changed-do = See your account

fact-event = Last event
fact-answer = Its answer
fact-since = Since
fact-off-at = Switched off at
fact-oldest = The oldest
fact-reason = Why
fact-by = By
fact-at = When
fact-place = Shop
event-said = { $type }, order { $order }, { $event }
week-before = { $value } (before: { $before })

type-order-confirmed = Order confirmed
type-out-for-delivery = Out for delivery
type-delivered = Delivered
type-delivery-failed = Delivery failed
type-return-initiated = Return initiated

role-ops = support team
role-owner = owner
role-member = member

answer-http = HTTP { $status }
answer-timeout = no answer in time
answer-tls = no secure connection (TLS) could be made
answer-connection = no connection could be made, or it was cut
answer-dns = the host name could not be found
answer-resolver = our own name server did not answer
answer-protocol = the answer was no valid HTTP
answer-forbidden-address = the host leads to an address that is not allowed
answer-invalid-url = the URL cannot be used
answer-other = failed ({ $code })

figure-events-accepted = Events taken
figure-delivered-within-policy = Messages that arrived within the policy
figure-delivered-within-90-s = Messages that arrived within 90 s
figure-delivered-in-the-end = Messages that arrived in the end
figure-first-attempt-success = Parcels delivered at the first attempt
figure-rto = Orders that went back (RTO)
figure-wismo-calls-per-100-orders = "Where is my order?" calls per 100 orders
figure-redeliveries-avoided = Re-deliveries avoided
figure-redelivery-cost-avoided = Cost of re-deliveries avoided

footer-optional = You get this because you look after deliveries here.
footer-preferences = Choose what you are told
footer-account = This is about your account or its safety, so it cannot be switched off.
footer-help = Help
footer-link = If the button does not work, open this address:
