"""Where data comes from: Auto Loader, and the local mapping of millpond.yml."""
