"""Write a page as one HTML document that holds all it needs.

Names, messages and values come from the user's source and data. They are escaped wherever they
stand, shown as what they are where they could reorder or hide text, and the document's own
policy lets no script run but ours, and nothing be fetched.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from millpond import __version__
from millpond.report.html.layout import HEIGHT, WIDTH
from millpond.report.html.page import Page
from millpond.report.html.words import FILTERS
from millpond.report.text import percent, visible

_FOLDER = "page"
_PIECE = re.compile(r"[^_.]{1,24}[_.]*|[_.]{1,24}")
"""Of a name, between two places where it may be broken."""


def render(page: Page, *, live: bool = False, stamp: str = "") -> str:
    """The HTML document of a page.

    Args:
        live: it is served, and asks its server for what is new.
        stamp: of a live page, what it shows, as its server calls it.
    """
    environment = _environment()
    css = _text("report.css")
    js = _text("report.js") + (_text("live.js") if live else "")
    return environment.get_template("report.html.jinja").render(
        page=page,
        live=live,
        stamp=stamp,
        css=Markup(css),  # a file of ours, as it is
        js=Markup(js),
        policy=policy(css, js, live=live),
        version=__version__,
        box=(WIDTH, HEIGHT),
        percent=percent,
    )


def policy(css: str, js: str, *, live: bool) -> str:
    """The content security policy: our own style and script, by their sums, and nothing else."""
    connect = "'self'" if live else "'none'"
    return (
        f"default-src 'none'; style-src {_sum(css)}; script-src {_sum(js)}; img-src data:; "
        f"connect-src {connect}; base-uri 'none'; form-action 'none'"
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("millpond.report.html", _FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS, soft=_soft)
    return environment


def _shown(value: Any) -> Any:
    """What a template prints; markup of its own as it is."""
    return visible(value) if type(value) is str else value


def _soft(name: str) -> Markup:
    """A name that may be broken after its underscores and dots, and else if it is very long."""
    return Markup("<wbr>").join(_PIECE.findall(visible(name)))


@lru_cache(maxsize=8)
def _text(name: str) -> str:
    return (files("millpond.report.html") / _FOLDER / name).read_text(encoding="utf-8")


def _sum(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
