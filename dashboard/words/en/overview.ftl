# The first page of a partner.

figure-percent = { $percent } %
figure-more = more than { $most }

overview-title = Overview
overview-lead = Today so far, in the time of { $zone }. This page keeps itself up to date.
overview-paused = Deliveries are paused since { $when }. Events are still taken, and wait.
overview-figures = Today in figures

overview-events = Events today
overview-events-hint = taken from the logistics company
overview-rate = Delivered
overview-rate-hint = { $ended ->
    [one] of the one delivery of today that has ended
   *[other] of the { $ended } deliveries of today that have ended
  }
overview-rate-none = no delivery of today has ended yet
overview-p50 = Half arrive within
overview-p95 = 95 in 100 arrive within
overview-times-all = { $count ->
    [one] the one delivered today, from when we took the event
   *[other] all { $count } delivered today, from when we took the event
  }
overview-times-last = the last { $count } delivered today, from when we took the event
overview-times-none = nothing has been delivered today yet
overview-held = Waiting
overview-held-hint = kept until their turn comes or what they wait for is mended; no attempt is used up
overview-held-none = nothing waits
overview-dead = Not delivered
overview-dead-hint = every attempt failed; see why, and send them again
overview-dead-none = nothing to send again

overview-endpoints = Endpoints
overview-endpoint-open = Open the endpoint
overview-no-endpoint = There is no endpoint. Webhooks go out once there is one.
overview-add-endpoint = Add an endpoint
overview-texts = Texts to customers
overview-texts-on = Texts are on: customers hear of their parcel by SMS.
overview-texts-fallback = Texts are sent only when a webhook could not be delivered.
overview-texts-see = See the texts

overview-chart = Deliveries of the last 24 hours
overview-chart-hint = By the hour in which they were made, as they stand now.
overview-chart-none = Nothing was sent in the last 24 hours.
overview-chart-table = The same in numbers
overview-hour = Hour from
overview-delivered = delivered
overview-not-delivered = not delivered
overview-under-way = under way

overview-last = Last events
overview-last-all = All events
overview-last-none = No event has come yet. The logistics company sends the first one with the first order.
overview-event-when = Taken
overview-event-order = Order
overview-event-type = What happened
overview-event-state = Delivery

overview-start = What to do first
overview-start-lead = Nothing has come or gone yet. To set it up takes a few minutes.
overview-start-endpoint = Add an endpoint
overview-start-endpoint-why = The address of your system that takes the updates. You get a secret to check them with, and can send a test event at once.
overview-start-texts = See the texts
overview-start-texts-why = Your customers hear of their parcel by SMS, without any work on your side. See what they say, and choose those you want.
