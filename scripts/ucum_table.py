#!/usr/bin/env python3
"""Derives crates/domain/src/ucum/table.rs from ucum-essence.xml.

Usage: scripts/ucum_table.py PATH/ucum-essence.xml > crates/domain/src/ucum/table.rs

Every atom is resolved to base units here, with exact fractions, so that the program needs no
recursion and no order of definitions at run time.
"""
import re
import sys
import xml.etree.ElementTree as ET
from fractions import Fraction

NS = "{http://unitsofmeasure.org/ucum-essence}"
BASE = ["m", "s", "g", "rad", "K", "C", "cd"]
# Counted beside the seven dimensions, because UCUM itself calls them dimensionless.
KINDS = ["mol", "eq", "osm", "[HPF]", "[LPF]"]
FUNCS = {
    "Cel": "Celsius", "degF": "Fahrenheit", "degRe": "Reaumur", "tanTimes100": "Tan100",
    "100tan": "Tan100", "hpX": "HpX", "hpC": "HpC", "hpM": "HpM", "hpQ": "HpQ", "pH": "Ph",
    "ln": "Ln", "lg": "Lg", "lgTimes2": "Lg2", "ld": "Ld", "sqrt": "Sqrt",
}

root = ET.parse(sys.argv[1]).getroot()
prefixes = {}
for p in root.iter(NS + "prefix"):
    prefixes[p.get("Code")] = (p.find(NS + "name").text, Fraction(p.find(NS + "value").get("value")))
units = {u.get("Code"): u for u in root.iter(NS + "unit")}
names = {u.get("Code"): u.find(NS + "name").text for u in root.iter(NS + "base-unit")}
names.update({c: u.find(NS + "name").text for c, u in units.items()})
arbitrary = [c for c, u in units.items() if u.get("isArbitrary") == "yes" and c != "[IU]"]
done = {}


def zero():
    return (Fraction(1), [0] * 7, [0] * len(KINDS), {})


def mul(a, b, exp):
    factor = a[0] * (b[0] ** exp)
    arb = dict(a[3])
    for k, v in b[3].items():
        arb[k] = arb.get(k, 0) + v * exp
    return (factor, [x + y * exp for x, y in zip(a[1], b[1])], [x + y * exp for x, y in zip(a[2], b[2])],
            {k: v for k, v in arb.items() if v})


def atom(code):
    if code in done:
        return done[code]
    if code in BASE:
        dim = [0] * 7
        dim[BASE.index(code)] = 1
        done[code] = (Fraction(1), dim, [0] * len(KINDS), {})
        return done[code]
    unit = units[code]
    value = unit.find(NS + "value")
    function = value.find(NS + "function")
    if function is not None:
        r = expr("rad" if function.get("name") == "100tan" else function.get("Unit"))
        r = (r[0] * Fraction(function.get("value")), r[1], r[2], r[3])
    else:
        r = expr(value.get("Unit"))
        r = (r[0] * Fraction(value.get("value")), r[1], r[2], r[3])
    if code in arbitrary:
        r = (Fraction(1), [0] * 7, [0] * len(KINDS), {code: 1})
    if code in KINDS:
        kind = [0] * len(KINDS)
        kind[KINDS.index(code)] = 1
        r = (r[0], r[1], kind, r[3])
    done[code] = r
    return r


def expr(text):
    out = zero()
    sign = 1
    if text.startswith("/"):
        sign, text = -1, text[1:]
    for part in re.findall(r"(?:\[[^\]]*\]|[^./\[])+|[./]", text):
        if part in "./":
            sign = 1 if part == "." else -1
            continue
        out = mul(out, term(part), sign)
    return out


def term(part):
    if re.fullmatch(r"\d+", part):
        return (Fraction(int(part)), [0] * 7, [0] * len(KINDS), {})
    m = re.fullmatch(r"(10\*|10\^|[^0-9+-](?:\[[^\]]*\]|[^0-9\[+-])*|\[[^\]]*\])([+-]?\d+)?", part)
    code, exp = m.group(1), int(m.group(2) or 1)
    if code in units or code in BASE:
        return mul(zero(), atom(code), exp)
    for p, (_, scale) in sorted(prefixes.items(), key=lambda x: -len(x[0])):
        rest = code[len(p):]
        if code.startswith(p) and (rest in BASE or (rest in units and units[rest].get("isMetric") == "yes")):
            base = atom(rest)
            return mul(zero(), (base[0] * scale, base[1], base[2], base[3]), exp)
    raise ValueError(part)


def quote(s):
    return '"' + s.replace("\\", "\\\\").replace('"', '\\"') + '"'


def number(f):
    text = repr(float(f))
    return text if "." in text or "e" in text else text + ".0"


print("""//! The prefixes and atoms of UCUM, resolved to base units.
//!
//! Written by `scripts/ucum_table.py` from `ucum-essence.xml` version %s of %s; not edited by hand.
//!
//! This product includes all or a portion of the UCUM table, UCUM codes, and UCUM definitions or is
//! derived from it, subject to a license from Regenstrief Institute, Inc. and The UCUM Organization.
//! Your use of the UCUM table, UCUM codes, UCUM definitions also is subject to this license, a copy
//! of which is available at <https://ucum.org/license>. Current complete UCUM table, UCUM
//! Specification are available for download at <https://ucum.org>. The UCUM table and UCUM
//! definitions are copyright (c) 1995-2024, Regenstrief Institute, Inc. and the Unified Codes for
//! Units of Measures (UCUM) Organization. All rights reserved. THE UCUM TABLE (IN ALL FORMATS),
//! UCUM DEFINITIONS, AND SPECIFICATION ARE PROVIDED "AS IS." ANY EXPRESS OR IMPLIED WARRANTIES ARE
//! DISCLAIMED, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS
//! FOR A PARTICULAR PURPOSE.
#![allow(clippy::unreadable_literal, clippy::excessive_precision, clippy::approx_constant)]

use super::special::Function::{self, *};

/// An atom: code, name, whether it takes prefixes, factor to base units, exponents of the seven
/// base units, exponents of the kinds that UCUM calls dimensionless (`mol`, `eq`, `osm`, `[HPF]`,
/// `[LPF]`), index into [`ARBITRARY`], function of a special unit.
pub(super) struct Atom {
    pub code: &'static str,
    pub name: &'static str,
    pub metric: bool,
    pub factor: f64,
    pub dim: [i8; 7],
    pub kinds: [i8; 5],
    pub arbitrary: Option<u8>,
    pub special: Option<Function>,
}

#[allow(clippy::too_many_arguments)]
const fn a(
    code: &'static str,
    name: &'static str,
    metric: bool,
    factor: f64,
    dim: [i8; 7],
    kinds: [i8; 5],
    arbitrary: Option<u8>,
    special: Option<Function>,
) -> Atom {
    Atom { code, name, metric, factor, dim, kinds, arbitrary, special }
}
""" % (root.get("version"), root.get("revision-date")))
print("/// Prefixes: code, name, value; sorted by code.")
print("#[rustfmt::skip]")
print("pub(super) static PREFIXES: [(&str, &str, f64); %d] = [" % len(prefixes))
for p in sorted(prefixes):
    print("    (%s, %s, %s)," % (quote(p), quote(prefixes[p][0]), number(prefixes[p][1])))
print("];\n")
print("/// Arbitrary units: only equal ones compare.")
print("#[rustfmt::skip]")
print("pub(super) static ARBITRARY: [&str; %d] = [%s];\n" % (len(arbitrary), ", ".join(quote(c) for c in arbitrary)))
codes = sorted(list(units) + BASE, key=lambda c: c.encode())
print("/// Atoms, sorted by code.")
print("#[rustfmt::skip]")
print("pub(super) static ATOMS: [Atom; %d] = [" % len(codes))
for c in codes:
    factor, dim, kinds, arb = atom(c)
    unit = units.get(c)
    metric = unit is None or unit.get("isMetric") == "yes"
    function = unit is not None and unit.find(NS + "value").find(NS + "function")
    special = "Some(%s)" % FUNCS[function.get("name")] if function not in (None, False) else "None"
    assert len(arb) <= 1 and all(v == 1 for v in arb.values()), (c, arb)
    index = "Some(%d)" % arbitrary.index(next(iter(arb))) if arb else "None"
    print("    a(%s, %s, %s, %s, %s, %s, %s, %s)," % (
        quote(c), quote(names[c]), "true" if metric else "false", number(factor), dim, kinds, index, special))
print("];")
