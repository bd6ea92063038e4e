"""What the hands do on the annotate page, turned into verbs of the session: one object for each kind of gesture."""
