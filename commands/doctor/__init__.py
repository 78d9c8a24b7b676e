"""`doorstep doctor`: what is reachable, what is missing, what stands still, and what to do."""
