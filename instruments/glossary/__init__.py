"""The list of terms in the browser: it is searched as one types, without asking the server."""
