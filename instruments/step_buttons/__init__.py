"""Two buttons that lead from step to step: `ui.widgets.live` mounts them."""
