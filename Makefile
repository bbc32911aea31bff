# Builds and installs pghedge with PGXS:  make && make install && make installcheck
# Needs nothing but git and make:         make demo   and   make check   (test/check.mk)

PG_CONFIG  ?= pg_config
EXTENSION   = pghedge
MODULE_big  = pghedge
# The version stands in pghedge.control alone (and VERSION is a name of PGXS).
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" pghedge.control)

# A fused multiply-add would round differently from machine to machine, and break the double-double
# means. -O3 vectorises, and without errno sqrt() is one instruction: neither changes a result.
KERNEL_CFLAGS = -ffp-contract=off -O3 -fno-math-errno
# The serial OpenBLAS by its folder, whatever update-alternatives prefers: a backend must not get
# BLAS threads. LAPACKE statically, since the shared one loads the preferred libblas.so.3 as well.
BLAS_DIR = /usr/lib/$(shell gcc -print-multiarch)/openblas-serial
BLAS_LIBS = -L$(BLAS_DIR) -Wl,-rpath,$(BLAS_DIR) -Wl,--exclude-libs,ALL -l:liblapacke.a -lopenblas -lm

# These targets install what is missing first, so they cannot count on pg_config yet.
ifneq (,$(filter check check-% deb docs dashboard demo demo-stop packages bench simulate fuzz fuzz-% replay-%,$(MAKECMDGOALS)))
include test/check.mk
else

KERNEL_OBJS = $(patsubst %.c,%.o,$(sort $(wildcard src/kernel/*.c)))
OBJS        = $(KERNEL_OBJS) $(patsubst %.c,%.o,$(sort $(wildcard src/pg/*.c)))
INSTALL_SQL = $(sort $(wildcard sql/install/*.sql))
BOOK_SQL    = $(sort $(wildcard sql/book/*.sql))
DELTAS      = $(notdir $(wildcard sql/upgrade/pghedge--*--*.sql))
DATA_built  = pghedge--$(EXTVERSION).sql $(DELTAS)
REGRESS     = $(sort $(basename $(notdir $(wildcard test/sql/*.sql))))
ISOLATION   = $(sort $(basename $(notdir $(wildcard test/specs/*.spec))))
REGRESS_OPTS   = --inputdir=test --load-extension=pghedge
ISOLATION_OPTS = --inputdir=test --outputdir=. --load-extension=pghedge
EXTRA_CLEAN = build results regression.diffs regression.out pghedge--*.sql pghedge--*.sql.tmp

# PostgreSQL 15 leaves PGDLLEXPORT empty, which would hide the entry points with all the rest.
PG_CPPFLAGS = -Isrc/kernel -Isrc/pg -D'PGDLLEXPORT=__attribute__((visibility("default")))'
# C99: declarations stand where their value is known.
PG_CFLAGS   = -fvisibility=hidden -ffp-contract=off -Wno-declaration-after-statement
SHLIB_LINK  = $(BLAS_LIBS)
# JIT inlining gains nothing here, and the bitcode would need clang of the server's own version.
override with_llvm = no

PGXS := $(shell $(PG_CONFIG) --pgxs)
ifeq (,$(PGXS))
$(error $(PG_CONFIG) does not run: "make packages" installs what is needed)
endif
include $(PGXS)

$(KERNEL_OBJS): override CFLAGS += $(KERNEL_CFLAGS)
$(OBJS): $(wildcard src/*/*.h) Makefile

# The parts in name order; the folders too, so that a part taken away is noticed.
pghedge--$(EXTVERSION).sql: $(INSTALL_SQL) $(BOOK_SQL) $(wildcard sql/install sql/book) pghedge.control
	{ printf '%s\n' '\echo Use "CREATE EXTENSION pghedge" to load this file. \quit'; \
	  sed -e '/^@BOOK_TEMPLATE@$$/{' $(BOOK_SQL:%=-e 'r %') -e 'd' -e '}' $(INSTALL_SQL); } > $@.tmp
	mv $@.tmp $@

# Ways from released versions; what they say of the newest one is made up to date (sql/upgrade/README.md).
$(DELTAS): %: sql/upgrade/% sql/upgrade/delta.awk pghedge--$(EXTVERSION).sql
	awk -f sql/upgrade/delta.awk sql/upgrade/pghedge--$(firstword $(subst --, ,$(@:pghedge--%=%))).sql \
		pghedge--$(EXTVERSION).sql $< > $@.tmp
	mv $@.tmp $@
endif
