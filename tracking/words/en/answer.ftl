# What a customer says after a failed delivery. $shop is the shop's name, $time a time such as
# 6:30 pm, $day a day such as Saturday, 28 November.

ask = What should we do with your parcel?
ask-else = Something else?
ask-until-today = You can tell us until today, { $time }.
ask-until-tomorrow = You can tell us until tomorrow, { $time }.
ask-until-day = You can tell us until { $day }.
too-late = It is too late to change this delivery.

action-reattempt = Bring it again with the next delivery
action-reschedule = Bring it on another day
action-change-address = Bring it to another address or call another phone
action-hold = Keep it for me at the delivery centre
action-return = Send it back: I do not want it any more

said-by-customer = You asked for this
said-by-shop = { $shop } asked for this
said-open = We have passed it on. The answer will be shown here.
said-accepted = This is confirmed.
said-accepted-today = This is confirmed: we come today by { $time }.
said-accepted-tomorrow = This is confirmed: we come tomorrow by { $time }.
said-accepted-day = This is confirmed: we come on { $day }.
said-rejected = This is not possible.
said-reason = The reason: { $reason }
awaits-code = Your change waits for the code that we texted.
enter-code = Enter the code
notice-changed = That is not possible any more. This is how it stands now.

near-today = Today
near-tomorrow = Tomorrow
day-today = Today, { $day }
day-tomorrow = Tomorrow, { $day }
slot-any = { $day }, any time
slot-morning = { $day }, 9 am to noon
slot-afternoon = { $day }, noon to 4 pm
slot-evening = { $day }, 4 pm to 8 pm
when = When should we come?
when-soonest = As soon as possible

code-needed = For this we will text a code to the phone of the order. Fill in what should change only.
new-address = New address
line1 = House and street
line2 = Area (if needed)
city = City
state = State (if needed)
pincode = PIN code
landmark = Landmark, to find the address more easily
phone = Phone that the rider should call
comment = Note for the rider (if needed)
send = Send
back = Back to your parcel

fault-title = Please check what is marked.
fault-when = Please choose one of the days and times.
fault-address = Please give house and street, city and PIN code; or only a landmark; or only a phone.
fault-pincode = A PIN code has six digits.
fault-phone = Please give a phone number of ten digits.
fault-too-long = This is too long: please say it in fewer words.
fault-text = Please write this in plain letters and digits.
fault-code = { $left ->
    [0] This code is not right, and no attempt is left. Ask for another code.
    [one] This code is not right. One attempt is left.
   *[other] This code is not right. { $left } attempts are left.
  }

code-title = Enter the code
code-sent = We have texted a code of six digits to the phone of the order. It is valid for 10 minutes.
code-label = Code
code-confirm = Confirm
code-again = Text me another code
code-over = This code is too old, or was tried too often. Ask for another one.
code-not-sent = The code could not be texted. Please call { $shop }.

message-forged = Please send this again
message-forged-text = Open the page again from the latest SMS about your order, and send it from there.
message-enough-today = That is enough for today
message-enough-today-text = This was asked for very often. Nothing has changed. Try again tomorrow, or ask the shop.
message-not-taken = This was not taken
message-not-taken-text = Nothing has changed. Please send it again in a while.
