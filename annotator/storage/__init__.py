"""The only place with SQL: project files, their schema, journal and rows."""
