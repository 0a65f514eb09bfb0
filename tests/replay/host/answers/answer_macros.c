/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What Janus's headers do in a handler themselves, with the core's help. */

#include "tests/replay/host/answers/answers.h"

#include <glib.h>
#include <jansson.h>

#include <janus/mutex.h>
#include <janus/refcount.h>
#include <janus/utils.h>

/* ---- the parameters of a request ---- */

static struct janus_json_parameter parameters[] = {
    {"request", JSON_STRING, JANUS_JSON_PARAM_REQUIRED},
    {"events", JSON_STRING, JANUS_JSON_PARAM_NONEMPTY},
    {"grouping", JANUS_JSON_BOOL, 0},
    {"limit", JSON_INTEGER, JANUS_JSON_PARAM_POSITIVE},
    {"list", JSON_ARRAY, JANUS_JSON_PARAM_NONEMPTY},
    {"more", JSON_OBJECT, 0},
};

static void answer_validation(void)
{
    static const char *const requests[] = {
        "{}",
        "{\"request\":1}",
        "{\"request\":\"tweak\"}",
        "{\"request\":\"\",\"events\":\"\"}",
        "{\"request\":\"tweak\",\"events\":null}",
        "{\"request\":\"tweak\",\"grouping\":\"yes\"}",
        "{\"request\":\"tweak\",\"grouping\":false,\"limit\":0,\"list\":[1],\"more\":{}}",
        "{\"request\":\"tweak\",\"limit\":-1}",
        "{\"request\":\"tweak\",\"limit\":1.5}",
        "{\"request\":\"tweak\",\"list\":[]}",
        "{\"request\":\"tweak\",\"more\":[]}",
        "[]",
    };

    for (size_t r = 0; r < G_N_ELEMENTS(requests); r++) {
        json_t *request = json_loads(requests[r], 0, NULL);
        char cause[512] = "";
        int code = 0;

        JANUS_VALIDATE_JSON_OBJECT(request, parameters, code, cause, TRUE, 412, 413);
        fprintf(out, "validate %zu: %d '%s'\n", r, code, cause);
        json_decref(request);
    }
}

static void answer_secret(const char *secret)
{
    static const char *const requests[] = {"{}", "{\"secret\":5}", "{\"secret\":\"wrong\"}",
                                           "{\"secret\":\"right\"}"};

    for (size_t r = 0; r < G_N_ELEMENTS(requests); r++) {
        json_t *request = json_loads(requests[r], 0, NULL);
        char cause[512] = "";
        int code = 0;

        JANUS_CHECK_SECRET(secret, request, "secret", code, cause, 1, 2, 3);
        fprintf(out, "secret %s %zu: %d '%s'\n", shown(secret), r, code, cause);
        json_decref(request);
    }
}

/* ---- references and locks ---- */

struct counted {
    janus_refcount references;
    int freed;
};

static void note_freed(const janus_refcount *references)
{
    struct counted *counted = janus_refcount_containerof(references, struct counted, references);

    counted->freed++;
}

static void answer_references(void)
{
    struct counted counted = {.freed = 0};

    janus_refcount_init(&counted.references, note_freed);
    janus_refcount_increase(&counted.references);
    fprintf(out, "references %d", counted.references.count);
    janus_refcount_decrease(&counted.references);
    fprintf(out, " freed %d", counted.freed);
    janus_refcount_decrease(&counted.references);
    fprintf(out, " freed %d\n", counted.freed);
}

static void answer_locks(void)
{
    janus_mutex mutex;

    janus_mutex_init(&mutex);
    janus_mutex_lock(&mutex);
    int taken_twice = janus_mutex_trylock(&mutex);

    janus_mutex_unlock(&mutex);
    int taken_again = janus_mutex_trylock(&mutex);

    janus_mutex_unlock(&mutex);
    janus_mutex_destroy(&mutex);
    fprintf(out, "lock %d %d\n", taken_twice, taken_again);
}

void answer_macros(void)
{
    answer_validation();
    answer_secret("right");
    answer_secret(NULL);
    answer_references();
    answer_locks();
}
