"""The faults that keep a request from being answered, in words, each with its remedy."""

import ssl
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bot.config.cluster_address import KEY, PASSWORD, USER, ClusterAddress, Credentials

# Characters of a cluster's own message that are shown.
MAX_REASON = 200
# Signs in the errors of connections, those of OpenSSL and of urllib3.
CONNECTION_FAULTS = {
    "refused": "connection refused; is the address right, and the cluster up?",
    "resolve": "no such host; is the address right, and the cluster up?",
    "unreachable": "network unreachable; is the address right, and the cluster up?",
    "aborted": "the connection was closed; is the port one of TLS, and the address https?",
    "": "no connection; is the address right, and the cluster up?",
}
TLS_FAULTS = {
    "has expired": "its certificate has expired; the cluster needs a new one",
    "not yet valid": "its certificate is not valid yet; is the clock of this machine right?",
    "mismatch": "its certificate is for another host; use the name in it as the address",
    "self-signed": "its certificate is not trusted; {remedy}",
    "VERIFY_FAILED": "its certificate is not trusted; {remedy}",
    "": "no TLS connection; is the address https, and the port that of TLS?",
}
NAME_AUTHORITY = "name the file of its authority in the setting ca"


def describe_connection(error: Any) -> str:
    """Return the reason of a failed connection, and what helps."""
    text = str(error.info).lower()
    return next(words for sign, words in CONNECTION_FAULTS.items() if sign in text)


def describe_tls(error: Any, ca: Path | None) -> str:
    """Return the reason of a refused certificate, and what helps; ``ca`` is the file trusted."""
    text = str(error.info)
    words = next(words for sign, words in TLS_FAULTS.items() if sign in text)
    remedy = f"no authority in {ca} signed it: {NAME_AUTHORITY}" if ca else NAME_AUTHORITY
    return words.format(remedy=remedy)


def describe_certificates(ca: Path) -> str:
    """Return the fault of a file of trusted certificates, "" if it is one.

    >>> describe_certificates(Path("no-such.pem"))
    'no-such.pem: no such file; the setting ca names a file of certificates'
    """
    try:
        ssl.create_default_context(cafile=ca)
    except FileNotFoundError:
        fault = "no such file"
    except OSError as error:  # among them, SSLError
        is_no_pem = isinstance(error, ssl.SSLError) or not error.strerror
        fault = "no certificates in PEM form" if is_no_pem else str(error.strerror)
    else:
        return ""
    return f"{ca}: {fault}; the setting ca names a file of certificates"


def describe_credentials(address: ClusterAddress) -> str:
    """Return the fault of credentials that a cluster refuses, and where they are set."""
    variables = f"{USER} and {PASSWORD}, or {KEY}, in the environment"
    if address.credentials == Credentials():
        return f"it asks for a user or key; set {variables}"
    return f"wrong user, password or key; see {variables}"


def describe_reason(kind: object, info: object) -> str:
    """Return the cluster's own reason in one line, shortened."""
    error = info.get("error") if isinstance(info, Mapping) else None
    reasons = [str(kind or "")]
    if isinstance(error, Mapping):
        cause = next(iter(root_causes(error)), {})
        # Without the text of a document, of which the cluster may quote the beginning.
        reasons.append(str(cause.get("reason", "")).partition(" Preview of field")[0])
    return " ".join(": ".join(filter(None, reasons)).split())[:MAX_REASON]


def root_causes(error: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """Return the causes of an error as the cluster lists them."""
    causes: Iterable[Mapping[str, Any]] = error.get("root_cause") or [error]
    return causes
