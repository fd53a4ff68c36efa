"""Test a pipeline with pytest: the plugin and what it offers."""
