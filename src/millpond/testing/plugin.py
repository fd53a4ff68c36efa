"""The pytest plugin that Millpond installs."""
