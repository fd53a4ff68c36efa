"""What a graph that is drawn without running anything cannot know."""

from __future__ import annotations

from millpond.codes.code import Code

STATIC_NAME_UNKNOWN = Code(
    "STATIC_NAME_UNKNOWN",
    "{what} is defined here, under a name that is only known when the code runs",
    "It is missing from this graph; `millpond run --dry-run` runs the code and finds it.",
)

STATIC_READ_UNKNOWN = Code(
    "STATIC_READ_UNKNOWN",
    "what is read here is only known when the code runs",
    "It is missing from this graph; `millpond run --dry-run` runs the code and finds it.",
)

STATIC_EXPECTATIONS_UNKNOWN = Code(
    "STATIC_EXPECTATIONS_UNKNOWN",
    "which expectations there are here is only known when the code runs",
    "They are missing from this graph; `millpond run --dry-run` runs the code and finds them.",
)

STATIC_DATASET_UNCERTAIN = Code(
    "STATIC_DATASET_UNCERTAIN",
    "{what} of {name} is only known when the code runs",
    "The graph shows what is known; `millpond run --dry-run` runs the code and finds the rest.",
)

STATIC_SOURCE_TOO_LARGE = Code(
    "STATIC_SOURCE_TOO_LARGE",
    "the file does more than can be followed without running it",
    "Parts of it are missing from this graph; `millpond run --dry-run` runs the code.",
)
