"""Run flows from snapshots: what changed between them, into their target."""
