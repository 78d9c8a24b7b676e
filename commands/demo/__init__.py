"""`doorstep demo`: the whole system at work on a sandbox, and its books balanced at the end."""
