# Signing in by the company's identity provider (OpenID Connect).

provider-sign-in = Sign in with your { $name } account
provider-or = or
provider-away = The sign-in of the company does not answer as it should. Try again in a few minutes.
provider-declined = The sign-in of the company did not let you go on. Try again, or ask those who run it.
provider-ended = That sign-in took too long, or was used already. Begin again.
provider-untrusted = The answer of the company's sign-in could not be trusted, so nobody was signed in. Try again; if it stays so, tell our support team.
provider-clock = The clock of the company's sign-in and ours do not agree, so nobody was signed in. Tell our support team.
provider-no-email = The company's sign-in names no verified e-mail of yours. Ask those who run it.
provider-no-account = You have no account here. Ask for an invitation.
provider-not-ops = The company's sign-in does not name you as one of the support team. Ask those who run it.
provider-password-only = Sign in with your e-mail and password: this account does not use the company's sign-in.
provider-another-identity = The account with your e-mail belongs to somebody else at the company's sign-in. Ask to be invited again.
provider-of-partner = Somebody at a shop has an account with your e-mail here, so you have none as one of the support team. Ask the support team to remove it.
provider-removed = Your account here was removed. Ask for an invitation.
