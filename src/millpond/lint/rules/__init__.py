"""The rules: a module an area, a class a rule."""

MODULES = ("golden", "expectations", "suppressions")
