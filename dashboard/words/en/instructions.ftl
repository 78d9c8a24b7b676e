# What is to be done after a failed delivery.

instructions-title = What happens to the parcel next
instructions-ask = What should happen to the parcel?
instructions-until = You can decide until
instructions-address-hint = Fill in what changes: a whole new address, only a landmark for the old one, or only another phone.
instructions-too-late = It is too late for that: it was answered already, or the order has gone on.

action-reattempt = Deliver with the next run
action-reschedule = Deliver on another day
action-change-address = Deliver to another address, or call another phone
action-hold = Keep it at the delivery centre
action-return = Send it back to the shop

instruction-waiting-for-code = waits for the customer's code
instruction-open = passed on, not decided yet
instruction-accepted = confirmed
instruction-rejected = not possible
instruction-superseded = replaced
instruction-closed = overtaken
instruction-expired = expired
instruction-by-customer = The customer,
instruction-by-merchant = The shop,
instruction-by-ops = Our support team,
instruction-unposted = the order system could not be told
instruction-next-attempt = Next attempt:
instruction-line1 = House and street
instruction-line2 = Area
instruction-city = City
instruction-state = State
instruction-pincode = PIN code
instruction-landmark = Landmark
instruction-phone = Phone to call
instruction-when = Day and time
instruction-soonest = As soon as possible
instruction-comment = Note for the rider
instruction-send = Request this

slot-morning = { $day }, 9 am to noon
slot-afternoon = { $day }, noon to 4 pm
slot-evening = { $day }, 4 pm to 8 pm

fault-instruction-when = Choose one of the days and times.
fault-instruction-address = Give house and street, city and PIN code; or only a landmark; or only a phone.
fault-instruction-pincode = A PIN code has six digits.
fault-instruction-phone = Give a phone number: ten digits of India, or + with its country code.
fault-instruction-too-long = Write it in 500 characters or fewer.
fault-instruction-text = Write it in plain letters and digits.

no-choice-order-went-on = The order has gone on: nothing can be asked for now.
no-choice-decided = It is confirmed and cannot be changed any more.
no-choice-expired = The time to ask for something has passed: the next attempt is due.
no-choice-nothing-allowed = Nothing can be asked for after this failure.
no-choice-erased = The customer's data was erased.

failed-title = Undelivered parcels
failed-lead = The delivery failed, and neither you nor the customer has decided yet what happens next. The oldest come first.
failed-first = Back to the oldest
failed-next = Later ones
failed-none = Nothing to decide: for every undelivered parcel it is settled what happens next.
failed-action = For the selected parcels
failed-when = Day and time (for another day)
failed-ask = Request this
failed-why = Why it failed
failed-since = Failed on
failed-until = Decide by
failed-attempt = attempt { $number }
failed-too-late = too late: the next attempt is due
failed-nothing-allowed = nothing can be requested
failed-tick = Select order { $order }
failed-tick-all = Select all
failed-none-ticked = Select at least one order.
failed-fault = Choose a day for another day, and write the note in 500 plain characters or fewer.
failed-given = { $count ->
    [one] One order was decided.
   *[other] { $count } orders were decided.
  }
failed-refused = { $count ->
    [one] One order was not:
   *[other] { $count } orders were not:
  }
failed-refused-action = this is not possible after such a failure, or the shop does not allow it.
failed-refused-when = this day or time is not available.
failed-customer = The customer
failed-address = The address
failed-payment = The payment
failed-verification = The verification
failed-carrier = The carrier
failed-other = Another reason

done-instruction-given = It was passed on to the order system.
done-instructions-given = They were passed on to the order system.
