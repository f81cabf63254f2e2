"""By when levels can be reached: schedules as mixed-integer programmes, and what they conflict on."""
