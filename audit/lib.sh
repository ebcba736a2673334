# shellcheck shell=bash
# An instance of its own for the checks: with TLS, a certificate of a test authority, its mail in the
# outbox folder, on loopback. And where results go.

# shellcheck source=../scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"

AUDIT="$CACHE/audit"
OUT="${KEEPWELL_AUDIT_OUT:-$TARGET/audit}"
KEEPWELL_BIN="${KEEPWELL_BIN:-$TARGET/debug/keepwell}"
SERVER=""

# certificate: an authority and a certificate for localhost, both for 89 days.
certificate() {
    local dir="$OUT/tls"
    mkdir -p "$dir"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 89 -subj "/CN=Keepwell test authority" \
        -addext "basicConstraints=critical,CA:TRUE" -keyout "$dir/ca.key" -out "$dir/ca.pem" 2>/dev/null
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=localhost" \
        -keyout "$dir/key.pem" -out "$dir/leaf.csr" 2>/dev/null
    openssl x509 -req -in "$dir/leaf.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -CAcreateserial -days 89 -out "$dir/leaf.pem" \
        -extfile <(printf '%s\n' "subjectAltName=DNS:localhost,IP:127.0.0.1" "basicConstraints=CA:FALSE" \
            "keyUsage=critical,digitalSignature" "extendedKeyUsage=serverAuth") 2>/dev/null
    cat "$dir/leaf.pem" "$dir/ca.pem" >"$dir/cert.pem"
    CA="$dir/ca.pem"
}

# serve [VARIABLE=VALUE...]: a fresh instance; sets PORT, URL and SERVER.
serve() {
    local data
    data="$(mktemp -d "$OUT/data.XXXXXX")"
    PORT="$(free_port)"
    URL="https://localhost:$PORT"
    env KEEPWELL_LISTEN="127.0.0.1:$PORT" KEEPWELL_DATA_DIR="$data" KEEPWELL_PUBLIC_URL="$URL" KEEPWELL_SITE_DIR="$TARGET/site" \
        KEEPWELL_TLS_CERT="$OUT/tls/cert.pem" KEEPWELL_TLS_KEY="$OUT/tls/key.pem" KEEPWELL_CONTACT=security@example.org \
        KEEPWELL_LIMITS_LOGIN=1000000 KEEPWELL_LIMITS_SIGNUP=1000000 KEEPWELL_LIMITS_UPLOAD=1000000 \
        KEEPWELL_LIMITS_ASK=1000000 KEEPWELL_LIMITS_API=1000000 "$@" "$KEEPWELL_BIN" serve >"$OUT/server.log" 2>&1 &
    SERVER=$!
    for _ in $(seq 100); do
        if ask /readyz >/dev/null 2>&1; then return; fi
        kill -0 "$SERVER" 2>/dev/null || break
        sleep 0.2
    done
    cat "$OUT/server.log" >&2
    die "the instance did not start"
}

# is_well: it still answers, and nothing in it panicked.
is_well() {
    ask /readyz >/dev/null && ! grep -q panicked "$OUT/server.log"
}

halt() {
    if [ -n "$SERVER" ]; then
        kill "$SERVER" 2>/dev/null || true
        wait "$SERVER" 2>/dev/null || true
    fi
    SERVER=""
    rm -rf "$OUT"/data.*
}

# ask PATH [CURL ARGUMENT...]
ask() {
    local path="$1"
    shift
    curl --silent --show-error --fail --cacert "$OUT/tls/ca.pem" "$@" "$URL$path"
}

# person EMAIL: signs up; prints the session's secret.
person() {
    ask /api/v1/signup -H "Origin: $URL" --json "{\"email\":\"$1\",\"password\":\"quiet-otter-reads-the-tide-tables-7\"}" |
        node -e 'let t="";process.stdin.on("data",d=>t+=d).on("end",()=>console.log(JSON.parse(t).token))'
}

# result OK TOOL COMMAND FOUND REMAINS: a row of the table; OK is yes, no or skipped.
result() {
    printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" "${5:-}" >>"$OUT/results.tsv"
    say "$2: $4 ($1)"
}
