"""`doorstep demo`: the whole system at work on a sandbox, and its ledger balanced at the end."""
