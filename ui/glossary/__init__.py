"""The glossary and the links into it."""
