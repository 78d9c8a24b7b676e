"""`make ledger`: kills every part with SIGKILL while events flow, then counts three ways."""
