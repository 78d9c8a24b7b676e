# What is set for a partner.

settings-title = Settings
settings-lead = How this shop is called, when and by which way its events go out.
settings-save = Save
settings-about = The shop
settings-name = Name
settings-name-hint = Customers read it at the beginning of each text.
settings-zone = Time zone
settings-other-zone = Another time zone
settings-other-zone-hint = By its IANA name, such as Asia/Tashkent. Leave it empty to take the one above.
settings-now = It is there now

settings-deliveries = Deliveries
settings-is-running = running
settings-is-paused = paused
settings-pause-means = While deliveries are paused, no webhook and no text goes out. Events are still taken and wait; nothing is lost. Texts that wait too long to be of use are not sent any more.
settings-pause = Pause deliveries
settings-pause-ask = Pause all webhooks and texts of this shop?
settings-paused-since = Paused since
settings-resume-means = Events are taken and wait; nothing is lost. Once you resume, new events go out at once. What waits stays where it is until you send it again: recover the endpoint, or retry single events.
settings-resume = Resume deliveries

settings-webhooks = Webhooks
settings-webhooks-mean = With webhooks on, each event is posted to your endpoints. Switched off, new events go to none of them; what is on its way still arrives.
settings-to-endpoints = See the endpoints
settings-webhooks-on = Switch webhooks on
settings-webhooks-off = Switch webhooks off
settings-webhooks-off-ask = Switch webhooks off? Events of that time are not sent to your endpoints later.
settings-texts-elsewhere = Texts to customers have a page of their own:

settings-of-ops = Set by operations
settings-of-ops-hint = Ask operations to change these.
settings-id = Partner id
settings-retention = Days that payloads and personal data are kept
settings-days = { $days ->
    [one] one day
   *[other] { $days } days
  }
settings-ours = as for every shop
settings-cap = { $cap ->
    [one] one text a day
   *[other] { $cap } texts a day
  }
settings-empty-is-ours = Empty: as for every shop.
settings-sender-hint = A number, a registered header or a messaging service (MG…). Empty: our own.

settings-fault-name = Give the shop a name of up to 500 characters.
settings-fault-time-zone = There is no such time zone. Use an IANA name, such as Asia/Kolkata.
settings-fault-tier = Choose one of the tiers.
settings-fault-retention-days = Keep data for 1 to 3650 days, or leave it empty.
settings-fault-sms-daily-cap = Allow 1 to 1000000 texts a day, or leave it empty.
settings-fault-sms-sender = The sender is a number, a header of 3 to 11 letters and digits, or a messaging service (MG…).

done-settings-saved = Saved.
done-settings-paused = Deliveries are paused. Events are taken and wait.
done-settings-resumed = Deliveries are resumed: new events go out at once. What waited stays until it is sent again.
