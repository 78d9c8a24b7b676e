# Outcomes: what it all comes to, over days and weeks.
#
# `outcome-<figure>` is its name, `-means` what it is, `-numerator` what is counted, `-denominator`
# of how many. A message to the shop's system is sent, arrives or does not; a parcel is delivered,
# or the attempt at the door fails; a text is sent. None borrows the words of another.


outcomes-title = Outcomes
outcomes-lead = What the messages to your system, the parcels and your customers' answers came to. A day is one in the time of { $zone }; whatever becomes of an event later counts for the day on which it was taken.
outcomes-lead-ops = All partners over the same days, the worst first: by the share of messages that arrived within the policy, then by the share that arrived within 90 s. A day is the partner's own.
outcomes-range = Which days
outcomes-from = From
outcomes-to = To
outcomes-by = By
outcomes-by-day = day
outcomes-by-week = week
outcomes-show = Show
outcomes-usual = Last twelve weeks
outcomes-days = { $first } to { $last }
outcomes-about = { $days }, by { $by ->
    [day] day
   *[week] week
  }
outcomes-none = Nothing was counted in these days. Figures come with the first events, and are a few minutes old at the most today.
outcomes-of = { $part } of { $whole }
outcomes-rupees = ₹{ $amount }
outcomes-target-of = target: { $target }
outcomes-chart = { $figure }, over time
outcomes-charts = Over time
outcomes-on-top = The most important figures
outcomes-in-numbers = The same in numbers, and more
outcomes-period-day = Day
outcomes-period-week = Week
outcomes-save = Save as a file
outcomes-save-csv = CSV, for a spreadsheet
outcomes-save-json = JSON
outcomes-save-hint = The same days and every figure, exact.
outcomes-save-hint-ops = The lines of this table, of all partners, exact.
outcomes-report-open = Weekly report, to be printed

outcomes-figure = Figure
outcomes-value = Value
outcomes-made-of = Made of
outcomes-target = Target
outcomes-before = Before
outcomes-difference = Difference
outcomes-was = before: { $before } ({ $difference })
outcomes-before-means = Before is the baseline: what the figure was before Doorstep, given by somebody or measured out of imported orders, for as many days. A dash says that nobody has given one.
outcomes-model = model
outcomes-model-means = Worked out by a formula that assumes something, not counted.
outcomes-numerator = Counted: { $counted }.
outcomes-denominator = Out of: { $whole }.
outcomes-definitions = What these figures are
outcomes-group-messages = Messages to your system
outcomes-group-parcels = Parcels
outcomes-group-answers = Answers after a failed attempt at the door
outcomes-group-customers = Your customers: calls and texts
outcomes-group-events = Events

outcomes-partner = Partner
outcomes-all = All partners together
outcomes-page-first = Back to the worst
outcomes-page-next = Next
outcomes-below = below the target
outcomes-partners = Partners
outcomes-missed-delivered-within-policy = Below the target within the policy
outcomes-missed-delivered-within-90-s = Below the target within 90 s

outcomes-calls = "Where is my order?" calls
outcomes-calls-lead = How many customers called on a day is the call centre's to know. Send it as a CSV file with the columns partner_id, day and calls, a line for each partner and day, and the day written as 2026-11-25. A number that was given before is replaced. One wrong line, and nothing of the file is taken.
outcomes-calls-file = CSV file
outcomes-calls-hint = At most { $lines } lines and 250 kB.
outcomes-calls-send = Send the calls
outcomes-calls-taken = { $lines ->
    [one] The calls of one partner and day are taken.
   *[other] The calls of { $lines } partners and days are taken.
  }
outcomes-calls-refused = Nothing of the file was taken. Mend these lines, and send it again:
outcomes-calls-line = Line { $line }: { $reason }
outcomes-calls-more = { $more ->
    [one] And one more.
   *[other] And { $more } more.
  }

outcome-events-accepted = Events taken
outcome-events-accepted-means = Events of your orders that we took from the logistics company, to be told to your system or your customers.
outcome-events-accepted-numerator = events, without those that were only to be stored
outcome-events-recorded = Events only stored
outcome-events-recorded-means = Events of the past that were imported. Nobody was told of them, and no other figure has them.
outcome-events-recorded-numerator = imported events
outcome-orders = New orders
outcome-orders-means = Orders of which we heard for the first time.
outcome-orders-numerator = orders whose first event was taken

outcome-delivered-within-90-s = Messages that arrived within 90 s
outcome-delivered-within-90-s-means = How many of the messages to your system had arrived 90 seconds after we took the event. What is still on its way has not arrived.
outcome-delivered-within-90-s-numerator = messages that arrived within 90 seconds
outcome-delivered-within-90-s-denominator = all messages that were to be sent to your endpoints
outcome-delivered-within-policy = Messages that arrived within the policy
outcome-delivered-within-policy-means = How many of the messages arrived by the automatic attempts alone (at once, or after 30 seconds, 2 minutes or 8 minutes), or in another way within the time that these take, 11 minutes 33 seconds.
outcome-delivered-within-policy-numerator = messages that arrived by an automatic attempt of their first round, or within 11 minutes 33 seconds
outcome-delivered-within-policy-denominator = all messages that were to be sent to your endpoints
outcome-delivered-in-the-end = Messages that arrived in the end
outcome-delivered-in-the-end-means = How many of the messages arrived at all, also by a retry or once your endpoint had come back.
outcome-delivered-in-the-end-numerator = messages that arrived, whenever that was
outcome-delivered-in-the-end-denominator = all messages that were to be sent to your endpoints
outcome-webhooks-under-way = Messages on their way
outcome-webhooks-under-way-means = Messages that may still arrive by themselves.
outcome-webhooks-under-way-numerator = messages that wait or are being sent
outcome-webhooks-skipped = Messages not sent on purpose
outcome-webhooks-skipped-means = The endpoint takes no such events or was removed, or the customer's data was erased. They are in no share.
outcome-webhooks-skipped-numerator = messages that were skipped
outcome-propagation-p50 = Half arrive within
outcome-propagation-p50-means = The time from when we took the event within which half of the messages that arrived had arrived. Never told too short, and at most 12.3 % and 1 ms too long.
outcome-propagation-p50-numerator = the time that half of the arrived messages took at most
outcome-propagation-p95 = 95 in 100 arrive within
outcome-propagation-p95-means = The time from when we took the event within which 95 in 100 of the messages that arrived had arrived. Never told too short, and at most 12.3 % and 1 ms too long.
outcome-propagation-p95-numerator = the time that 95 in 100 of the arrived messages took at most
outcome-propagation-p99 = 99 in 100 arrive within
outcome-propagation-p99-means = The time from when we took the event within which 99 in 100 of the messages that arrived had arrived. Never told too short, and at most 12.3 % and 1 ms too long.
outcome-propagation-p99-numerator = the time that 99 in 100 of the arrived messages took at most

outcome-first-attempt-success = Parcels delivered at the first attempt
outcome-first-attempt-success-means = How many orders the customer got when the rider came for the first time.
outcome-first-attempt-success-numerator = orders whose first attempt at the door was a delivery
outcome-first-attempt-success-denominator = orders with an attempt at the door
outcome-failed-deliveries = Failed attempts at the door
outcome-failed-deliveries-means = How often a rider came and could not deliver the parcel.
outcome-failed-deliveries-numerator = attempts at the door without a delivery
outcome-failed-customer = Failed because of the customer
outcome-failed-customer-means = The customer was not there, did not answer, or did not want the parcel.
outcome-failed-customer-numerator = attempts that failed because of the customer
outcome-failed-customer-denominator = failed attempts at the door
outcome-failed-address = Failed because of the address
outcome-failed-address-means = The address was wrong, not whole, or could not be found.
outcome-failed-address-numerator = attempts that failed because of the address
outcome-failed-address-denominator = failed attempts at the door
outcome-failed-payment = Failed because of the payment
outcome-failed-payment-means = The customer could not or would not pay at the door.
outcome-failed-payment-numerator = attempts that failed because of the payment
outcome-failed-payment-denominator = failed attempts at the door
outcome-failed-verification = Failed because of the code
outcome-failed-verification-means = The customer could not show the code, or who they are.
outcome-failed-verification-numerator = attempts that failed because of the code
outcome-failed-verification-denominator = failed attempts at the door
outcome-failed-carrier = Failed because of the logistics company
outcome-failed-carrier-means = The vehicle, the rider or the route was at fault.
outcome-failed-carrier-numerator = attempts that failed because of the logistics company
outcome-failed-carrier-denominator = failed attempts at the door
outcome-failed-other = Failed for another reason
outcome-failed-other-means = None of the reasons above.
outcome-failed-other-numerator = attempts that failed for another reason
outcome-failed-other-denominator = failed attempts at the door
outcome-rto = Parcels that went back (RTO)
outcome-rto-means = How many orders came back to you without having been delivered.
outcome-rto-numerator = orders that began their way back undelivered
outcome-rto-denominator = those, and orders that were delivered

outcome-instructions-given = Failed attempts that were answered
outcome-instructions-given-means = After how many failed attempts the customer, you or we said what is to be done next.
outcome-instructions-given-numerator = failed attempts with an answer
outcome-instructions-given-denominator = failed attempts at the door
outcome-instructions-accepted = Answers that were accepted
outcome-instructions-accepted-means = How many of those answers the logistics company took on.
outcome-instructions-accepted-numerator = failed attempts with an answer that was accepted
outcome-instructions-accepted-denominator = failed attempts with an answer
outcome-delivered-after-instruction = Delivered at the next attempt, with an answer
outcome-delivered-after-instruction-means = How often the next attempt at the door succeeds after an accepted answer that asks for one.
outcome-delivered-after-instruction-numerator = of those, parcels delivered at the next attempt
outcome-delivered-after-instruction-denominator = failed attempts with an accepted answer that asks for a delivery, and whose order went on
outcome-delivered-without-instruction = Delivered at the next attempt, without an answer
outcome-delivered-without-instruction-means = How often the next attempt at the door succeeds where nobody said anything.
outcome-delivered-without-instruction-numerator = of those, parcels delivered at the next attempt
outcome-delivered-without-instruction-denominator = failed attempts without an answer whose order went on
outcome-redeliveries-avoided = Attempts at the door that were saved
outcome-redeliveries-avoided-means = A model: parcels that went back as somebody asked, without another attempt, and the deliveries after answers beyond those there would be at your own rate without any. It assumes that those who answer are like those who do not. It is unknown where every failed attempt was answered.
outcome-redeliveries-avoided-numerator = parcels sent back as asked, and deliveries after accepted answers, less the accepted answers times the share delivered without one
outcome-redelivery-cost-avoided = Money saved at the door
outcome-redelivery-cost-avoided-means = A model: what the saved attempts would have cost, at the cost of one as it is set for you today. Unknown where none is set.
outcome-redelivery-cost-avoided-numerator = saved attempts times the cost of one

outcome-wismo-calls-per-100-orders = "Where is my order?" calls for 100 orders
outcome-wismo-calls-per-100-orders-means = How many customers called to ask where their order is, for 100 new orders. The call centre counts the calls.
outcome-wismo-calls-per-100-orders-numerator = calls on days of which their number is known
outcome-wismo-calls-per-100-orders-denominator = new orders of those days
outcome-sms-sent = Texts sent
outcome-sms-sent-means = Texts (SMS) about events that were sent to customers. Codes and reminders are not counted here.
outcome-sms-sent-numerator = texts that Twilio took
outcome-sms-parts = Parts of those texts
outcome-sms-parts-means = A long text is sent in several parts, and each is paid for.
outcome-sms-parts-numerator = parts of the texts that Twilio took
outcome-sms-cost = What those texts cost
outcome-sms-cost-means = The parts, at the price of one as it is set for you today. Unknown where none is set.
outcome-sms-cost-numerator = parts times the price of one

outcomes-unchanged = the same
outcomes-more = +{ $amount }
outcomes-less = −{ $amount }
outcomes-points = { $points } points

report-title = Weekly report
report-of = Week of { $name }: { $days }
report-made = As of { $made }. Days are those of { $zone }; what becomes of an event later counts for the day on which it was taken.
report-not-over = This week is not over yet.
report-week = Week
report-week-hint = Any day of it.
report-weeks = Other weeks
report-earlier = The week before
report-later = The week after
report-print = Print
report-this-week = This week
report-week-before = Week before
report-change = Change
