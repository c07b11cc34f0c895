"""What keeps documents safe beyond a save: backups, repair, what is set aside, what came from outside."""
