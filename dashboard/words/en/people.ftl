# Signing in, invitations, and the people of a partner.

sign-in = Sign in
sign-out = Sign out
sign-in-refused = The e-mail or the password is wrong, or there were too many attempts: then wait a quarter of an hour.
sign-in-forgotten = Forgotten your password?
sign-in-invited = Invited, and no password yet? Open the link in your invitation, or ask whoever invited you for a new one.
sign-in-lost = No password yet, or forgotten it? Whoever invited you can send you a new link.
email = E-mail
password = Password
password-new = Choose a password
password-again = Confirm password
password-hint = At least { $shortest } characters. A few words in a row are easy to keep in mind.
password-length = Choose at least { $shortest } characters.
password-common = Many people think of that one. Choose another, such as a few words in a row.
password-differs = The two are not the same.

invitation-title = Welcome
invitation-for = { $name }, you are invited to the dashboard of { $place }.
invitation-accept = Set the password and sign in

forgotten-title = Forgotten your password?
forgotten-lead = Give the e-mail address that you sign in with, and we mail you a link to choose another password.
forgotten-send = Mail me a link
forgotten-sent = If somebody signs in with this address, a link is on its way there. It works once, for { $minutes } minutes.
forgotten-nothing = Nothing has come? Look in the folder for unwanted mail, and check the address.
forgotten-back = Back to the sign-in

reset-title = Choose another password
reset-for = { $name }, choose another password for the dashboard of { $place }. It signs you out everywhere.
reset-set = Set the password
done-password-reset = Your password is changed. Sign in with it.

portal-title = Order tracking
portal-explained = This opens the delivery dashboard of { $place }. The link works once.
portal-enter = Open the dashboard of { $place }

account-title = Your account
account-who = You are signed in as { $name } ({ $role }).
account-sessions = { $count ->
    [one] You are signed in here and nowhere else.
   *[other] You are signed in at { $count } places.
  }
account-sign-out-elsewhere = Sign out everywhere else
account-reset-password = Another password
account-new-password = For a new password, ask whoever invited you for a new link.
account-portal = You came from the merchant portal; this sign-in ends by itself within eight hours.
done-signed-out-elsewhere = You are signed out everywhere else.

role-ops = support team
role-owner = Owner
role-member = Member
role-member-means = Sees everything, retries and resends, sends test events.
role-owner-means = Also changes endpoints, SMS, settings, keys and the team.

people-title = Team
people-lead = Who can sign in here.
people-name = Name
people-role = Role
people-last = Last signed in
people-invited = Invited
people-none = Nobody has an account here yet
people-none-hint = Invite people below, so that each signs in for themselves.
people-none-but-visits = Nobody has an account of their own yet. Whoever is here comes from the merchant portal, as listed below.
people-mail-refused = E-mail refused
people-mail-refused-why = The mail server does not take this address ({ $code }), so nothing is mailed there. Is it right?
people-mail-again = Mail again
done-mailed-again = Mails go to this address again.
people-remove = Remove
people-remove-ask = Remove { $name }? They are signed out at once.
people-invite = Invite
people-invite-by-mail = They are mailed a link. Invite a member again to mail them another one; whoever has forgotten their password can have a link mailed from the sign-in.
people-mailed = { $days ->
    [one] A link is on its way to { $email }. It works once, for one day.
   *[other] A link is on its way to { $email }. It works once, for { $days } days.
  }
people-invite-hint = You get a link to pass on. Invite a member again to give them a new password; an owner who has lost theirs asks our support team.
people-link = { $days ->
    [one] Pass this link on. It is shown only now, works once, and for one day.
   *[other] Pass this link on. It is shown only now, works once, and for { $days } days.
  }
done-removed = Removed.
people-remove-with-keys = Remove, and revoke their keys
people-remove-with-keys-ask = Remove { $name }, and revoke the API keys that they made? Whatever uses those keys stops working.
people-sessions = Signed in now
people-visit = From the merchant portal
people-visits-hint = Who came from the merchant portal has no account here; such a session ends by itself within eight hours.
people-visit-you = You
people-visit-end = Sign out
people-portal = To invite people or create keys, sign in with an invitation of your own.
done-visit-ended = They are signed out.
