"""Instructions: what is to be done after a failed delivery. Their words, rules, states, webhook."""
