# shellcheck shell=bash
# Shared by the scripts beside it: where things are, how to say things, and how to get what is missing.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/keepwell"
TOOLS="$CACHE/tools"
TARGET="${CARGO_TARGET_DIR:-$ROOT/target}"
export PATH="$TOOLS/npm/node_modules/.bin:$TOOLS/bin:$PATH"

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
die() {
    printf 'keepwell: %s\n' "$*" >&2
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# need_cargo: cargo through rustup, so that rust-toolchain.toml picks the compiler and the wasm target; what it names is
# installed also where rustup was told not to do so by itself (RUSTUP_AUTO_INSTALL=0).
need_cargo() {
    [ -d "$HOME/.cargo/bin" ] && export PATH="$PATH:$HOME/.cargo/bin"
    have cargo || die "Rust is missing. Install rustup (Debian 13: apt-get install rustup; otherwise https://rustup.rs), then run this again. The right compiler version is fetched by itself."
    if have rustup && ! (cd "$ROOT" && rustup target list --installed 2>/dev/null | grep -qx wasm32-unknown-unknown); then
        say "installing the compiler and the target that rust-toolchain.toml names"
        (cd "$ROOT" && { rustup target add wasm32-unknown-unknown || rustup toolchain install; } >&2)
    fi
}

# apt_install PACKAGE...: installs where this user may, and otherwise says exactly what to run.
apt_install() {
    local sudo=()
    if [ "$(id -u)" != 0 ]; then
        if have sudo && sudo -n true 2>/dev/null; then
            sudo=(sudo -n)
        else
            die "missing: $*. Please run: sudo apt-get install -y $*"
        fi
    fi
    have apt-get || die "missing: $*. There is no apt-get here: install what these Debian packages hold with your own package manager."
    say "installing $* with apt-get"
    local apt=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
    "${apt[@]}" install -y --no-install-recommends "$@" >&2 && return
    "${apt[@]}" update >&2
    "${apt[@]}" install -y --no-install-recommends "$@" >&2 ||
        die "could not install $*. Please install them by hand and run this again."
}

# free_port: a TCP port on the loopback address that nothing listens on now.
free_port() {
    node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'
}
