"""What each command of `doorstep` does. `cli.py` parses, prints and gives exit codes."""
