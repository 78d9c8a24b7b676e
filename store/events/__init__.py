"""Events: taken in, waiting in the outbox, searched, shown, erased."""
