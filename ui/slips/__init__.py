"""Slips of textbooks, each beside what is right."""
