"""Any study over many samples: draw them, run them here or on a cluster, keep them, run them again."""
