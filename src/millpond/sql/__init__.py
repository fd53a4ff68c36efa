"""SQL source: statements, headers, table references; the query itself goes to Spark."""
