# Targets that need nothing but make: packages, check, check-KIND, demo, demo-stop, bench, simulate.
# Included by the Makefile when one of them is asked for.
#   make check                     everything
#   make check-pgtap T=comoments   one kind, one test; kinds: unit fuzz regress isolation pgtap upgrade
#                                  tap hostile
#   make check-nightly [T=name]    what takes minutes: the scripts in test/nightly
#   make fuzz [SECONDS=60]         coverage-guided fuzzing, so long for each target in test/fuzz
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
	@test/cluster test/run unit fuzz regress isolation pgtap upgrade tap hostile $(no_server)

check-regress check-isolation check-pgtap check-upgrade check-tap check-hostile: check-%: packages
	@test/cluster test/run $* $(no_server)

# What takes minutes; what only these tests need is installed for them alone.
check-nightly:
	@test/packages nightly
	@timeout -k 60 3600 test/cluster test/run nightly $(no_server)

check-unit check-fuzz: check-%: packages
	@test/run $*

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
SANITIZERS  = -O1 -fsanitize=address,undefined,float-cast-overflow -fno-sanitize-recover=all -fno-omit-frame-pointer
UNIT_KERNEL = $(patsubst src/kernel/%.c,$(UNIT_DIR)/kernel/%.o,$(wildcard src/kernel/*.c))
UNIT_TESTS  = $(patsubst test/unit/%.c,$(UNIT_DIR)/%,$(wildcard test/unit/*.c))

check-binaries: $(UNIT_TESTS)

$(UNIT_DIR)/kernel/%.o: src/kernel/%.c $(wildcard src/kernel/*.h) Makefile test/check.mk
	@mkdir -p $(@D)
	$(CC) $(UNIT_CFLAGS) -c -o $@ $<

$(UNIT_DIR)/%: test/unit/%.c $(wildcard test/unit/*.h) $(UNIT_KERNEL)
	@mkdir -p $(@D)
	$(CC) $(UNIT_CFLAGS) -o $@ $< $(UNIT_KERNEL) $(BLAS_LIBS)

# Fuzz targets: with libFuzzer for "make fuzz"; with replay.c, the ordinary compiler and the kernel of
# the sanitized unit tests for "make check" (SANITIZE=1). values.c runs the types' input and output
# functions over a stand-in for the server.
FUZZ_NAMES   = $(filter-out stand_in replay,$(patsubst test/fuzz/%.c,%,$(wildcard test/fuzz/*.c)))
FUZZ_HEADERS = $(wildcard src/kernel/*.h src/pg/*.h test/fuzz/*.h) Makefile test/check.mk
FUZZ_CFLAGS  = -std=gnu11 -Wno-unused-parameter -Isrc/pg -Itest/fuzz -isystem $(shell $(or $(PG_CONFIG),pg_config) --includedir-server)
FUZZ_KERNEL  = $(patsubst src/kernel/%.c,build/fuzz/kernel/%.o,$(wildcard src/kernel/*.c))
FUZZ_CLANG   = clang $(filter-out -O3,$(UNIT_CFLAGS)) $(SANITIZERS) $(FUZZ_CFLAGS)
VALUES       = $(addprefix src/pg/,comoments.c matrix.c names.c numbers.c pghedge.c results.c) test/fuzz/stand_in.c
VALUES_LIBS  = -L$(shell $(or $(PG_CONFIG),pg_config) --pkglibdir) -L$(shell $(or $(PG_CONFIG),pg_config) --libdir) -lpgcommon -lpgport
values_only  = $(if $(filter values,$*),$(1))

fuzz-binaries: $(FUZZ_NAMES:%=build/fuzz/%)
replay-binaries: $(FUZZ_NAMES:%=build/replay/%)

build/fuzz/values build/replay/values: $(VALUES)

build/fuzz/kernel/%.o: src/kernel/%.c $(FUZZ_HEADERS)
	@mkdir -p $(@D)
	$(FUZZ_CLANG) -fsanitize=fuzzer-no-link -c -o $@ $<

build/fuzz/%: test/fuzz/%.c $(FUZZ_KERNEL) $(FUZZ_HEADERS)
	@mkdir -p $(@D)
	$(FUZZ_CLANG) -fsanitize=fuzzer -o $@ $< $(call values_only,$(VALUES)) $(FUZZ_KERNEL) $(call values_only,$(VALUES_LIBS)) $(BLAS_LIBS)

build/replay/%: test/fuzz/%.c test/fuzz/replay.c $(UNIT_KERNEL) $(FUZZ_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(UNIT_CFLAGS) $(FUZZ_CFLAGS) -DCORPUS='"test/fuzz/corpus/$*"' -o $@ $< test/fuzz/replay.c \
		$(call values_only,$(VALUES)) $(UNIT_KERNEL) $(call values_only,$(VALUES_LIBS)) $(BLAS_LIBS)

# SECONDS for each target, FUZZ=name for one of them.
fuzz:
	@test/packages nightly
	@$(MAKE) -s fuzz-binaries
	@test/fuzz/run $(or $(filter-out undefined,$(SECONDS)),60) $(FUZZ)

check-simulate: $(UNIT_DIR)/simulate

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
.PHONY: check check-nightly check-unit check-regress check-isolation check-pgtap check-upgrade \
	check-tap check-hostile check-fuzz check-binaries check-simulate fuzz fuzz-binaries replay-binaries \
	docs deb check-deb demo demo-stop dashboard bench simulate packages all install clean
