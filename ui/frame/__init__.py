"""What surrounds every lesson: menu, language, link, beginning and end."""
