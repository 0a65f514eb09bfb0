/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evj/path.h"
#include "evj/reader.h"
#include "format/verify_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct link {
    char *path;
    size_t number; /* as the caller named it */
    bool has_header;
    struct evj_header header;
    int64_t recording_wall_us; /* when the first file of its recording began */
};

/* The files in order, and what those of one recording hold that were verified so far. */
struct evj_chain {
    struct link *links;
    size_t count;
    const struct link *newest; /* that continues its recording; NULL: none of this recording yet */
    bool has_seq;
    uint64_t next_seq;
};

static const struct evj_place nowhere;

/* ---- opening ---- */

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* Within a recording mono tells the order: its wall clock may have been set back meanwhile. */
static int by_recording(const void *a, const void *b)
{
    const struct link *x = a, *y = b;
    int order = compare_numbers(y->has_header, x->has_header);

    if (order == 0)
        order = strcmp(x->header.id, y->header.id);
    if (order == 0)
        order = compare_numbers(x->header.started_mono_us, y->header.started_mono_us);
    return order ? order : compare_numbers((int64_t)x->number, (int64_t)y->number);
}

static int by_start_of_recording(const void *a, const void *b)
{
    const struct link *x = a, *y = b;
    int order = compare_numbers(y->has_header, x->has_header);

    if (order == 0)
        order = compare_numbers(x->recording_wall_us, y->recording_wall_us);
    return order ? order : by_recording(a, b);
}

static bool is_of_recording_of(const struct link *link, const struct link *other)
{
    return link->has_header && other->has_header && strcmp(link->header.id, other->header.id) == 0;
}

static void sort(struct evj_chain *chain)
{
    struct link *links = chain->links;

    qsort(links, chain->count, sizeof(*links), by_recording);
    for (size_t i = 0; i < chain->count; i++)
        links[i].recording_wall_us = i > 0 && is_of_recording_of(&links[i], &links[i - 1])
                                         ? links[i - 1].recording_wall_us
                                         : links[i].header.started_wall_us;
    qsort(links, chain->count, sizeof(*links), by_start_of_recording);
}

/* What cannot be opened is told when it is verified. A pipe cannot be read twice. */
static int read_header(struct link *link, struct evj_error *err)
{
    EVJ_AUTO(reader) *reader = NULL;

    if (evj_path_is_stream(link->path))
        return EVJ_OK;
    int status = evj_reader_open(link->path, &reader, err);
    if (status == EVJ_OK)
        link->header = *evj_reader_header(reader);
    link->has_header = link->header.id[0] != '\0';
    return status == EVJ_ERR_MEMORY ? status : EVJ_OK;
}

int evj_chain_open(const char *const *paths, size_t path_count, struct evj_chain **ret_chain,
                   struct evj_error *err)
{
    EVJ_AUTO(chain) *chain = calloc(1, sizeof(*chain));
    int status = EVJ_OK;

    if (chain)
        chain->links = calloc(path_count + 1, sizeof(*chain->links));
    if (!chain || !chain->links)
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for %zu files", path_count);
    for (; status == EVJ_OK && chain->count < path_count; chain->count++) {
        struct link *link = &chain->links[chain->count];
        link->number = chain->count;
        link->path = strdup(paths[chain->count]);
        status = link->path ? read_header(link, err)
                            : evj_fail(err, EVJ_ERR_MEMORY, 0, "no memory for a path");
    }
    if (status < 0)
        return status;
    sort(chain);
    *ret_chain = EVJ_TAKE(chain);
    return EVJ_OK;
}

void evj_chain_free(struct evj_chain *chain)
{
    if (!chain)
        return;
    for (size_t i = 0; i < chain->count; i++)
        free(chain->links[i].path);
    free(chain->links);
    free(chain);
}

size_t evj_chain_files(const struct evj_chain *chain)
{
    return chain->count;
}

const char *evj_chain_path(const struct evj_chain *chain, size_t file)
{
    return chain->links[file].path;
}

/* ---- holding a file against those before it ---- */

static bool is_copy(const struct evj_header *a, const struct evj_header *b)
{
    return a->started_mono_us == b->started_mono_us && a->started_wall_us == b->started_wall_us &&
           strcmp(a->previous, b->previous) == 0;
}

/* A part of a recording, or several merged, stand outside of the sequence of files. */
static bool is_in_sequence(const struct link *link, const struct evj_verify_totals *totals)
{
    return link->has_header && totals->has_seq && link->header.cut[0] == '\0' &&
           link->header.sources == 0;
}

static bool is_here(const struct evj_chain *chain, const char *name)
{
    for (size_t i = 0; i < chain->count; i++)
        if (strcmp(evj_path_name(chain->links[i].path), name) == 0)
            return true;
    return false;
}

static void tell_missing(const struct evj_chain *chain, const struct link *link,
                         struct evj_verification *verification)
{
    const char *previous = link->header.previous;
    const struct evj_place place = {.has_seq = true, .seq = chain->next_seq};

    if (previous[0] == '\0')
        previous = evj_path_name(chain->newest->path);
    evj_verification_add(verification, EVJ_FINDING_MISSING, &place,
                         "seq %" PRIu64 " to %" PRIu64
                         " are in no file: %.120s, which comes before this one, %s",
                         chain->next_seq, verification->totals.first_seq - 1, previous,
                         is_here(chain, previous) ? "does not have them" : "is not here");
}

static void compare_with_newest(const struct evj_chain *chain, const struct link *link,
                                struct evj_verification *verification)
{
    uint64_t first = verification->totals.first_seq;
    const struct evj_place place = {.has_seq = true, .seq = first};

    if (first > chain->next_seq)
        tell_missing(chain, link, verification);
    else if (first < chain->next_seq)
        evj_verification_add(verification, EVJ_FINDING_ORDER, &place,
                             "seq %" PRIu64 " to %" PRIu64 " are in %.120s too", first,
                             chain->next_seq - 1, evj_path_name(chain->newest->path));
}

static void tell_earlier(const struct link *link, struct evj_verification *verification)
{
    const struct evj_place place = {.has_seq = true};

    if (link->header.previous[0] != '\0' && verification->totals.first_seq > 0)
        evj_verification_add(verification, EVJ_FINDING_EARLIER, &place,
                             "seq 0 to %" PRIu64 " are in earlier files, the last of them %.120s, "
                             "which are not here",
                             verification->totals.first_seq - 1, link->header.previous);
}

static void hold_against_others(struct evj_chain *chain, const struct link *link,
                                struct evj_verification *verification)
{
    const struct evj_verify_totals *totals = &verification->totals;

    if (chain->newest && !is_of_recording_of(link, chain->newest)) {
        chain->newest = NULL;
        chain->has_seq = false;
    }
    if (!is_in_sequence(link, totals))
        return;
    if (chain->newest && is_copy(&link->header, &chain->newest->header))
        evj_verification_add(verification, EVJ_FINDING_COPY, &nowhere, "a copy of %.200s",
                             chain->newest->path);
    else if (chain->newest)
        compare_with_newest(chain, link, verification);
    else if (chain->count > 1)
        tell_earlier(link, verification);
    chain->newest = link;
    if (!chain->has_seq || totals->next_seq > chain->next_seq)
        chain->next_seq = totals->next_seq;
    chain->has_seq = true;
}

int evj_chain_verify(struct evj_chain *chain, size_t file, evj_verify_progress *progress,
                     void *context, struct evj_verification *ret_verification,
                     struct evj_error *err)
{
    const struct link *link = &chain->links[file];
    int status = evj_verify(link->path, progress, context, ret_verification, err);

    if (status == EVJ_OK)
        hold_against_others(chain, link, ret_verification);
    return status;
}
