"""What scanning a query finds: its SELECT levels, with the names and stars of each."""

from __future__ import annotations

from dataclasses import dataclass, field

from millpond.definitions import Name
from millpond.sql.references import Reference


@dataclass(frozen=True, slots=True)
class Star:
    """`*` or `a.b.*` in a select list.

    Attributes:
        qualifier: the parts before the star.
        start, end: the range of all of it.
        except_at: where a further column of its EXCEPT list can be put, or None without a list.
        excepted: the columns of that list.
    """

    qualifier: Name
    start: int
    end: int
    except_at: int | None = None
    excepted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """A name with dots that is no relation: `t.c`, `cat.sch.t.c.field`.

    Attributes:
        parts: its names; `ends` has the offset just after each.
    """

    parts: Name
    start: int
    ends: tuple[int, ...]


@dataclass(eq=False, slots=True)
class Level:
    """One SELECT of the query, or one operand of a set operator.

    Attributes:
        parent: the level whose columns can be seen from here (a subquery's surroundings).
    """

    parent: Level | None = None
    relations: list[Reference] = field(default_factory=list)
    stars: list[Star] = field(default_factory=list)
    chains: list[Chain] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Scan:
    """What a query consists of; `levels` has an inner one after the one around it."""

    levels: tuple[Level, ...]
