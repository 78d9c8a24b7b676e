"""The Temporal client's side: connecting, starting, signalling, asking, dispatching."""
