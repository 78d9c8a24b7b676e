# The tracking page that customers read. $shop is the shop's name, $time a time such as 6:30 pm,
# $day a day such as Saturday, 28 November.

order = Order
test-order = This is a test order: no parcel is on its way.
languages = Language
steps = What has happened so far
offline = There is no connection just now. What you see here may be old.
keep-private = Please keep this link to yourself: whoever has it can see this page.
stop-texts = Stop SMS about orders from { $shop }

state-order-confirmed = Your order is confirmed
state-out-for-delivery = Your parcel is out for delivery
state-delivered = Your parcel has been delivered
state-delivery-failed = We could not deliver your parcel
state-return-initiated = Your parcel is being returned

step-order-confirmed = Order confirmed
step-out-for-delivery = { $attempt ->
    [1] Out for delivery
   *[other] Out for delivery again (attempt { $attempt })
  }
step-delivered = Delivered
step-delivery-failed = Delivery not possible
step-return-initiated = Return started

expected-today = Expected today by { $time }
expected-tomorrow = Expected tomorrow by { $time }
expected-day = Expected on { $day } by { $time }
late-today = Running late: it was expected today by { $time }
late-yesterday = Running late: it was expected yesterday by { $time }
late-day = Running late: it was expected on { $day }
next-attempt-today = We will try again today by { $time }
next-attempt-tomorrow = We will try again tomorrow by { $time }
next-attempt-day = We will try again on { $day }
delivered-today = Delivered today at { $time }
delivered-yesterday = Delivered yesterday at { $time }
delivered-day = Delivered on { $day } at { $time }

recipient-customer = Handed over in person.
recipient-family = Handed to a family member.
recipient-neighbour = Handed to a neighbour.
recipient-security = Handed to the security guard.
recipient-reception = Handed over at the reception.
recipient-mailroom = Handed over at the mailroom.
recipient-other = Handed over at the address.

rider = Who is bringing it
rider-name = Name
rider-phone = Phone
vehicle = Vehicle
vehicle-two-wheeler = Two-wheeler
vehicle-three-wheeler = Three-wheeler
vehicle-four-wheeler = Four-wheeler
vehicle-truck = Truck
vehicle-other = Other
to-pay = Please keep { $amount } ready to pay on delivery.

# Why an attempt failed: by its reason, or else by the kind of reason.
reason-customer-unavailable = Nobody was there to take the parcel.
reason-customer-unreachable = We could not reach you by phone.
reason-customer-refused = The parcel was not accepted at the door.
reason-customer-cancelled = The order was cancelled.
reason-reschedule-requested = We were asked to come on another day.
reason-address-incorrect = We could not find the address.
reason-customer-moved = We were told that nobody of this name lives at the address.
reason-access-restricted = We could not get into the building or the area.
reason-premises-closed = The place was closed.
reason-out-of-delivery-area = The address is outside the area that we deliver to.
reason-payment-not-ready = The amount to pay was not ready.
reason-otp-unavailable = The delivery code (OTP) was not at hand.
reason-otp-mismatch = The delivery code (OTP) did not match.
reason-not-attempted = We did not get to your address in time.
reason-vehicle-issue = Our vehicle had a problem.
reason-weather-delay = The weather kept us from coming.
reason-shipment-damaged = The parcel was damaged on the way.
reason-shipment-lost = We cannot find the parcel at the moment.
reason-kind-customer = The parcel could not be handed over at the door.
reason-kind-address = There was a problem with the address.
reason-kind-payment = There was a problem with the payment.
reason-kind-verification = The delivery could not be verified.
reason-kind-carrier = Something went wrong on our side.
reason-kind-other = The delivery was not possible.

next-reattempt = We will try again.
next-reschedule = We are arranging another day.
next-hold = The parcel is kept at our delivery centre for now.
next-rto = The parcel goes back to { $shop }.
next-none = Please ask { $shop } what happens next.

return-rto = The parcel is on its way back to { $shop }.
return-customer-return = Your return is on its way to { $shop }.
return-expected-day = It should be there by { $day }.
return-questions = Please ask { $shop } about a refund or a new delivery.

message-unknown = This page is not available
message-unknown-text = The link may be incomplete, or it has ended. Open it again from the latest SMS about your order, or ask the shop.
message-too-often = Please wait a moment
message-too-often-text = This page was asked for very often. Try again in a minute.
message-away = Please try again in a while
message-away-text = The page cannot be shown just now. Your parcel is on its way all the same.
