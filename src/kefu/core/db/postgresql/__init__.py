"""Django's PostgreSQL backend with the same patience as the SQLite one (`base`)."""
