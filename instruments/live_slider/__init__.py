"""A slider that acts while it moves: `ui.widgets.live` mounts it."""
