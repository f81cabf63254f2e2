"""A timestamp of a third party: that a file existed at a time, signed by an authority that you trust.

A request holds the SHA-256 of the file and a nonce, never the file. The answer is checked offline against
the authority's root certificates. Source: RFC 3161. Needs the optional part `timestamps`.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography import x509

from .errors import EscrowError, MalformedError, MissingPartError, TamperedError

LARGEST_ANSWER = 200_000
_SHA256 = "2.16.840.1.101.3.4.2.1"


@dataclass(frozen=True, slots=True)
class Stamp:
    """When an authority says that it saw a digest, the name on its certificate, and its serial number."""

    time: datetime
    authority: str
    serial: int


def timestamp_request(content: bytes) -> bytes:
    """The request (a .tsq file) for a timestamp of a file, to be sent to any RFC 3161 authority."""
    client = _client()
    builder = client.TimestampRequestBuilder().data(content).hash_algorithm(client.HashAlgorithm.SHA256)
    request: bytes = builder.nonce(nonce=True).cert_request(cert_request=True).build().as_bytes()
    return request


def check_timestamp(answer: bytes, content: bytes, roots_pem: bytes, request: bytes | None = None) -> Stamp:
    """Check the answer (a .tsr file) of an authority in four steps; raises with the number of the step.

    1. Answer and certificates are well formed. 2. The answer is about the SHA-256 of these bytes. 3. A chain
    leads from its signature to one of the roots, which allows timestamps. 4. It answers the request, if that
    is given. The caller owes: that the authority keeps an honest clock.
    """
    client = _client()
    step = 1
    try:
        found, roots = _parsed(client, answer, roots_pem)
        step = 2
        imprint = found.tst_info.message_imprint
        if imprint.hash_algorithm.dotted_string != _SHA256:
            raise TamperedError("the timestamp is not about a SHA-256 digest")
        if imprint.message != hashlib.sha256(content).digest():
            raise TamperedError("the timestamp is about another file")
        step = 3
        _check_chain(client, found, content, roots)
        step = 4
        if request is not None:
            asked = _request(request)
            if asked.nonce != found.tst_info.nonce or asked.message_imprint.message != imprint.message:
                raise TamperedError("the timestamp answers another request")
    except EscrowError as fault:
        raise fault.at(step) from None
    return Stamp(found.tst_info.gen_time.astimezone(UTC), _name(found), found.tst_info.serial_number)


def _client() -> Any:
    try:
        import rfc3161_client
    except ImportError as fault:
        raise MissingPartError(
            "timestamps need the library rfc3161-client", 'pip install "detente[timestamps]"'
        ) from fault
    return rfc3161_client


def _parsed(client: Any, answer: bytes, roots_pem: bytes) -> tuple[Any, list[x509.Certificate]]:
    if len(answer) > LARGEST_ANSWER:
        raise MalformedError(f"an answer of {len(answer)} bytes is refused unread (at most {LARGEST_ANSWER})")
    try:
        found = client.decode_timestamp_response(answer)
        found.tst_info.gen_time  # noqa: B018 - an answer that refuses has no token, and says so here
    except ValueError as fault:
        raise MalformedError(f"this is not the answer of a timestamp authority: {fault}") from None
    try:
        roots = x509.load_pem_x509_certificates(roots_pem)
    except ValueError:
        raise MalformedError("the root certificates are not PEM") from None
    return found, roots


def _request(request: bytes) -> Any:
    from rfc3161_client._rust import parse_timestamp_request

    try:
        return parse_timestamp_request(request)
    except ValueError:
        raise MalformedError("this is not a timestamp request") from None


def _check_chain(client: Any, found: Any, content: bytes, roots: list[x509.Certificate]) -> None:
    builder = client.VerifierBuilder()
    for root in roots:
        builder = builder.add_root_certificate(root)
    try:
        builder.build().verify_message(found, content)
    except client.VerificationError as fault:
        raise TamperedError(f"no chain leads from the timestamp to a trusted root: {fault}") from None


def _name(found: Any) -> str:
    """The name on the certificate of the signer, which the check of the chain has found in the answer."""
    signer = next(iter(found.signed_data.signer_infos))
    held = [x509.load_der_x509_certificate(raw) for raw in found.signed_data.certificates]
    names = [entry.subject for entry in held if entry.serial_number == signer.serial_number]
    return names[0].rfc4514_string()
