"""The pages of the dialog on people and their work."""
