"""The pipeline on rows made for the purpose, and on the sample data."""

ORDERS = [
    {"id": 1, "customer": "ann", "country": "pt", "amount": 2.5},
    {"id": 2, "customer": None, "country": "nl", "amount": 1.0},
    {"id": 3, "customer": "bob", "country": "nl", "amount": -1.0},
]
SCHEMA = "id BIGINT, customer STRING, country STRING, amount DOUBLE, ordered_at TIMESTAMP"


def test_valid_orders_are_kept_and_the_others_are_in_quarantine(pipeline):
    pipeline.feed("bronze_orders", ORDERS, SCHEMA)
    result = pipeline.run("silver_orders", "quarantine_orders")

    assert [row["id"] for row in result["silver_orders"]] == [1]
    assert [row["id"] for row in result["quarantine_orders"]] == [2, 3]
    assert result.expectations("silver_orders")["positive_amount"].failed == 1


def test_orders_that_arrive_later_are_added(pipeline):
    pipeline.feed("bronze_orders", ORDERS, SCHEMA)
    pipeline.run("gold_sales_by_country")
    pipeline.feed("bronze_orders", [{"id": 4, "customer": "cyd", "country": "PT", "amount": 4}])
    result = pipeline.run("gold_sales_by_country")

    assert result["gold_sales_by_country"] == [{"country": "PT", "orders": 2, "revenue": 6.5}]


def test_the_whole_pipeline_on_the_sample_data(pipeline):
    result = pipeline.run()

    assert len(result["bronze_orders"]) == 4
    assert result.dropped("silver_orders") == 2
    assert result["gold_sales_by_country"] == [
        {"country": "NL", "orders": 1, "revenue": 7.0},
        {"country": "PT", "orders": 1, "revenue": 12.5},
    ]
