"""Spark itself: a session on this machine, on a cluster or behind Spark Connect."""
