# Times and their units in short, wherever how long something takes is said.

# Days, hours, minutes and seconds, in this order, with | between them: `2 d 4 h`, `45 s`.
span-units = d|h|min|s
span-milliseconds = { $count } ms
