"""Pages about signing in, devices, and accounts."""
