"""Where a loss is least: Newton's method, and what it needs for penalties and separable data."""
