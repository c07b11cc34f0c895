"""What keeps edits and typed texts safe: saved in order, watched, offered again after a crash."""
