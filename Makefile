# Each target gets what it needs by itself; the tools are built once into ~/.cache/keepwell.
.DEFAULT_GOAL := help
.PHONY: help run test check eval bench screens watch dist fmt tools clean audit

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-9s %s\n", $$1, $$2 }'

run: ## Build Keepwell and serve it on http://127.0.0.1:3000, data in ./data
	@scripts/run

test: ## All tests: Rust on SQLite and PostgreSQL, then the whole journey in a browser
	@scripts/test

check: ## Formatting, lints (native and WASM), documentation, licences, scripts
	@scripts/check

eval: ## Ask the built-in answerer its set of questions, and write the table into docs/answering.md
	@scripts/eval

bench: ## Measure, and write the table into docs/performance.md
	@scripts/bench

screens: ## Pictures of every page in three widths, light and dark, into target/screens
	@scripts/screens

watch: ## Serve, and rebuild and reload on every change
	@scripts/watch

dist: ## One release binary with the site inside: target/release/keepwell
	@scripts/dist

fmt: ## Format all Rust code
	@cargo fmt --all

tools: ## Build the pinned tools into the cache now, rather than when first needed
	@scripts/tools

audit: ## Let tools that are not ours look at a running instance, and write docs/security-checks.md
	@scripts/audit

clean: ## Delete what was built; the tools in the cache and your data stay
	@rm -rf target end2end/node_modules end2end/test-results
