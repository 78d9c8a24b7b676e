# Orders: the list, and one order with what its customer and each endpoint got.

parcel-order-confirmed = confirmed
parcel-out-for-delivery = out for delivery
parcel-delivered = delivered
parcel-delivery-failed = delivery failed
parcel-return-initiated = returned

step-order-confirmed = Confirmed
step-out-for-delivery = Out for delivery
step-delivered = Delivered
step-delivery-failed = Delivery failed
step-return-initiated = Returned
step-times = { $count } times

customer-masked = { $name } ••••{ $digits }
customer-phone-masked = ••••{ $digits }

dates-since = From
dates-until = To
dates-bad-day = That is no date: write it as 2026-11-25.
dates-reversed = The first day is after the last one: swap the two.

orders-title = Orders
orders-lead = Your orders, those with the newest update first: where each parcel is, and whether your customer and your own system have heard of it.
orders-filters = Filter the orders
orders-filter = Show
orders-any = Any
orders-parcel = Parcel
orders-problem = Last update
orders-problem-failed = failed
orders-problem-on-hold = on hold
orders-problem-skipped = skipped
orders-tests = Test orders
orders-tests-shown = Shown
orders-tests-hidden = Left out
orders-order = Order
orders-shop-number = Your own number
orders-awb = AWB number
orders-customer = Customer
orders-updated = Last update
orders-updated-csv = Last update (your time zone)
orders-endpoint = { $name }: { $said }
orders-csv-more = Only the newest { $count } orders are in this file. Choose fewer days for the others.
orders-none-here = None so far
orders-none-here-hint = None of your newest { $count } updates matches. Older ones may.
orders-look-further = Look further back
orders-none-found = No order found
orders-none-found-hint = Choose fewer filters, or other days.
orders-none-yet = No orders yet
orders-none-yet-hint = As soon as an order of yours is confirmed, it shows up here. So does a test event.

order-title = Order { $order }
order-title-state = { $order }: { $state }
order-test = test
order-back = All orders
order-facts = What is known of this order
order-phone = Phone
order-address = Address
order-city = City
order-payment = Payment
order-prepaid = Prepaid
order-cod = { $amount }, cash on delivery
order-cod-unknown = Cash on delivery
order-expected = Expected
order-promised = Promised
order-rider = Rider
order-reveal = Show customer details
order-reveal-hint = Name, phone and address, this once. Your activity log says who looked.
order-revealed = Shown this once, and noted in the activity log.
order-erased = The customer's data was erased.
order-way = Where the parcel is
order-updates = Updates
order-technical = Technical details
order-to-customer = Customer
order-to-endpoints = Your system
order-no-sms = No SMS for this update.
order-no-webhook = No webhook for this update.
order-answer = { $count ->
    [one] { $answer }, one attempt:
   *[other] { $answer }, { $count } attempts, the last:
  }
order-sms-became = { $state } { $time }
order-sms-anew = Filled in once more from the template: the SMS itself is erased with its OTP.
order-sms-not-kept = The words of this SMS are not kept any more.

ticket-title = Copy for a ticket
ticket-hint = Ids, states and last answers, without anything of the customer.
ticket-order = Order { $order }, shop { $partner }
ticket-event = { $type }, { $at }, event { $event }
ticket-delivery = - { $channel } { $to } ({ $delivery }): { $state }, last answer { $code }, attempts { $attempts }, { $at }
