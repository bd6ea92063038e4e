"""Every action of the window: a module of rows for each menu, the table of them all, and what is made of it."""
