"""A mail server that wants TLS and a password: taken when trusted, told in words when not."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from config import MailSettings
from feedback_app.foundation.mail import (
    Addressee,
    SmtpOutlet,
    Turns,
    UnableToReachServer,
    Verdict,
    Words,
    write_mail,
)
from tests.smtp_server import running_smtp

PASSWORD = "open sesame"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and its key; nobody's machine trusts it."""
    folder = tmp_path_factory.mktemp("certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a mail server")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "certificate", folder / "key"


def look_at(_server: Any, _session: Any, _envelope: Any, _way: str, given: Any) -> AuthResult:
    """Who knows the password is let in."""
    assert isinstance(given, LoginPassword)
    return AuthResult(success=given.password == PASSWORD.encode(), handled=False)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_leaves_over_tls_and_behind_a_password(
    security: str, certificate: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    is_late = security == "starttls"
    wanted: dict[str, Any] = {"tls_context" if is_late else "ssl_context": context}
    password = tmp_path / "password"
    password.write_text(f"{PASSWORD}\n")
    with running_smtp(
        **wanted,
        require_starttls=is_late,
        auth_required=is_late,
        auth_require_tls=is_late,
        authenticator=look_at,
    ) as server:
        settings = MailSettings(
            host="127.0.0.1",
            port=server.port,
            security=security,
            user="us",
            password_file=password,
            sender="feedback@example.com",
        )
        mail = write_mail(settings, Addressee("a1", "p@example.org"), Words("S", "T", "H", "en"))
        outlet = SmtpOutlet(settings)
        with pytest.raises(UnableToReachServer, match=r"certificate|TLS"):
            outlet.deliver(mail, Turns(lambda: True))
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        assert outlet.deliver(mail, Turns(lambda: True)).verdict is Verdict.SENT
        outlet.close()
        assert dict(server.counts()) == {"p@example.org": 1}
        password.write_text("wrong\n")
        with pytest.raises(UnableToReachServer, match="does not let us in"):
            outlet.deliver(mail, Turns(lambda: True))
