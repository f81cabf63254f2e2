"""A timestamp authority of our own for the tests: a root certificate, a signer, answers in DER (RFC 3161)."""

import hashlib
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SHA256, SIGNED_DATA = "2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.7.2"
ECDSA_SHA256, TST_INFO = "1.2.840.10045.4.3.2", "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE, MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
SIGNING_TIME, SIGNING_CERTIFICATE = "1.2.840.113549.1.9.5", "1.2.840.113549.1.9.16.2.47"
NOW = datetime(2011, 2, 5, 12, 0, tzinfo=UTC)


def der(tag: int, *parts: bytes) -> bytes:
    """A value in DER."""
    content = b"".join(parts)
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def integer(value: int) -> bytes:
    """An INTEGER."""
    return der(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def identifier(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER."""
    first, second, *rest = map(int, dotted.split("."))
    found = b""
    for number in (first * 40 + second, *rest):
        piece = bytes([number & 0x7F])
        while number := number >> 7:
            piece = bytes([number & 0x7F | 0x80]) + piece
        found += piece
    return der(0x06, found)


def sequence(*parts: bytes) -> bytes:
    """A SEQUENCE."""
    return der(0x30, *parts)


class Authority:
    """Stamps digests at a fixed time."""

    def __init__(self, *, for_timestamps: bool = True) -> None:
        self.root_key, self.key = (
            ec.generate_private_key(ec.SECP256R1()),
            ec.generate_private_key(ec.SECP256R1()),
        )
        root = _certificate("Example Root", "Example Root", self.root_key, self.root_key)
        self.root = root.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(
            self.root_key, hashes.SHA256()
        )
        usage = ExtendedKeyUsageOID.TIME_STAMPING if for_timestamps else ExtendedKeyUsageOID.CODE_SIGNING
        signer = _certificate("Example Timestamps", "Example Root", self.key, self.root_key)
        self.certificate = signer.add_extension(x509.ExtendedKeyUsage([usage]), critical=True).sign(
            self.root_key, hashes.SHA256()
        )

    @property
    def roots_pem(self) -> bytes:
        """The root certificate."""
        return self.root.public_bytes(serialization.Encoding.PEM)

    def answer(self, digest: bytes, nonce: int | None, hashed_by: str = SHA256) -> bytes:
        """A granted answer about a digest."""
        imprint = sequence(sequence(identifier(hashed_by), der(0x05)), der(0x04, digest))
        moment = der(0x18, NOW.strftime("%Y%m%d%H%M%SZ").encode())
        said = [integer(1), identifier("1.2.3.4"), imprint, integer(7), moment]
        info = sequence(*said, *([integer(nonce)] if nonce is not None else []))
        raw = self.certificate.public_bytes(serialization.Encoding.DER)
        attributes = [
            _attribute(CONTENT_TYPE, identifier(TST_INFO)),
            _attribute(SIGNING_TIME, der(0x17, NOW.strftime("%y%m%d%H%M%SZ").encode())),
            _attribute(MESSAGE_DIGEST, der(0x04, hashlib.sha256(info).digest())),
            _attribute(
                SIGNING_CERTIFICATE, sequence(sequence(sequence(der(0x04, hashlib.sha256(raw).digest()))))
            ),
        ]
        signed = der(0x31, *sorted(attributes))
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        algorithm = sequence(identifier(SHA256))
        signer = sequence(
            integer(1),
            sequence(self.certificate.issuer.public_bytes(), integer(self.certificate.serial_number)),
            algorithm,
            der(0xA0, signed[2 if signed[1] < 128 else 2 + (signed[1] & 0x7F) :]),
            sequence(identifier(ECDSA_SHA256)),
            der(0x04, signature),
        )
        content = sequence(identifier(TST_INFO), der(0xA0, der(0x04, info)))
        whole = sequence(integer(3), der(0x31, algorithm), content, der(0xA0, raw), der(0x31, signer))
        token = sequence(identifier(SIGNED_DATA), der(0xA0, whole))
        return sequence(sequence(integer(0)), token)


def refusal() -> bytes:
    """An answer that grants nothing."""
    return sequence(sequence(integer(2)))


def _attribute(kind: str, value: bytes) -> bytes:
    return sequence(identifier(kind), der(0x31, value))


def _certificate(
    subject: str, issuer: str, key: ec.EllipticCurvePrivateKey, signer: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=365))
        .not_valid_after(NOW + timedelta(days=3650))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
