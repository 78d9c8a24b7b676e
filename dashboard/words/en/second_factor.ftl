# The second factor of a sign-in, recovery codes, and where somebody is signed in.

code-title = Enter your code
code-lead = Your authenticator app shows six digits, and others every 30 seconds.
code-lead-recovery = Each recovery code works once, in place of your authenticator app.
code = Code from your authenticator app
code-recovery = Recovery code
code-either = Code from your app, or a recovery code
code-by-recovery = Use a recovery code
code-by-app = Use your authenticator app
code-lost = No phone and no recovery code? Whoever invited you can reset it.
code-wrong = That code is not right. Enter the one that your app shows now. If it goes on, set your phone's clock to automatic.
code-used = That code was already used. Wait for the next one.
code-clock-behind = { $minutes ->
    [one] That code was right a minute ago. Enter the one that your app shows now; if it goes on, your phone's clock is slow: set it to automatic.
   *[other] That code was right { $minutes } minutes ago. Enter the one that your app shows now; if it goes on, your phone's clock is slow: set it to automatic.
  }
code-clock-ahead = { $minutes ->
    [one] Your phone's clock is a minute fast. Set it to automatic, then enter the next code.
   *[other] Your phone's clock is { $minutes } minutes fast. Set it to automatic, then enter the next code.
  }
failure-sign-in-ended-title = The sign-in took too long
failure-sign-in-ended = Go back, and enter your password again.

second-factor-title = Two-step sign-in
second-factor-on = On
second-factor-is-on = Two-step sign-in is on.
second-factor-off-state = Off
second-factor-none = Besides your password, a code from your phone can be asked for when you sign in. Then a stolen password opens nothing.
second-factor-begin = Set up two-step sign-in
second-factor-change = Manage
second-factor-lead = Each sign-in then asks for your password and for a code from your phone.
second-factor-needed-lead = Your account needs a second step at the sign-in. Set it up once; it takes a minute.
second-factor-app = Install an authenticator app on your phone, if you have none. Any of them will do.
second-factor-scan = Scan this picture with it.
second-factor-picture = QR code for your authenticator app
second-factor-open = Open the app on this phone
second-factor-by-hand = Cannot scan it?
second-factor-by-hand-hint = Type this key into the app, as one that goes by time.
second-factor-password = Your password
second-factor-password-wrong = The password is wrong, or there were too many attempts: then wait a quarter of an hour.
second-factor-current = Code from the app so far
second-factor-current-hint = Or a recovery code, if the old phone is gone.
second-factor-first-code = Code that the app shows after the scan
second-factor-first-code-hint = Six digits.
second-factor-confirm = Turn on
second-factor-replace = Use another phone
second-factor-off-title = Turn it off
second-factor-off = Turn off
second-factor-is-required = It is required for your account and cannot be turned off.
second-factor-reset = Reset
second-factor-reset-ask = Reset the two-step sign-in of { $name }? Then their password alone lets them in, and they are signed out at once. First make sure that it is they who ask.
done-second-factor-off = Two-step sign-in is off.
done-second-factor-reset = Reset. They are signed out, and sign in with their password.

recovery-title = Your recovery codes
recovery-explained = Without your phone, each of these { $count } codes signs you in once. Keep them where others cannot read them, not on the phone itself. They are shown only now.
recovery-kept = I have kept them
recovery-left = { $count ->
    [0] No recovery code is left. Make new ones, or losing your phone locks you out.
    [one] One recovery code is left. Make new ones soon.
   *[other] { $count } recovery codes are left.
  }
recovery-renew-title = New recovery codes
recovery-renew-hint = The ones from before stop working.
recovery-renew = Make new codes

sessions-title = Where you are signed in
sessions-here = This browser
sessions-browser = Browser
sessions-browser-unknown = Unknown browser
sessions-network = Network
sessions-since = Since
sessions-used = Last used
sessions-hint = One that you do not know? Sign it out, and choose another password.
done-session-ended = That browser is signed out.
