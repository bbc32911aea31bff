# Targets that need nothing but make: packages, check, check-KIND, demo, demo-stop, bench, simulate.
# Included by the Makefile when one of them is asked for.
#   make check                     everything
#   make check-pgtap T=comoments   one kind, one test; kinds: unit regress isolation pgtap upgrade tap
#                                  hostile
#   make check-nightly [T=name]    what takes minutes: the scripts in test/nightly
#   make check-unit SANITIZE=1     unit tests under the address and undefined-behaviour sanitizers
#   make demo [KEEP=1]             the demonstration; KEEP=1 leaves its server running
#   make dashboard                 builds a page of the demonstration, or of PGHEDGE_BOOK in the database
#                                  that PGHOST, PGDATABASE, ... name, and serves it on 127.0.0.1
#   make bench [T=all_pairs]       measures against alternatives, writes bench/RESULTS.md (half an hour)
#   make simulate                  the tables of docs/evidence.md
#   make docs                      docs/reference.md, from the comments in the database
#   make deb                       Debian packages in build/deb; make check-deb installs, tests, purges them
# PG_CONFIG=/path/to/pg_config chooses the PostgreSQL to use.

export PG_CONFIG T SANITIZE

# Without a server (status 125) nothing could run, and the last line says so.
no_server = || { test $$? != 125 || echo "0 passed, 1 failed"; exit 1; }

check: packages
	@test/cluster test/run unit regress isolation pgtap upgrade tap hostile $(no_server)

check-regress check-isolation check-pgtap check-upgrade check-tap check-hostile: check-%: packages
	@test/cluster test/run $* $(no_server)

# What takes minutes; what only these tests need is installed for them alone.
check-nightly:
	@test/packages nightly
	@test/cluster test/run nightly $(no_server)

check-unit: packages
	@test/run unit

demo: packages
	@demo/run $(if $(KEEP),keep)

demo-stop:
	@demo/run stop

dashboard: packages
	@test/packages page
	@demo/dashboard/run

bench: packages
	@bench/run $(T)

docs: packages
	@test/cluster docs/generate

deb check-deb:
	@test/packages deb
	@packaging/deb $(if $(filter check-deb,$@),test)

packages:
	@test/packages

# Kernel objects and unit tests, apart from those of the extension since the flags may differ.
UNIT_DIR    = build/unit$(if $(SANITIZE),-sanitize)
UNIT_CFLAGS = -std=c99 -g -Wall -Wextra -Isrc/kernel -Itest/unit $(KERNEL_CFLAGS) $(if $(SANITIZE),$(SANITIZERS))
SANITIZERS  = -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
UNIT_KERNEL = $(patsubst src/kernel/%.c,$(UNIT_DIR)/kernel/%.o,$(wildcard src/kernel/*.c))
UNIT_TESTS  = $(patsubst test/unit/%.c,$(UNIT_DIR)/%,$(wildcard test/unit/*.c))

check-binaries: $(UNIT_TESTS)

$(UNIT_DIR)/kernel/%.o: src/kernel/%.c $(wildcard src/kernel/*.h) Makefile test/check.mk
	@mkdir -p $(@D)
	$(CC) $(UNIT_CFLAGS) -c -o $@ $<

$(UNIT_DIR)/%: test/unit/%.c $(wildcard test/unit/*.h) $(UNIT_KERNEL)
	@mkdir -p $(@D)
	$(CC) $(UNIT_CFLAGS) -o $@ $< $(UNIT_KERNEL) $(BLAS_LIBS)

# On one processor; SEED and REPETITIONS may be given.
simulate: $(UNIT_DIR)/simulate
	@$< $(or $(REPETITIONS),2000) $(or $(SEED),1)

$(UNIT_DIR)/simulate: bench/simulate.c $(UNIT_KERNEL)
	@mkdir -p $(@D)
	$(CC) $(UNIT_CFLAGS) -o $@ $< $(UNIT_KERNEL) $(BLAS_LIBS)

# So that "make clean check" works, too.
all install clean:
	@$(MAKE) $@

.SECONDARY:
.DELETE_ON_ERROR:
.PHONY: check check-nightly check-clients check-unit check-regress check-isolation check-pgtap check-upgrade \
	check-tap check-hostile check-binaries docs deb check-deb demo demo-stop dashboard bench simulate packages all install clean
