# The settings of the tracking page that customers see, and the link of one order.

tracking-title = Tracking page
tracking-lead = A page on which your customers see where their parcel is, with your name, logo and colour. Its link is in the texts.
tracking-no-address = There is no page yet: operations have to set the public address (DOORSTEP_PUBLIC_URL).
tracking-page = The page
tracking-page-means = With it on, every text that names a tracking link, and whose order brings none of its own, has the link to this page. It shows what happened, the estimate, the rider's first name while the parcel is out, and why an attempt failed. It never shows an address, a whole phone number or the OTP.
tracking-on = Switch the page on
tracking-off = Switch the page off
tracking-off-ask = Switch the tracking page off? Links that customers have lead nowhere while it is off.
tracking-look = How it looks
tracking-color = Colour
tracking-color-hint = Your name stands on it in black or white, whichever can be read better.
tracking-save-color = Save the colour
tracking-logo = Logo
tracking-logo-now = The logo as customers see it
tracking-logo-hint = PNG, JPEG or WebP, at most { $kb } kB, and { $side } pixels wide and high. A square looks best.
tracking-logo-upload = Upload the logo
tracking-logo-remove = Remove the logo
tracking-answers = After a failed delivery
tracking-answers-mean = The page asks the customer what is to be done, and offers what is ticked here and makes sense after the reason of the failure. A new address or phone needs a code that we text to the phone of the order.
tracking-answers-allowed = Customers may ask for
tracking-no-sundays = No delivery on Sundays
tracking-reminder = Text the customer once more when nobody has answered after four hours
tracking-webhooks = The link in webhooks
tracking-webhooks-mean = With it on, webhooks have the link in order.tracking_url where the order brings none.
tracking-webhooks-on = Put the link in webhooks
tracking-webhooks-off = Leave the link out of webhooks
tracking-fault-color = Choose a colour such as #0b6e4f.
tracking-fault-logo = The logo was not taken: { $reason }.

order-open-page = See the customer's page
order-end-link = End its link
order-end-link-ask = End the link? Whoever has it sees nothing any more; the next text has a new one.

done-tracking-saved = Saved.
done-tracking-link-ended = The link has ended. The next text about this order has a new one.
