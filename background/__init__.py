"""What runs beside the workers of Temporal: loops that look for what is due, and schedules."""
