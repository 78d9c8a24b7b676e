"""Texts in the store: claimed before Twilio hears of them, held, released, told about."""
