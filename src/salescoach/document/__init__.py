"""What every saved document is: its base model, stamps, recording, merge, conflicts, ancestry, undo, migrations."""
