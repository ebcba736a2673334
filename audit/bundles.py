# Reads bundles by the R4B models of fhir.resources, which are not ours: every element has to be known, of its type and
# as many times as it may be; every reference has to lead to an entry. Usage: bundles.py EXPORT_OR_BUNDLE...
# Prints what was found; fails on anything that is wrong.
import json
import sys
import zipfile
from collections import Counter

from fhir.resources.R4B.bundle import Bundle
from pydantic import ValidationError


def read(file):
    """A bundle by itself, or the one of an export."""
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            return json.loads(archive.read("fhir/bundle.json"))
    with open(file, encoding="utf-8") as text:
        return json.load(text)


def references(node):
    """All literal references below a node."""
    if isinstance(node, dict):
        if isinstance(node.get("reference"), str):
            yield node["reference"]
        for part in node.values():
            yield from references(part)
    elif isinstance(node, list):
        for part in node:
            yield from references(part)


def wrong(root):
    """What is wrong with a bundle, in places and kinds and without its contents."""
    try:
        Bundle.model_validate(root)
    except ValidationError as error:
        for e in error.errors(include_input=False):
            yield f"{'.'.join(map(str, e['loc']))}: {e['msg']}"
    addresses = [entry["fullUrl"] for entry in root["entry"]]
    held = {f"#{r['id']}" for e in root["entry"] for r in e["resource"].get("contained", [])}
    if len(set(addresses)) != len(addresses):
        yield "two entries have one fullUrl"
    for to in references(root):
        if to not in addresses and to not in held:
            yield f"a reference leads nowhere: {to[:9]}…"


def main(files):
    kinds, faults = Counter(), []
    for file in files:
        root = read(file)
        kinds.update(e["resource"]["resourceType"] for e in root["entry"])
        faults += [f"{file}: {fault}" for fault in wrong(root)]
    for fault in faults[:40]:
        print(fault, file=sys.stderr)
    counts = ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items()))
    print(f"{len(faults)} faults in {len(files)} bundles: {counts}")
    return 1 if faults or not kinds else 0


sys.exit(main(sys.argv[1:]))
