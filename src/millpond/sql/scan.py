"""A query read on tokens: its levels, and the relations, stars and qualified names of each.

This is not a parser: Spark judges the query. It only finds what has to be replaced, so it follows
FROM clauses, brackets, WITH and set operators, and passes over everything else.
"""

from __future__ import annotations

from dataclasses import dataclass

from millpond.definitions import Name
from millpond.sql.levels import Chain, Level, Scan, Star
from millpond.sql.query_tokens import QueryTokens
from millpond.sql.relations import read_relation
from millpond.sql.tokens import TokenKind, words

_SET_OPERATORS = ("UNION", "EXCEPT", "INTERSECT", "MINUS")
_BEHIND_SET_OPERATOR = (*_SET_OPERATORS, "ALL", "DISTINCT", "NAME")
_QUERY_STARTS = ("SELECT", "WITH", "FROM", "VALUES", "TABLE")
_FROM_ENDS = frozenset(
    words("SELECT WHERE GROUP HAVING ORDER SORT CLUSTER DISTRIBUTE LIMIT OFFSET WINDOW QUALIFY |>")
)


def scan(query: str) -> Scan:
    """Read a whole query.

    Raises:
        MillpondError: PARSE_SYNTAX_ERROR for text that cannot be cut into tokens.
    """
    scanner = _Scanner(QueryTokens(query))
    scanner.query(0, len(scanner.tokens), None, frozenset())
    return Scan(tuple(scanner.levels))


@dataclass(slots=True)
class _From:
    """Where in a FROM clause the scanner is.

    Attributes:
        inside: between FROM and the clause that ends it.
        expecting: the next token starts a relation.
        lateral: behind LATERAL VIEW, where commas separate column names.
    """

    inside: bool = False
    expecting: bool = False
    lateral: bool = False

    def start(self) -> None:
        self.inside, self.expecting, self.lateral = True, True, False

    def end(self) -> None:
        self.inside, self.expecting, self.lateral = False, False, False


class _Scanner:
    def __init__(self, tokens: QueryTokens) -> None:
        self.tokens = tokens
        self.levels: list[Level] = []

    def level(self, parent: Level | None) -> Level:
        self.levels.append(Level(parent))
        return self.levels[-1]

    def query(self, index: int, end: int, parent: Level | None, local: frozenset[str]) -> None:
        """`[WITH ...] body`."""
        if self.tokens.word(index) == "WITH":
            index, local = self.with_clause(index, end, local)
        self.body(index, end, self.level(parent), local, _From())

    def with_clause(
        self, index: int, end: int, local: frozenset[str]
    ) -> tuple[int, frozenset[str]]:
        """The common table expressions; the token after them, and the names now in scope."""
        tokens = self.tokens
        recursive = tokens.word(index + 1) == "RECURSIVE"
        index += 1 + recursive
        while tokens.is_name(index) and index < end:
            name = tokens[index].value.casefold()
            opening = index + 1
            while opening < end and not self._opens_definition(opening):
                skip = tokens.word(opening) == "("
                opening = tokens.closing(opening) + 1 if skip else opening + 1
            if opening >= end:
                return index, local
            close = tokens.closing(opening)
            self.query(opening + 1, close, None, local | {name} if recursive else local)
            local |= {name}
            index = close + 1
            if tokens.word(index) != ",":
                break
            index += 1
        return index, local

    def _opens_definition(self, index: int) -> bool:
        return self.tokens.word(index) == "(" and self.tokens.word(index - 1) == "AS"

    def body(self, index: int, end: int, level: Level, local: frozenset[str], state: _From) -> None:
        """Everything behind WITH, up to `end`."""
        first = index
        while index < end:
            if state.expecting:
                state.expecting = False
                index, found = self.relation(index, end, level, local)
                if found:
                    continue
            word = self.tokens.word(index)
            if word in _SET_OPERATORS and self.tokens.word(index - 1) != "*":
                level = self.level(level.parent)
                index = self.set_operand(index, level, local)
                state.end()
            elif word == "TABLE" and index == first:
                index = self.table(index, level, local)
            elif word == "(":
                index = self.group(index, level, local)
            elif self.is_clause(index):
                index = self.clause(index, state)
            else:
                index = self.expression_part(index, level, local)

    def set_operand(self, index: int, level: Level, local: frozenset[str]) -> int:
        """What follows a set operator: the operator's words, then a bracket or TABLE."""
        while self.tokens.word(index) in (*_BEHIND_SET_OPERATOR, "BY"):
            index += 1
        if self.tokens.word(index) == "TABLE":
            return self.table(index, level, local)
        if self.tokens.word(index) == "(":
            return self.relation_group(index, level, local)
        return index

    def is_clause(self, index: int) -> bool:
        """Whether a word here steers the FROM clause and is not a column of that name."""
        word = self.tokens.word(index)
        return word in (",", "FROM", "JOIN", "LATERAL", *_FROM_ENDS) and (
            self.tokens.word(index - 1) not in (".", ":") and self.tokens.word(index + 1) != "."
        )

    def clause(self, index: int, state: _From) -> int:
        word = self.tokens.word(index)
        if word == "FROM":
            if not self._of_distinct(index):
                state.start()
        elif word == "JOIN":
            state.start()
        elif word == "LATERAL" and self.tokens.word(index + 1) == "VIEW":
            state.lateral = True
        elif word == ",":
            state.expecting = state.inside and not state.lateral
        elif word in _FROM_ENDS:
            state.end()
        return index + 1

    def _of_distinct(self, index: int) -> bool:
        """`IS [NOT] DISTINCT FROM`."""
        before = [self.tokens.word(index - back) for back in (1, 2, 3)]
        return before[:2] == ["DISTINCT", "IS"] or before == ["DISTINCT", "NOT", "IS"]

    def relation(
        self, index: int, end: int, level: Level, local: frozenset[str]
    ) -> tuple[int, bool]:
        """What is read at this place of a FROM clause; the token after it, and if it is known."""
        tokens = self.tokens
        word = tokens.word(index)
        if word == "LATERAL" and tokens.word(index + 1) != "VIEW":
            index, word = index + 1, tokens.word(index + 1)
        if word == "(":
            return self.relation_group(index, level, local), True
        if word == "VALUES":
            return self.values(index + 1, level, local), True
        if word in _QUERY_STARTS:
            return index, False
        reference, after = read_relation(
            tokens, index, lambda name: len(name) == 1 and name[0].casefold() in local
        )
        if reference is not None:
            level.relations.append(reference)
        else:
            self.inner_arguments(index, after, level, local)
        return after, after > index

    def inner_arguments(self, start: int, end: int, level: Level, local: frozenset[str]) -> None:
        """Subqueries and tables among the arguments of a table function."""
        for index in range(start, end):
            if self.tokens.word(index) == "(" and self.tokens.word(start) != "STREAM":
                self.group(index, level, local)
                return

    def relation_group(self, index: int, level: Level, local: frozenset[str]) -> int:
        """A bracket where a relation stands: a subquery, or relations that are joined first."""
        close = self.tokens.closing(index)
        if self.tokens.word(index + 1) in _QUERY_STARTS:
            self.query(index + 1, close, level, local)
        else:
            self.body(index + 1, close, level, local, _From(inside=True, expecting=True))
        return close + 1

    def values(self, index: int, level: Level, local: frozenset[str]) -> int:
        """The rows of an inline table; the token after them."""
        while True:
            if self.tokens.word(index) == "(":
                index = self.group(index, level, local)
            else:
                index += 1
            if self.tokens.word(index) != ",":
                return index
            row = self.tokens[index + 1]
            if row.upper not in ("(", "-") and row.kind not in (TokenKind.NUMBER, TokenKind.STRING):
                return index
            index += 1

    def table(self, index: int, level: Level, local: frozenset[str]) -> int:
        """`TABLE t` or `TABLE(t)`, which take no alias."""
        name = index + 1 + (self.tokens.word(index + 1) == "(")
        if self.tokens.word(name) in _QUERY_STARTS:
            return index + 1
        reference, after = read_relation(
            self.tokens,
            name,
            lambda found: len(found) == 1 and found[0].casefold() in local,
            takes_alias=False,
        )
        if reference is not None:
            level.relations.append(reference)
        return max(after, index + 1)

    def group(self, index: int, level: Level, local: frozenset[str]) -> int:
        """A bracket in an expression; the token after it."""
        close = self.tokens.closing(index)
        if self.tokens.word(index + 1) in _QUERY_STARTS:
            self.query(index + 1, close, level, local)
        else:
            self.expression(index + 1, close, level, local)
        return close + 1

    def expression(self, index: int, end: int, level: Level, local: frozenset[str]) -> None:
        while index < end:
            if self.tokens.word(index) == "(":
                index = self.group(index, level, local)
            elif self._is_table_argument(index):
                index = self.table(index, level, local)
            else:
                index = self.expression_part(index, level, local, in_brackets=True)

    def _is_table_argument(self, index: int) -> bool:
        return (
            self.tokens.word(index) == "TABLE"
            and self.tokens.word(index - 1) in ("=>", ",", "(")
            and (self.tokens.is_name(index + 1) or self.tokens.word(index + 1) == "(")
        )

    def expression_part(
        self, index: int, level: Level, local: frozenset[str], *, in_brackets: bool = False
    ) -> int:
        """A star, a qualified name or any one token; the token after it."""
        tokens = self.tokens
        if tokens.word(index) == "*" and not in_brackets:
            self._star(index, (), tokens[index].start, level)
            return index + 1
        if not tokens.is_name(index) or tokens.word(index - 1) in (".", ":"):
            return index + 1
        first, parts, ends = index, [tokens[index].value], [tokens[index].end]
        while tokens.word(index + 1) == "." and tokens.is_name(index + 2):
            index += 2
            parts.append(tokens[index].value)
            ends.append(tokens[index].end)
        start = tokens[first].start
        if tokens.word(index + 1) == "." and tokens.word(index + 2) == "*":
            level.chains.append(Chain((*parts, "*"), start, (*ends, tokens[index + 2].end)))
            self._star(index + 2, tuple(parts), start, level)
            return index + 3
        if len(parts) > 1 and tokens.word(index + 1) != "(":
            level.chains.append(Chain(tuple(parts), start, tuple(ends)))
        return index + 1

    def _star(self, index: int, qualifier: Name, start: int, level: Level) -> None:
        tokens = self.tokens
        if not qualifier and tokens.word(index - 1) not in ("SELECT", "DISTINCT", "ALL", ","):
            return  # a multiplication
        end = tokens[index].end
        if tokens.word(index + 1) not in ("EXCEPT", "EXCLUDE") or tokens.word(index + 2) != "(":
            level.stars.append(Star(qualifier, start, end))
            return
        close = tokens.closing(index + 2)
        excepted = tuple(t.value for t in tokens.between(index + 3, close) if t.is_name)
        level.stars.append(Star(qualifier, start, end, tokens[close].start, excepted))
