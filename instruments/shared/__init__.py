"""What instruments share: the bundle, the checks of values, and small JavaScript modules."""
