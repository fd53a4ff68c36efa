import subprocess
from pathlib import Path

import pytest

from millpond.runtime import trust
from millpond.runtime.java import find_java
from millpond.runtime.trust import PASSWORD, certificates, write_trust_store

# A certificate made for these tests: self-signed, CN=millpond-test, valid until 2126.
_PEM = """\
-----BEGIN CERTIFICATE-----
MIIBiDCCAS2gAwIBAgIUNkaCVGTfCp90jIeyXMUZZc551oUwCgYIKoZIzj0EAwIw
GDEWMBQGA1UEAwwNbWlsbHBvbmQtdGVzdDAgFw0yNjExMjExMTIzMDFaGA8yMTI2
MTAyODExMjMwMVowGDEWMBQGA1UEAwwNbWlsbHBvbmQtdGVzdDBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABAWOFMnWTVFxQROMPdpB5ZNnXQePkM9gnJ6tadntm1rx
NyixEHl6KIKpq6QpbtQYcP614htc59N/Qp4/n+PSomejUzBRMB0GA1UdDgQWBBTR
yO2JQ2UFxBV/xEiwJWQvBdcQSTAfBgNVHSMEGDAWgBTRyO2JQ2UFxBV/xEiwJWQv
BdcQSTAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQD2RXlC/EHf
vygIXtbmG+DEB5pqbOVqXonikkDHrQeopwIhAP2dwLDZflvBdNHWmPjffU0JYs6T
lOMqBL0RDT//O6GF
-----END CERTIFICATE-----
"""


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bundle of one certificate, on a machine with no other."""
    for variable in trust._VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(trust, "_USUAL_FILES", ())
    file = tmp_path / "bundle.pem"
    file.write_text(_PEM, encoding="utf-8")
    return file


@pytest.mark.parametrize("variable", trust._VARIABLES)
def test_a_bundle_is_named_as_for_other_programs(
    bundle: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(bundle))
    assert len(certificates()) == 1


def test_then_the_system_s_own(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/no/such/file")
    monkeypatch.setattr(trust, "_USUAL_FILES", ("/nor/this", str(bundle)))
    assert len(certificates()) == 1


@pytest.mark.usefixtures("bundle")
def test_without_a_bundle_there_are_none() -> None:
    assert certificates() == []


def test_what_is_no_bundle_is_passed_over(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle.write_text("not a certificate", encoding="utf-8")
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    assert certificates() == []


def test_java_reads_the_key_store(
    bundle: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    store = tmp_path / "trusted.jks"
    write_trust_store(store, certificates())
    # keytool by its class: a slim runtime has no command of that name.
    keytool = [find_java().executable, "-m", "java.base/sun.security.tools.keytool.Main"]
    listing = subprocess.run(
        [*keytool, "-list", "-v", "-keystore", store, "-storepass", PASSWORD],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "trustedCertEntry" in listing.stdout
    assert "Owner: CN=millpond-test" in listing.stdout
