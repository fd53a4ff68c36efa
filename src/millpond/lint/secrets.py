"""Tell a secret in plain text from a reference to one."""

from __future__ import annotations

import re

_NAMES = re.compile(
    r"passw(?:or)?d|passphrase|secret|(?<![a-z])token(?!iz)|access[._-]?key|account[._-]?key"
    r"|api[._-]?key|private[._-]?key|connection[._-]?string",
    re.IGNORECASE,
)
_NOT_THE_SECRET = re.compile(
    r"scope|name|path|_id\b|\.id\b|url|endpoint|provider|vault|ttl|expir|type|file|column|header"
    r"|secrets?_?key|location|principal",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"\{\{\s*secrets/|\$\{|<[^>]*>|^\*+$|^x+$|dbutils|secret\(|^__|unknown|your|change.?me|todo",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    r"(?:password|SharedAccessKey|AccountKey)\s*=\s*[\"']?(?P<value>[^\"';\s{$<][^\"';\s]{3,})",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\b(?:dapi[0-9a-f]{32}|AKIA[0-9A-Z]{16}|ghp_[A-Za-z0-9]{36})\b")


def is_secret(name: str, value: str) -> bool:
    """Whether the value of something with this name is a secret in plain text."""
    if holds_secret(value):
        return True
    if not _NAMES.search(name) or _NOT_THE_SECRET.search(name):
        return False
    plain = bool(value.strip()) and " " not in value.strip() and not _REFERENCE.search(value)
    return plain and value.casefold() not in ("true", "false", "none", "null")


def holds_secret(text: str) -> bool:
    """Whether a text has a password or a token of a known form in it."""
    if _TOKEN.search(text):
        return True
    found = _INSIDE.search(text)
    return found is not None and not _REFERENCE.search(found["value"])
