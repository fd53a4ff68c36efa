"""The rules for transactions."""

from rules.rule import COMPLETENESS, CONSISTENCY, DROP, FAIL, VALIDITY, WARN, Rule

COUNTRIES = ("CA", "DE", "FR", "GB", "US")

ALLOWED_LATENESS_DAYS = 1
"""How many days before the day it lands a transaction may have happened."""

ARRIVAL_RULES = (
    Rule(
        "readable",
        "_corrupt_record IS NULL",
        COMPLETENESS,
        WARN,
        "the line is not JSON",
    ),
    Rule(
        "of_the_expected_types",
        "_rescued_data IS NULL",
        VALIDITY,
        WARN,
        "a value is of another type or in a column of its own",
    ),
)
"""On bronze, which keeps everything: they only count."""

CHECKS = (
    Rule("readable", "is_readable", COMPLETENESS, DROP, "the line is not JSON"),
    Rule(
        "transaction_id_present",
        "transaction_id IS NOT NULL",
        COMPLETENESS,
        DROP,
        "there is no transaction_id",
    ),
    Rule(
        "customer_id_present",
        "customer_id IS NOT NULL",
        COMPLETENESS,
        DROP,
        "there is no customer_id",
    ),
    Rule(
        "product_id_present",
        "product_id IS NOT NULL",
        COMPLETENESS,
        DROP,
        "there is no product_id",
    ),
    Rule(
        "transaction_date_valid",
        "transaction_timestamp IS NOT NULL",
        VALIDITY,
        DROP,
        "transaction_date is missing or not a time",
    ),
    Rule(
        "quantity_positive",
        "quantity > 0",
        VALIDITY,
        DROP,
        "quantity is missing, not a whole number or not above zero",
    ),
    Rule(
        "unit_price_positive",
        "unit_price > 0",
        VALIDITY,
        DROP,
        "unit_price is missing, not a number or not above zero",
    ),
    Rule(
        "country_known",
        f"country IN {COUNTRIES}",
        CONSISTENCY,
        DROP,
        "country is missing or not one we trade in",
    ),
    Rule(
        "not_late",
        "transaction_timestamp IS NULL OR landing_date IS NULL"
        f" OR transaction_timestamp >= date_sub(landing_date, {ALLOWED_LATENESS_DAYS})",
        CONSISTENCY,
        DROP,
        "the transaction arrived too late to be counted",
    ),
    Rule(
        "not_from_the_future",
        "transaction_timestamp IS NULL OR landing_date IS NULL"
        " OR transaction_timestamp < date_add(landing_date, 1)",
        CONSISTENCY,
        DROP,
        "the transaction is dated after it arrived",
    ),
)
"""What a transaction must meet to leave bronze; a row that fails one goes to quarantine."""

SILVER_RULES = (
    Rule(
        "product_known",
        "department IS NOT NULL",
        CONSISTENCY,
        WARN,
        "the product is not in the reference data",
    ),
    Rule(
        "customer_known",
        "age_band IS NOT NULL",
        CONSISTENCY,
        WARN,
        "nothing is known about the customer",
    ),
    Rule(
        "quantity_usual",
        "quantity <= 100",
        VALIDITY,
        WARN,
        "the quantity is unusual, or counted in small units as fuel is",
    ),
    Rule(
        "every_check_passed",
        "quality_passed",
        CONSISTENCY,
        FAIL,
        "a row that belongs in quarantine reached silver",
    ),
    Rule(
        "amount_adds_up",
        "total_amount = round(quantity * unit_price, 2)",
        CONSISTENCY,
        FAIL,
        "the total is not quantity times price",
    ),
)
"""On silver: warnings on what a row refers to, and invariants that a code change might break."""
