"""What lists show, read from the index: deals, people and today's work; none of these opens a document."""
