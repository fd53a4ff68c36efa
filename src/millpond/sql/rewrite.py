"""A query made to read other things, with all that its columns were called by still valid."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from millpond.definitions import Name, quoted
from millpond.sql.levels import Chain, Level, Star
from millpond.sql.mapped import Edit, MappedText, edited, position
from millpond.sql.query_tokens import QueryTokens
from millpond.sql.references import Reference
from millpond.sql.scan import scan

__all__ = ["position", "replace", "substitute", "uses_metadata"]

METADATA = "_metadata"


def replace(query: str, replacements: Sequence[tuple[int, int, str]]) -> MappedText:
    """The query with each range `(start, end, text)` replaced, in any order.

    Raises:
        ValueError: if two ranges overlap.
    """
    return edited(query, (Edit(*replacement) for replacement in replacements))


def uses_metadata(query: str) -> bool:
    """Whether the query names the column `_metadata` of a file source."""
    tokens = QueryTokens(query)
    return any(
        tokens.is_name(index) and tokens[index].value.casefold() == METADATA
        for index in range(len(tokens))
    )


def substitute(
    query: str,
    references: Collection[Reference],
    names: Mapping[Reference, str],
    *,
    hide_metadata: Collection[Reference] = (),
    defaults: Name = (),
) -> MappedText:
    """The query with each reference replaced by the view that stands for it.

    A table without an alias gets its own name as one, and column qualifiers of several parts
    (`cat.sch.orders.id`) become that alias, so that all spellings of a column still resolve.

    Args:
        query: the text that `references` were found in.
        references: those to replace.
        names: what to put there, as SQL text (a backticked view name).
        hide_metadata: references whose view has `_metadata` as an ordinary column, which a star
            must not include: `*` becomes `* EXCEPT (_metadata)` where one is read.
        defaults: catalog and schema in force, by which a bare table may be qualified too.

    Returns:
        The text, which maps its offsets back to `query` (see `position`).
    """
    wanted = {reference.start: reference for reference in references}
    hidden = {reference.start for reference in hide_metadata}
    edits: list[Edit] = []
    aliases: dict[int, str] = {}
    levels = scan(query).levels
    for level in levels:
        for reference in level.relations:
            if reference.start in wanted:
                alias = _new_alias(reference, level, hidden)
                if alias is not None:
                    aliases[reference.start] = alias
                edits += _replacement(reference, names[wanted[reference.start]], alias)
    for level in levels:
        edits += (edit for star in level.stars for edit in _star(star, level, hidden, aliases))
        edits += (
            edit for chain in level.chains for edit in _chain(chain, level, aliases, defaults)
        )
    return edited(query, edits)


def _new_alias(reference: Reference, level: Level, hidden: set[int]) -> str | None:
    """The name to give what the query gives none.

    A table's own, or that in full where it is not unique. A function or path needs one only for
    its `_metadata` to be told from that of others.
    """
    if reference.alias_follows or reference.alias_at is None:
        return None
    own = reference.parts[-1]
    others = [other for other in level.relations if other is not reference]
    if reference.kind != "table":
        needed = reference.start in hidden and any(other.start in hidden for other in others)
        return f"{own} {reference.start}" if needed else None
    taken = any((other.alias or other.parts[-1]).casefold() == own.casefold() for other in others)
    return ".".join(reference.parts) if taken else own


def _replacement(reference: Reference, name: str, alias: str | None) -> Iterator[Edit]:
    if alias is None or reference.alias_at is None:
        yield Edit(reference.start, reference.end, name)
    elif reference.alias_at == reference.end:
        yield Edit(reference.start, reference.end, f"{name} AS {quoted(alias)}")
    else:
        yield Edit(reference.start, reference.end, name)
        yield Edit(reference.alias_at, reference.alias_at, f" AS {quoted(alias)}")


def _star(star: Star, level: Level, hidden: set[int], aliases: dict[int, str]) -> Iterator[Edit]:
    """Leave `_metadata` out of a star over relations that would show it."""
    if any(column.casefold() == METADATA for column in star.excepted):
        return
    sources = [relation for relation in level.relations if relation.start in hidden]
    if star.qualifier:
        sources = [
            r for r in sources if _known_as(r, aliases).casefold() == star.qualifier[-1].casefold()
        ]
    if not sources:
        return
    columns = [METADATA]
    if len(sources) > 1:
        columns = [f"{quoted(_known_as(source, aliases))}.{METADATA}" for source in sources]
    if star.except_at is not None:
        yield Edit(star.except_at, star.except_at, ", " + ", ".join(columns))
    else:
        yield Edit(star.end, star.end, f" EXCEPT ({', '.join(columns)})")


def _known_as(reference: Reference, aliases: dict[int, str]) -> str:
    return reference.alias or aliases.get(reference.start) or reference.parts[-1]


def _chain(chain: Chain, level: Level, aliases: dict[int, str], defaults: Name) -> Iterator[Edit]:
    """Qualify a column by the alias of the table that the chain names in full, if it does."""
    around: Level | None = level
    while around is not None:
        for relation in around.relations:
            alias = aliases.get(relation.start)
            size = _qualifier_size(chain, relation, defaults) if alias is not None else 0
            if alias is not None and (size > 1 or (size == 1 and alias != relation.parts[-1])):
                yield Edit(chain.start, chain.ends[size - 1], quoted(alias))
                return
        around = around.parent


def _qualifier_size(chain: Chain, relation: Reference, defaults: Name) -> int:
    """How many leading parts of the chain name the relation; 0 if they do not."""
    full = (*defaults[: 3 - len(relation.parts)], *relation.parts)
    for size in range(min(len(full), len(chain.parts) - 1), 1, -1):
        if _same(chain.parts[:size], full[-size:]):
            return size
    return 0


def _same(left: Name, right: Name) -> bool:
    return [part.casefold() for part in left] == [part.casefold() for part in right]
