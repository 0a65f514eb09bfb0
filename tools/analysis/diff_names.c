/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the values of a result are called, everywhere they are shown. */
#include "tools/analysis/diff_result.h"

static const char *const verdicts[] = {
    [DIFF_IDENTICAL] = "identical",
    [DIFF_SAME] = "same",
    [DIFF_DIFFERENT] = "different",
};

static const char *const timings[] = {
    [DIFF_TIMING_NOTE] = "note",
    [DIFF_TIMING_OFF] = "off",
    [DIFF_TIMING_FAIL] = "fail",
};

static const char *const sides[] = {[DIFF_A] = "A", [DIFF_B] = "B", [DIFF_BOTH] = "both"};

static const char *const hows[] = {
    [DIFF_CHANGED] = "changed",
    [DIFF_ONLY_A] = "only-a",
    [DIFF_ONLY_B] = "only-b",
    [DIFF_INSTEAD] = "instead",
};

static const char *const signs[] = {
    [DIFF_OP_EQUAL] = "=",
    [DIFF_OP_CHANGED] = "~",
    [DIFF_OP_ONLY_A] = "-",
    [DIFF_OP_ONLY_B] = "+",
};

static const char *const flags[] = {
    [DIFF_FLAG_NONE] = "",         [DIFF_FLAG_ONLY_A] = "only-a", [DIFF_FLAG_ONLY_B] = "only-b",
    [DIFF_FLAG_SLOWER] = "slower", [DIFF_FLAG_FASTER] = "faster",
};

static const char *const edges[] = {
    [DIFF_EDGE_OFFER_ANSWER] = "offer before answer",
    [DIFF_EDGE_PAIR_DTLS] = "pair before dtls trying",
    [DIFF_EDGE_DTLS_UP] = "dtls connected before webrtcup",
    [DIFF_EDGE_UP_HANGUP] = "webrtcup before hangup",
};

static const char *const sdp_states[] = {
    [DIFF_SDP_EQUAL] = "equal",     [DIFF_SDP_REORDERED] = "reordered",
    [DIFF_SDP_CHANGED] = "changed", [DIFF_SDP_ONLY_A] = "only-a",
    [DIFF_SDP_ONLY_B] = "only-b",
};

static const char *const phases[] = {
    [DIFF_PHASE_SETUP] = "setup",
    [DIFF_PHASE_STEADY] = "steady",
    [DIFF_PHASE_END] = "end",
};

static const char *const figures[] = {
    [DIFF_RECEIVED_KBPS] = "received-kbps",
    [DIFF_SENT_KBPS] = "sent-kbps",
    [DIFF_LOSS_IN_PERCENT] = "loss-in-percent",
    [DIFF_LOSS_OUT_PERCENT] = "loss-out-percent",
    [DIFF_NACKS_IN_PERCENT] = "nacks-in-percent",
    [DIFF_NACKS_OUT_PERCENT] = "nacks-out-percent",
    [DIFF_RTT_MEDIAN_MS] = "rtt-median-ms",
    [DIFF_RTT_P95_MS] = "rtt-p95-ms",
    [DIFF_JITTER_IN_MEDIAN_MS] = "jitter-in-median-ms",
    [DIFF_JITTER_IN_P95_MS] = "jitter-in-p95-ms",
    [DIFF_JITTER_OUT_MEDIAN_MS] = "jitter-out-median-ms",
    [DIFF_JITTER_OUT_P95_MS] = "jitter-out-p95-ms",
};

static const char *const limits[] = {
    [DIFF_LIMIT_STARTS_LATE] = "starts-late",
    [DIFF_LIMIT_ENDS_EARLY] = "ends-early",
    [DIFF_LIMIT_GAP] = "gap",
    [DIFF_LIMIT_SELECTED] = "selected",
    [DIFF_LIMIT_CAPPED] = "capped",
    [DIFF_LIMIT_MIDS] = "mids",
};

#define NAME_OF(names, value) ((size_t)(value) < G_N_ELEMENTS(names) ? (names)[value] : "unknown")

const char *diff_verdict_name(enum diff_verdict verdict)
{
    return NAME_OF(verdicts, verdict);
}

const char *diff_timing_name(enum diff_timing timing)
{
    return NAME_OF(timings, timing);
}

bool diff_timing_from_name(const char *name, enum diff_timing *ret_timing)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(timings); i++) {
        if (!g_str_equal(timings[i], name))
            continue;
        *ret_timing = (enum diff_timing)i;
        return true;
    }
    return false;
}

const char *diff_which_name(enum diff_which which)
{
    return NAME_OF(sides, which);
}

const char *diff_how_name(enum diff_how how)
{
    return NAME_OF(hows, how);
}

const char *diff_op_sign(enum diff_op_kind kind)
{
    return NAME_OF(signs, kind);
}

const char *diff_flag_name(enum diff_flag flag)
{
    return NAME_OF(flags, flag);
}

const char *diff_edge_name(enum diff_edge edge)
{
    return NAME_OF(edges, edge);
}

const char *diff_sdp_state_name(enum diff_sdp_state state)
{
    return NAME_OF(sdp_states, state);
}

const char *diff_phase_name(enum diff_phase phase)
{
    return NAME_OF(phases, phase);
}

const char *diff_figure_name(enum diff_figure figure)
{
    return NAME_OF(figures, figure);
}

const char *diff_limit_kind_name(enum diff_limit_kind kind)
{
    return NAME_OF(limits, kind);
}
