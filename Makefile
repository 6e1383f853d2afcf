# Everything that a developer types, one line each. `make` alone lists it.

.PHONY: help run test bench fmt

help:
	@echo "make run    build and start the service with a lively sample district"
	@echo "make test   install what the tests need, then formatting, licences, lints and every test"
	@echo "make bench  measure, side by side with a reference"
	@echo "make fmt    format the sources"

run:
	@scripts/install-fonts || echo "warning: letters cannot be had as PDF until a Chinese font is installed" >&2
	cargo run --release --bin jianyi -- serve --sample

test:
	scripts/install-postgres
	scripts/install-fonts
	scripts/install-poppler
	scripts/install-libreoffice
	scripts/install-python
	scripts/install-smtp-server
	scripts/install-oidc-provider
	cargo fmt --check
	scripts/check-supply-chain
	cargo clippy --all-targets -- -D warnings
	cargo test

bench:
	scripts/install-postgres
	cargo bench --bench spine

fmt:
	cargo fmt
