#!/bin/bash
# test/t/crash.sh with four dozen faults, eight of each kind.
ROUNDS=48 SEED=${SEED:-2} exec test/t/crash.sh
