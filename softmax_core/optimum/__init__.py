"""Where a loss is least: Newton's method, L-BFGS for wide problems, FISTA for wide ones with L1, in units that do not matter."""
