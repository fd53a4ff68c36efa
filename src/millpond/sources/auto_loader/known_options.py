"""The options of Auto Loader by name: those that matter here, and those only a cloud needs."""

from __future__ import annotations

USED = (
    "cloudFiles.format",
    "cloudFiles.includeExistingFiles",
    "cloudFiles.inferColumnTypes",
    "cloudFiles.maxBytesPerTrigger",
    "cloudFiles.maxFileAge",
    "cloudFiles.maxFilesPerTrigger",
    "cloudFiles.partitionColumns",
    "cloudFiles.rescuedDataColumn",
    "cloudFiles.schemaEvolutionMode",
    "cloudFiles.schemaHints",
    "cloudFiles.validateOptions",
)

IGNORED = (
    "cloudFiles.allowOverwrites",
    "cloudFiles.awsAccessKey",
    "cloudFiles.awsSecretKey",
    "cloudFiles.backfillInterval",
    "cloudFiles.cleanSource",
    "cloudFiles.cleanSource.moveDestination",
    "cloudFiles.cleanSource.retentionDuration",
    "cloudFiles.client",
    "cloudFiles.clientEmail",
    "cloudFiles.clientId",
    "cloudFiles.clientSecret",
    "cloudFiles.connectionString",
    "cloudFiles.fetchParallelism",
    "cloudFiles.listOnStart",
    "cloudFiles.pathRewrites",
    "cloudFiles.privateKey",
    "cloudFiles.privateKeyId",
    "cloudFiles.projectId",
    "cloudFiles.queueName",
    "cloudFiles.queueUrl",
    "cloudFiles.region",
    "cloudFiles.resourceGroup",
    "cloudFiles.resourceTags",
    "cloudFiles.roleArn",
    "cloudFiles.roleExternalId",
    "cloudFiles.roleSessionName",
    "cloudFiles.schemaLocation",
    "cloudFiles.stsEndpoint",
    "cloudFiles.subscription",
    "cloudFiles.subscriptionId",
    "cloudFiles.tenantId",
    "cloudFiles.useIncrementalListing",
    "cloudFiles.useManagedFileEvents",
    "cloudFiles.useNotifications",
    "cloudFiles.useStrictGlobber",
    "databricks.serviceCredential",
    "inferSchema",
    "samplingRatio",
)
"""Accepted without effect: they say how a cloud finds files, or what Auto Loader decides itself."""

IGNORED_PREFIXES = ("cloudFiles.resourceTag.", "cloudFiles.resourceTags.")

ONLY_ON_DATABRICKS = {
    "skipRows": "Remove the lines before the header from a copy of the file, and map its folder.",
}
"""Options that decide what is read and that Spark lacks, with what can be done instead."""

NOT_FOR_THE_PARSER = (
    "badRecordsPath",
    "fileNamePattern",
    "format",
    "maxBytesPerTrigger",
    "maxFileAge",
    "maxFilesPerTrigger",
    "modifiedAfter",
    "modifiedBefore",
    "path",
    "pathGlobFilter",
    "readerCaseSensitive",
    "recursiveFileLookup",
    "rescuedDataColumn",
    "schema",
    "singleVariantColumn",
)
"""Options without a prefix that say which files are read, not how."""
