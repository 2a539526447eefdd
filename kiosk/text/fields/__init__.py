"""Every field a person can stand on, by page: its label and its help side by side (UX 4.12)."""
