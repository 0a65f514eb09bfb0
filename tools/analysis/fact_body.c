/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/analysis/fact_body.h"

#include <glib.h>

/* At least as many as there are: every value but the first stands behind one of these. */
static size_t count_values(struct evj_slice body)
{
    size_t count = 1;

    for (size_t i = 0; i < body.len; i++)
        count += body.text[i] == ',' || body.text[i] == ':' || body.text[i] == '[';
    return count;
}

static bool is_too_large(struct evj_slice body)
{
    return body.len > FACT_BODY_MAX ||
           (body.len > FACT_VALUES_MAX && count_values(body) > FACT_VALUES_MAX);
}

char *fact_body_instead(struct evj_slice body)
{
    if (!is_too_large(body))
        return NULL;
    g_autofree char *sum =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)body.text, body.len);

    return g_strdup_printf("{\"" FACT_TOO_LARGE "\":\"%zu bytes, SHA-256 %s\"}", body.len, sum);
}
