# The first page of a shop: whether it is fine, and what to do.

figure-percent = { $percent } %
figure-more = more than { $most }

overview-title = Overview
overview-lead = Times are in the time zone { $zone }. This page keeps itself up to date.
overview-days-1 = Today
overview-days-7 = 7 days
overview-days-30 = 30 days
overview-days-90 = 90 days
overview-figures = In figures
overview-compared-1 = Compared with yesterday until this time.
overview-compared = Today and the { $before } days before, compared with the { $days } days before those.

banner-an-endpoint = An endpoint
banner-none = All good: nothing has failed and nothing is on hold.
banner-paused = { $held ->
    [0] Sending is paused. New updates are kept on hold.
    [one] Sending is paused. One update is on hold.
   *[other] Sending is paused. { $shown } updates are on hold.
  }
banner-resume = Resume sending
banner-nothing-is-sent = Nothing is sent: webhooks and SMS are both off.
banner-nothing-is-sent-do = Turn on SMS
banner-endpoint-failing = { $where } does not answer as it should.
banner-endpoint-failing-do = See what it answers
banner-endpoint-failing-text = { $failed ->
    [0] { $held ->
        [0] We keep checking; nothing is lost.
        [one] One update is on hold and goes out by itself once it answers. Nothing is lost.
       *[other] { $shown } updates are on hold and go out by themselves once it answers. Nothing is lost.
      }
   *[other] { $held ->
        [0] { $failed } failed. Retry them once it answers.
        [one] One update is on hold and goes out by itself once it answers; { $failed } failed.
       *[other] { $shown } updates are on hold and go out by themselves once it answers; { $failed } failed.
      }
  }
banner-endpoint-off = { $where } is switched off.
banner-endpoint-off-do = Switch it on
banner-endpoint-off-text = { $failed ->
    [0] { $held ->
        [0] Nothing is sent there until somebody switches it on.
        [one] One update is on hold until somebody switches it on.
       *[other] { $shown } updates are on hold until somebody switches it on.
      }
   *[other] { $held ->
        [0] { $failed } failed. Retry them once it is on.
       *[other] { $shown } on hold, { $failed } failed.
      }
  }
banner-failed = { $failed ->
    [one] One update failed.
   *[other] { $failed } updates failed.
  }
banner-failed-do = See why and retry
banner-unprocessed = { $unprocessed ->
    [one] One update could not be processed. Our support team is looking into it.
   *[other] { $unprocessed } updates could not be processed. Our support team is looking into it.
  }
banner-sms-stopped = { $held ->
    [one] SMS are stopped at the moment: one is on hold.
   *[other] SMS are stopped at the moment: { $shown } are on hold.
  }
banner-sms-stopped-do = See why
banner-daily-cap = { $held ->
    [one] Today's limit of SMS is reached: one goes out tomorrow.
   *[other] Today's limit of SMS is reached: { $shown } go out tomorrow.
  }
banner-daily-cap-do = See the SMS
banner-late = { $late ->
    [one] One update takes longer than usual to send.
   *[other] { $late } updates take longer than usual to send.
  }
banner-late-do = See which
banner-endpoint-flaky = Some requests to { $where } fail. They are retried by themselves.
banner-endpoint-flaky-do = See its answers
banner-in-line = { $held ->
    [one] One update waits for its turn and goes out by itself.
   *[other] { $shown } updates wait for their turn and go out by themselves.
  }
banner-in-line-do = See which
banner-also-failed = { $failed ->
    [one] One update failed, too.
   *[other] { $failed } updates failed, too.
  }
banner-also-held = { $held ->
    [one] One more is on hold.
   *[other] { $held } more are on hold.
  }

overview-sent = Updates sent
overview-sent-hint = Webhooks and SMS that were sent. The share is of those that should have been sent by now; what was not needed is in neither.
overview-share = { $share } of { $due }
overview-failed = Failed updates
overview-failed-hint = Every attempt failed, or the SMS was refused. See why, fix it and retry.
overview-held = On hold
overview-held-hint = They wait for something and are not lost: see for what.
overview-queued = { $count } queued
overview-not-sent = Not sent
overview-not-sent-hint = Updates that failed, were dismissed or expired.
overview-out = Parcels out for delivery
overview-out-hint = They went out today and have not arrived or failed yet.
overview-delivered = Parcels delivered
overview-delivered-hint = Orders of which we were told that the parcel was delivered.
overview-to-answer = Undelivered parcels to act on
overview-to-answer-hint = A delivery failed, and nobody has said yet what to do with the parcel.
overview-attempts = Failed delivery attempts
overview-attempts-hint = How often a courier could not hand over a parcel.
overview-not-needed = { $count ->
    [one] One update was not needed:
   *[other] { $count } updates were not needed:
  }
overview-not-needed-total = { $count ->
    [one] One update was not needed.
   *[other] { $count } updates were not needed.
  }
overview-not-needed-one = { $why } { $count }

overview-endpoints = Endpoints
overview-endpoint-open = Open the endpoint
overview-no-endpoint = There is no endpoint. Webhooks go out once there is one.
overview-add-endpoint = Add an endpoint
overview-unused = not in use
overview-unused-why = Webhooks are switched off for this shop: nothing is sent to this endpoint.
overview-unused-see = Switch webhooks on in the settings
overview-unused-paused = paused
overview-unused-paused-why = Sending is paused for this shop: nothing is sent to this endpoint until it is resumed.
overview-texts = SMS to customers
overview-texts-on = SMS are on: customers hear of their parcel by SMS.
overview-texts-fallback = An SMS is sent only when a webhook could not be delivered.
overview-texts-paused = SMS are on, but sending is paused: no customer gets one until it is resumed.
overview-texts-see = See the SMS
overview-times = Half of today's updates went out within { $p50 }, 95 % within { $p95 } (of the last { $count }).

overview-chart-hours = Updates of today, by the hour
overview-chart-days = Updates by day
overview-chart-hint = By when they were made, as they stand now. A bar leads to its list.
overview-chart-none = There were no updates in this time.
overview-chart-table = The same in numbers
overview-part = When
overview-bar-sent = sent
overview-bar-failed = not sent
overview-bar-waiting = on hold or queued
overview-bar-not-needed = not needed

overview-last = Latest updates
overview-last-all = All orders
overview-last-none = No update has come yet. The first one comes with your first order.
overview-event-when = Received
overview-event-order = Order
overview-event-type = What happened
overview-event-state = Update
overview-test = test
