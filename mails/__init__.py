"""E-mails in words: what a notification says, in HTML and in plain text, in each language."""
