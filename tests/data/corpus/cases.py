# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of cases: a function decorated with @valid or @invalid makes the journal of its name."""

VALID = {}
INVALID = {}


def case_name(make):
    return make.__name__.replace("_", "-")


def valid(make):
    VALID[case_name(make)] = make
    return make


def invalid(make):
    INVALID[case_name(make)] = make
    return make
