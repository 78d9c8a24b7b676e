# Texts (SMS) to a partner's customers, their words, and who wants none.

texts-title = Texts (SMS)
texts-lead = What your customers read on their phones while their order is on its way. No app and no code is needed.
texts-back = Back to texts
texts-only-instead = only when a webhook fails
texts-paused = Deliveries are paused, so no text goes out. Resume them on the page Settings.
texts-stopped = Operations have stopped texts for the moment. They go out when texts start again, if they are still of use. Stopped since
texts-read-only = Only owners can change this.

texts-today = Sent today
texts-count = { $count ->
    [one] one text
   *[other] { $count } texts
  }
texts-cap = of { $cap } a day; the day is India's
texts-parts-today = Charged today
texts-parts-today-hint = A long text is charged as several.
texts-from = From
texts-from-hint = Operations set who texts come from.

texts-previews = How they read
texts-language = Show them in
texts-type = Event
texts-every-type = Every event
texts-show = Show
texts-stands-in = There is no text in { $language } for this event, so customers get the English one. You can write one.
texts-own = Your own words.
texts-change-words = Change the words
texts-see-words = See the words
texts-change-words-of = Words for “{ $type }”
texted-yes = texted
texted-instead = texted when a webhook fails
texted-no = not texted

texts-settings = What is texted
texts-on = Text my customers
texts-on-hint = Each of them gets a text for the events below, unless they want none.
texts-types = Text them when
texts-language-set = In which language
texts-fallback = Text the customer when a webhook fails
texts-fallback-hint = When an event could not be delivered to your endpoint after every attempt, the customer hears of it at least.
texts-fallback-types = After a failed webhook, text them when
texts-save = Save
texts-no-types = Tick at least one event to text customers about, or switch texts off.
texts-no-fallback-types = Tick at least one event to text about when a webhook fails, or switch that off.

texts-phone-title = Your own phone
texts-phone-is = Test texts go to
texts-phone-none = No phone is set yet. Give us yours, and you can send yourself what your customers get.
texts-phone-new = Your mobile number
texts-phone-hint = With the country code, such as +91 98765 43210. We tell you there when an endpoint is switched off. It is used once you have typed in the code that we text there. Empty: we forget the number.
texts-phone-save = Text me a code
texts-code-awaited = We have sent a test text to { $phone }. Type in the OTP that it names, and the number is yours.
texts-code = The OTP from the text
texts-code-hint = It works for a quarter of an hour.
texts-code-confirm = Use this number
texts-code-wrong = That is not the OTP from the last text. Look again.
texts-code-over = No code is awaited any more: it is too old, or was tried too often. Have another one texted.
done-texts-code-sent = The code is on its way to your phone.
texts-phone-fault = This number cannot be texted. Give a mobile number, such as +91 98765 43210.
texts-test = Send me a test text
texts-test-type = The text for

tested-pending = The test text is on its way…
tested-claimed = The test text is on its way…
tested-accepted = The test text was handed over; it should be on your phone in a moment.
tested-sent = The test text was sent to your phone’s network.
tested-delivered = The test text has arrived on your phone.
tested-undelivered = The test text did not reach your phone. Check the number.
tested-refused = The test text was not taken just now. It is tried again by itself.
tested-rejected = The test text was refused. Check the number.
tested-unknown = We cannot tell whether the test text was sent. Look at your phone before you try again.
tested-not = The test text was not sent.

done-texts-saved = Saved. It holds for events from now on.
done-texts-phone-saved = The number is saved.

preview-from = Text from { $sender }
preview-no-sender = a sender that is not set yet
preview-not-registered = This text would not leave for India, because it differs from what is registered there. Ask operations to register it.
encoding-gsm-7 = Sent in the plain alphabet of texts (GSM-7).
encoding-ucs-2 = Sent in the alphabet for all scripts (UCS-2).

parts-plain-one = One text of { $characters } characters; one holds { $holds }.
parts-plain-more = { $count } texts, because it has { $characters } characters; one text holds { $holds }.
parts-wide-one = One text of { $characters } characters. It holds { $holds } in place of 160, because of { $because }.
parts-wide-more = { $count } texts, because of { $because }: with it one text holds { $holds } characters in place of 160, and this has { $characters }.
parts-because-letter = the letter “{ $character }”
parts-because-letter-and-others = the letter “{ $character }” and others like it
parts-because-sign = the sign “{ $character }”
parts-because-sign-and-others = the sign “{ $character }” and others like it

wording-title = “{ $type }” in { $language }
wording-own = These are your own words, version { $version }.
wording-ours = These are our words. Write your own, or leave them as they are.
wording-none = There is no text in { $language } yet, so customers get the English one. Write yours, and they get that.
wording-words = Your words
wording-text = The text
wording-text-hint = Names in braces, such as {"{"}shop{"}"}, are filled in for each order. What stands in [brackets] is left out when its value is missing.
wording-save = Save these words
wording-look = Preview
wording-reads = How it reads
wording-errors = Correct this first:
wording-warnings = Worth a look:
wording-unusable = Write what the customer is to read, in up to { $most } characters.
wording-ours-title = Our words
wording-ours-hint = Without words of your own, customers read this:
wording-ours-english = We have none in this language: without yours, customers read the English text:
wording-reset = Use our words again
wording-reset-ask = Use our words from the next text on?
wording-variables = What you can put in
wording-variables-hint = Longer values are cut, so that no text gets much longer than you see here.
wording-variable = Write
wording-means = For
wording-sample = Such as
wording-may-be-missing = Not always known: put it in [brackets] with its words.
done-wording-saved = Saved. Customers read these words from the next text on.
done-wording-reset = Our words are in force again, from the next text on.

variable-shop = the shop’s name
variable-order-id = the order’s number
variable-customer = the customer’s name
variable-city = the town it goes to
variable-track = the link to follow the parcel
variable-opt-out = the link to be texted no more
variable-cod-amount = what to pay at the door
variable-rider = the rider’s name
variable-otp = the code for the rider
variable-otp-until = until when the code holds, in India’s time
variable-vehicle-number = the number plate
variable-reason = why it failed, or why it goes back
variable-next-attempt = the day of the next attempt, in India’s time
variable-answer = the link to the tracking page, where the customer says what is to be done
variable-received-by = who took the parcel

opt-outs-title = Who wants no texts
opt-outs-lead = Customers who asked for no texts from this shop get none, also not the code (OTP) that a rider asks for.
opt-outs-see = See who wants none
opt-outs-phone = Phone
opt-outs-source = Asked for
opt-outs-since = Since
opt-outs-none = Nobody: every customer may be texted.
opt-outs-lift = Text them again
opt-outs-lift-ask = Text { $phone } again? Do so only if the customer asked for it.
opt-outs-add = Text somebody no more
opt-outs-phone-hint = With the country code, such as +91 98765 43210. Only its ends are shown later.
opt-outs-phone-fault = Write the number with its country code, such as +91 98765 43210.
done-opted-out = Noted: no more texts go to this number.
done-opted-in = This customer gets texts again.
