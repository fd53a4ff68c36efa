"""Options without a prefix that no reader knows, and that look like one that is known."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from millpond.sources.auto_loader.known_options import (
    IGNORED,
    NOT_FOR_THE_PARSER,
    ONLY_ON_DATABRICKS,
    USED,
)

_PREFIX = "cloudFiles."
_OF_FILES = (
    "allowOverwrites basePath charset cleanSource compression discardCachedInputRatio encoding "
    "fileNameOnly ignoreCorruptFiles ignoreMissingFiles latestFirst maxCachedFiles "
    "schemaEvolution sourceArchiveDir"
)
_OF_RECORDS = (
    "columnNameOfCorruptRecord dateFormat enableDateTimeParsingFallback lineSep locale mergeSchema "
    "mode multiLine nullValue timeZone timestampFormat timestampNTZFormat"
)
_OF_JSON = (
    "allowBackslashEscapingAnyCharacter allowComments allowNonNumericNumbers "
    "allowNumericLeadingZeros allowSingleQuotes allowUnquotedControlChars allowUnquotedFieldNames "
    "dropFieldIfAllNull ignoreNullFields inferTimestamp maxNestingDepth maxNumLen maxStringLen "
    "prefersDecimal preferTimestampNTZ primitivesAsString writeNonAsciiCharacterAsCodePoint"
)
_OF_CSV = (
    "charToEscapeQuoteEscaping columnPruning comment delimiter emptyValue enforceSchema escape "
    "escapeQuotes extension header ignoreLeadingWhiteSpace ignoreTrailingWhiteSpace inferDate "
    "inputBufferSize maxCharsPerColumn maxColumns nanValue negativeInf positiveInf preferDate "
    "quote quoteAll sep separator unescapedQuoteHandling"
)
_OF_XML = (
    "arrayElementName attributePrefix declaration excludeAttribute ignoreNamespace "
    "ignoreSurroundingSpaces rootTag rowTag rowValidationXSDPath treatEmptyValuesAsNulls "
    "validateName valueTag wildcardColName"
)
_OF_OTHERS = (
    "avroSchema avroSchemaUrl datetimeRebaseMode enableStableIdentifiersForUnionType "
    "ignoreExtension int96RebaseMode positionalFieldMatching recordName recordNamespace "
    "recursiveFieldMaxDepth stableIdentifierPrefixForUnionType wholeText "
    "dataAddress headerRows listSheets operation"
)
_AUTO_LOADER = (*USED, *IGNORED, *NOT_FOR_THE_PARSER, *ONLY_ON_DATABRICKS)
_KNOWN = {
    name.casefold(): name
    for name in (
        *" ".join((_OF_FILES, _OF_RECORDS, _OF_JSON, _OF_CSV, _OF_XML, _OF_OTHERS)).split(),
        *(name.removeprefix(_PREFIX) for name in _AUTO_LOADER),
    )
}
_LIKENESS = 0.84
"""An option that is no more like a known one may be one of a reader that is not known here."""


def misspelt(options: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each option that nobody knows, as written, with the one that it is nearly."""
    for key in options:
        folded = key.casefold()
        if folded in _KNOWN or "." in key:
            continue
        plain = folded.replace("_", "")
        close = difflib.get_close_matches(plain, _KNOWN, n=1, cutoff=_LIKENESS)
        if close:
            yield key, _KNOWN[close[0]]
