"""What does not fit in what is tagged: pure rules on the records of one document and layer."""
