"""The command groups, one module for each noun: `doorstep events …`, `doorstep deliveries …`."""
