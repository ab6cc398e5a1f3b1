"""What a person may read: one module for each screen. Every function takes its own read-only transaction."""
