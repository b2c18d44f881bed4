"""Checks a proof of `billing prove` with nothing of that program: python check_proof.py PROOF KEY.

PROOF is the JSON file, KEY the public key in hex that you were given by another way. Exit status 0
and the entry's own bytes when all fits; 1 and the reason when it does not.
"""

import base64
import hashlib
import json
import sys
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def number(value: int) -> bytes:
    """A whole number as eight bytes, the highest first."""
    return value.to_bytes(8, "big", signed=True)


def leaf(proof: dict[str, Any]) -> bytes:
    """The hash of the entry where it stands."""
    stream, topic = proof["stream"].encode(), proof["topic"].encode()
    state = base64.b64decode(proof["state"], validate=True)
    said = hashlib.sha256(
        b"\x02"
        + (number(len(stream)) + stream + number(proof["version"]))
        + (number(len(topic)) + topic + number(len(state)) + state)
    ).digest()
    return hashlib.sha256(b"\x00" + number(proof["position"]) + said).digest()


def root(found: bytes, index: int, count: int, path: list[str]) -> str:
    """Where the path leads from the leaf: RFC 6962's tree, level by level."""
    beside = [bytes.fromhex(each) for each in path]
    while count > 1:
        if index ^ 1 < count:
            pair = (beside.pop(0), found) if index % 2 else (found, beside.pop(0))
            found = hashlib.sha256(b"\x01" + pair[0] + pair[1]).digest()
        index, count = index // 2, (count + 1) // 2
    return found.hex() if not beside else "the path is too long"


def signed(seal: dict[str, Any]) -> bytes:
    """What the signature is over: the seal without it, keys in order and no spaces."""
    rest = {name: value for name, value in seal.items() if name != "signature"}
    return json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()


def problem(proof: dict[str, Any], key: str) -> str | None:  # noqa: PLR0911 - one for each reason
    """What does not fit, if anything."""
    seal = proof["seal"]
    if proof["form"] != "billing-proof/1" or seal["form"] != "billing-seal/1":
        return "this is another form of proof or seal than this program knows"
    if seal["key"] != key:
        return f"the seal is by another key: {seal['key']}"
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(seal["signature"]), signed(seal))
    except (InvalidSignature, ValueError):
        return "the signature does not fit the seal"
    if not 0 <= proof["index"] < seal["count"]:
        return "the entry's number is not within the seal"
    if not seal["first"] <= proof["position"] <= seal["last"]:
        return "the entry's position is not within the seal"
    if root(leaf(proof), proof["index"], seal["count"], proof["path"]) != seal["root"]:
        return "the path does not lead from this entry to the seal's root"
    return None


def main(file: str, key: str) -> int:
    """Says what was found."""
    try:
        with open(file, encoding="utf-8") as opened:
            proof = json.load(opened)
        wrong = problem(proof, key.lower())
    except (OSError, LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        wrong = f"this is no proof: {error!r}"
    if wrong:
        print(f"does not fit: {wrong}", file=sys.stderr)
        return 1
    seal = proof["seal"]
    print(
        f"fits: {proof['stream']} version {proof['version']} ({proof['topic']}) was at position "
        f"{proof['position']} of the {seal['log']} when seal {seal['number']} was made, "
        f"{seal['sealed_at']}. Its bytes:"
    )
    print(base64.b64decode(proof["state"]).decode(errors="replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) == 3 else __doc__)
