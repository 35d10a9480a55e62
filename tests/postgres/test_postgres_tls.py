"""A server that is asked for its certificate is believed with the right one only."""

from datetime import UTC, datetime, timedelta
from shutil import chown

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from postgres_binaries import found
from postgres_server import Server

from customer_registry import PostgresRepository, StorageUnavailable

WITH_TLS = [each for each in found() if each.has("openssl")]


@pytest.fixture(scope="module")
def secured():
    """A server that proves to be `localhost`, and takes no words in the clear by TCP."""
    if not WITH_TLS:
        pytest.skip("no PostgreSQL here that was built with TLS; Debian's is, PyPI's is not")
    server = Server(WITH_TLS[0], tcp=True)
    certify(server, "localhost")
    with server:
        yield server


def certify(server, name):
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(called, called, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    kept = {
        "ssl_key_file": key.private_bytes(pem, *private),
        "ssl_cert_file": certificate.public_bytes(pem),
    }
    for setting, content in kept.items():
        path = server.folder / setting
        path.write_bytes(content)
        path.chmod(0o600)
        chown(path, server.user)
        server.settings[setting] = str(path)
    server.settings["ssl"] = "on"


def by_tcp(server, host, **more):
    root = str(server.folder / "ssl_cert_file")
    words = {"sslmode": "verify-full", "sslrootcert": root, **more}
    return server.conninfo(host=host, password=server.password, **words)


def test_a_store_is_opened_over_a_wire_that_nobody_else_reads(secured):
    repository = PostgresRepository(by_tcp(secured, "localhost"), schema="secured")
    try:
        with repository.read() as unit:
            assert list(unit.customers.iterate()) == []
    finally:
        repository.close()


def test_a_certificate_of_another_name_is_refused(secured):
    with pytest.raises(StorageUnavailable):
        PostgresRepository(by_tcp(secured, "127.0.0.1"), schema="secured")


def test_a_certificate_that_nobody_vouches_for_is_refused(secured, tmp_path):
    other = Server(WITH_TLS[0], tcp=True)
    try:
        certify(other, "localhost")
        root = str(other.folder / "ssl_cert_file")
        with pytest.raises(StorageUnavailable):
            PostgresRepository(by_tcp(secured, "localhost", sslrootcert=root), schema="secured")
    finally:
        other.close()
