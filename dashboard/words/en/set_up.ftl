# What a shop sets up until real events flow.

set-up-title = Set up
set-up-lead = Each step is ticked by itself once it is done. The list stays until your first real order has come.
set-up-count = { $done } of { $count } done
set-up-done = Done
set-up-open = To do
set-up-optional = Optional
set-up-with-support = With our support team
set-up-all-done = Everything is set up: real orders are coming in.
set-up-hide = Hide this list
done-set-up-hidden = The set-up list is hidden.
set-up-by-support = Done by our support team

set-up-step-sms = See and turn on SMS updates
set-up-why-sms = Read what your customers get, choose a language, and say yes. Before that nobody gets an SMS.
set-up-step-test-sms = Send yourself a test SMS
set-up-why-test-sms = See on your own phone what a customer gets. Ticked when a test SMS has been sent.
set-up-step-phone = Give your phone number
set-up-why-phone = Test SMS and urgent news go there.
set-up-step-tracking = Choose the look of your tracking page
set-up-why-tracking = Your logo or your colour on the page where customers follow their parcel.
set-up-step-first-order = Get your first real order
set-up-why-first-order = The logistics company sends its first update by itself. There is nothing for you to do.
set-up-step-endpoint = Add an endpoint
set-up-why-endpoint = The address of your system that takes the updates. You get a secret to check them with.
set-up-step-test-event = Verify the signature with a test event
set-up-why-test-event = Open your endpoint and send a test event. Ticked when your system has answered it with 2xx.
set-up-step-key = Create an API key
set-up-why-key = Only where your system asks our API for updates.
set-up-step-sms-or-fallback = Choose SMS for your customers
set-up-why-sms-or-fallback = Always, only when a webhook fails, or not at all.
set-up-step-people = Invite a second person
set-up-why-people = So that somebody can act when you are away. Ticked when they have signed in.
set-up-step-first-event = Get your first real event
set-up-why-first-event = The logistics company sends it with the first update of an order. There is nothing for you to do.

set-up-step-sender = Sender ID
set-up-sender-is = SMS come from { $sender }.
set-up-sender-none = There is none yet, so SMS wait. Ask our support team for one.
set-up-step-dlt = DLT registration for India
set-up-dlt-none = The sender ID is not registered with us for India. Ask our support team whether it has to be.
set-up-dlt-count = { $count } of { $types } SMS have a registered template in your language. What has none is blocked in India.

banner-awaits-owner = No customer gets an SMS yet: SMS updates wait for your yes.
banner-awaits-owner-do = See and turn on SMS
