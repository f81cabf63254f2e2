"""By when levels can be reached: schedules of reductions as mixed-integer programmes, and what they conflict on."""
