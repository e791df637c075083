"""A place that tells Python when the page is shown: `ui.widgets.show.late_chart` mounts it."""
