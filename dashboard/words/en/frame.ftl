# What is around every page.

skip-to-content = Skip to the content
nav-label = Pages
nav-overview = Overview
nav-events = Events
nav-dead-letters = Dead letters
nav-endpoints = Endpoints
nav-texts = Texts (SMS)
nav-keys = API keys
nav-people = People
nav-settings = Settings
nav-audit = Changes
nav-partners = Partners
nav-all-partners = All partners
nav-sms-channel = SMS channel
actions = Actions
form-fault = { $field }: { $fault }
copy = Copy
copied = Copied
pager-label = Pages of the list
pager-first = Back to the newest
pager-next = Older

failure-home = To the dashboard
failure-not-found-title = There is no such page
failure-not-found = The address may be mistyped, or what it showed is no longer there. A link that signs you in works once, and for a limited time: ask for a new one.
failure-forbidden-title = This is for owners
failure-forbidden = Ask somebody who owns this account to do it, or to make you an owner.
failure-forged-title = This form has expired
failure-forged = Nothing was changed. Open the page again and send the form from there.
failure-refused-title = That cannot be done now
failure-refused = Nothing was changed.
failure-away-title = Try again in a while
failure-away = A part that is needed does not answer just now. Nothing was changed, and no event is lost.
failure-ours-title = That was a mistake of ours
failure-ours = Nothing was changed. It is in our log; if it happens again, tell us when it did.
