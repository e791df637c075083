"""The button that opens the dialog to share a page, and in an embedded page the link to the whole one: `ui.frame.share` mounts both."""
