"""Tables, charts, maps and pages: the only room with a plotting library."""
