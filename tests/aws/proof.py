# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a program proves when it signs somebody in, by python3-cryptography: PKCE (RFC 7636) and DPoP (RFC 9449)."""

import base64
import hashlib
import json
import time
import uuid

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

VERIFIER = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._~"


def url64(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def challenge(verifier=VERIFIER):
    return url64(hashlib.sha256(verifier.encode()).digest())


class Key:
    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        numbers = self.key.public_key().public_numbers()
        self.jwk = {"kty": "EC", "crv": "P-256", "x": url64(numbers.x.to_bytes(32, "big")), "y": url64(numbers.y.to_bytes(32, "big"))}

    def proof(self, url, header=None, cut=False, **claims):
        """`header` and claims replace what would be right; with `cut`, the signature is wrong in one bit."""
        head = {"typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk, **(header or {})}
        body = {"htm": "POST", "htu": url, "iat": int(time.time()), "jti": str(uuid.uuid4()), **claims}
        text = ".".join(url64(json.dumps(part).encode()) for part in (head, body))
        r, s = decode_dss_signature(self.key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        return f"{text}.{url64(signature[:-1] + bytes([signature[-1] ^ 1]) if cut else signature)}"
