"""The options of Kafka as users write them, and what Spark's connector is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from millpond import codes, differences
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.notices import Notices, noticing
from millpond.sources.kafka import connector_options, read_kafka

HERE = Span(Path("pipeline.py"), 3, 8)
SECURE = {
    "kafka.security.protocol": "SASL_SSL",
    "kafka.sasl.mechanism": "PLAIN",
    "kafka.sasl.jaas.config": "kafkashaded.org.apache.kafka.common.security.plain.PlainLoginModule"
    " required username='u' password='p';",
}


def unmapped(servers, at):
    return servers


def mapped(servers, at):
    return "localhost:9092"


def test_mapped_servers_are_reached_without_the_security_of_the_real_ones():
    with noticing(Notices()) as notices:
        options = connector_options(
            {"kafka.bootstrap.servers": "broker:9093", "subscribe": "t", **SECURE}, mapped, HERE
        )

    assert options == {"kafka.bootstrap.servers": "localhost:9092", "subscribe": "t"}
    assert [each.feature for each in notices.differences] == [differences.KAFKA_SECURITY]
    assert notices.differences[0].at == HERE


def test_servers_that_are_not_mapped_keep_theirs_with_classes_that_exist_here():
    with noticing(Notices()) as notices:
        options = connector_options(
            {"kafka.bootstrap.servers": "broker:9093", "subscribe": "t", **SECURE}, unmapped, HERE
        )

    assert options["kafka.bootstrap.servers"] == "broker:9093"
    assert options["kafka.sasl.jaas.config"].startswith("org.apache.kafka.common.security.plain.")
    assert notices.differences == ()


def test_read_kafka_has_a_name_of_its_own_for_the_servers():
    assert connector_options({"bootstrapServers": "a:1", "subscribe": "t"}, unmapped, HERE) == {
        "kafka.bootstrap.servers": "a:1",
        "subscribe": "t",
    }


@pytest.mark.parametrize(
    ("options", "code", "param"),
    [
        ({"subscribe": "t"}, codes.KAFKA_OPTION_MISSING, "kafka.bootstrap.servers"),
        ({"kafka.bootstrap.servers": "a:1"}, codes.KAFKA_OPTION_MISSING, "subscribe"),
        (
            {"kafka.bootstrap.servers": "a:1", "subscribe": "t", "SubscribePattern": "x.*"},
            codes.KAFKA_TOPICS_AMBIGUOUS,
            "subscribe, subscribePattern",
        ),
    ],
)
def test_what_is_missing_is_told_before_a_server_is_asked(options, code, param):
    with pytest.raises(MillpondError) as raised:
        read_kafka(None, options, unmapped, HERE, streaming=True)

    assert raised.value.code is code
    assert param in raised.value.params.values()
    assert raised.value.at == HERE
