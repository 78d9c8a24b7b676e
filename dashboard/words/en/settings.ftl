# What is set for a shop.

settings-title = Settings
settings-save = Save
settings-about = Shop
settings-name = Name
settings-name-hint = Customers read it at the beginning of each SMS.
settings-zone = Time zone
settings-other-zone = Another time zone
settings-other-zone-name = Its name
settings-other-zone-hint = Such as Asia/Tashkent. Leave it empty to use the one above.
settings-now = The time there now:

settings-deliveries = Sending
settings-sending = Send updates
settings-pause-means = While this is off, no webhook and no SMS goes out. New updates are put on hold and nothing is lost; SMS that become too late to be of use are skipped.
settings-pause-ask = Pause all webhooks and SMS of this shop?
settings-paused-since = Paused since
settings-resume-means = New updates are put on hold and nothing is lost. Once you switch this on, new updates go out at once. Those on hold stay there until you resend them on the endpoint's page or on the page of the order.

settings-channels = Channels
settings-webhooks = Webhooks
settings-webhooks-mean = With webhooks on, each event is sent to your endpoints. With webhooks off, new events are sent to none of them, now or later.
settings-to-endpoints = See the endpoints
settings-webhooks-off-ask = Switch webhooks off? Events of that time are not sent to your endpoints later.
settings-texts-elsewhere = SMS to customers have a page of their own:

settings-of-ops = Set by our support team
settings-of-ops-show = Plan, limits and sender
settings-of-ops-hint = Ask our support team to change these.
settings-id = Shop id
settings-retention = Days that payloads and personal data are kept
settings-days = { $days ->
    [one] one day
   *[other] { $days } days
  }
settings-ours = as for every shop
settings-cap = { $cap ->
    [one] one SMS per day
   *[other] { $cap } SMS per day
  }
settings-sms-daily-cap = SMS limit per day
settings-sms-sender = Sender ID
settings-empty-is-ours = Empty: as for every shop.
settings-sender-hint = A number, a registered header or a messaging service (MG…). Empty: our own.

settings-fault-name = Give the shop a name of up to 500 characters.
settings-fault-time-zone = There is no such time zone. Write it such as Asia/Kolkata.
settings-fault-tier = Choose one of the plans.
settings-fault-retention-days = Keep data for 1 to 3650 days, or leave it empty.
settings-fault-sms-daily-cap = Allow 1 to 1000000 SMS per day, or leave it empty.
settings-fault-sms-sender = The sender is a number, a header of 3 to 11 letters and digits, or a messaging service (MG…).

done-settings-saved = Saved.
done-settings-paused = Paused. New updates are put on hold; none is lost.
done-settings-resumed = Resumed: new updates go out at once. Those on hold stay there until they are resent.
done-webhooks-on = Webhooks are on: new events are sent to your endpoints.
done-webhooks-off = Webhooks are off: new events are sent to no endpoint.
