/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/merge_sources.h"

#include <string.h>

static void free_recording(gpointer pointer)
{
    struct merge_recording *recording = pointer;

    g_ptr_array_unref(recording->cuts);
    g_free(recording->list);
    g_free(recording);
}

void merge_sources_init(struct merge_sources *sources)
{
    *sources = (struct merge_sources){
        .recordings = g_ptr_array_new_with_free_func(free_recording),
        .files = g_array_new(FALSE, FALSE, sizeof(struct merge_file)),
        .numbers = g_array_new(FALSE, FALSE, sizeof(unsigned)),
        .sources = g_ptr_array_new_with_free_func(g_free),
        .by_id = g_hash_table_new(g_str_hash, g_str_equal),
        .source_ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
    };
}

void merge_sources_done(struct merge_sources *sources)
{
    g_ptr_array_unref(sources->recordings);
    g_array_unref(sources->files);
    g_array_unref(sources->numbers);
    g_ptr_array_unref(sources->sources);
    g_hash_table_unref(sources->by_id);
    g_hash_table_unref(sources->source_ids);
}

/* ---- naming files ---- */

/* One and the same recording may have come into several merged journals: it is one source. */
static unsigned number_of_source(struct merge_sources *sources, struct evj_slice source)
{
    const struct evj_slice id = evj_json_string(evj_json_member(source, "id"));
    g_autofree char *key = id.len > 0 ? g_strndup(id.text, id.len) : NULL;
    const guint known =
        key != NULL ? GPOINTER_TO_UINT(g_hash_table_lookup(sources->source_ids, key)) : 0;

    if (known > 0) {
        sources->share = true;
        return known - 1;
    }
    g_ptr_array_add(sources->sources, g_strndup(source.text, source.len));
    if (key != NULL)
        g_hash_table_insert(sources->source_ids, g_steal_pointer(&key),
                            GUINT_TO_POINTER(sources->sources->len));
    return sources->sources->len - 1;
}

static void add_source(struct merge_sources *sources, struct merge_recording *recording,
                       struct evj_slice source)
{
    const unsigned number = number_of_source(sources, source);

    g_array_append_val(sources->numbers, number);
    recording->sources++;
}

static void add_sources(struct merge_sources *sources, struct merge_recording *recording)
{
    struct evj_slice rest = {recording->list,
                             recording->list != NULL ? strlen(recording->list) : 0};
    struct evj_slice source;
    char own[EVJ_SOURCE_MAX];

    recording->first = sources->numbers->len;
    while (evj_header_next_source(&rest, &source))
        add_source(sources, recording, source);
    if (recording->sources > 0)
        return;
    source = (struct evj_slice){own, evj_header_put_source(recording->header, own)};
    add_source(sources, recording, source);
}

static struct merge_recording *new_recording(struct merge_sources *sources,
                                             const struct evj_header *header, const char *list)
{
    struct merge_recording *recording = g_new0(struct merge_recording, 1);

    recording->header = header;
    recording->cuts = g_ptr_array_new();
    recording->list = g_strdup(list);
    add_sources(sources, recording);
    g_ptr_array_add(sources->recordings, recording);
    return recording;
}

/* A file that has lost its header has no id: it is a recording of its own. */
static struct merge_recording *recording_of(struct merge_sources *sources,
                                            const struct evj_header *header, const char *list)
{
    struct merge_recording *recording = g_hash_table_lookup(sources->by_id, header->id);

    if (recording != NULL)
        return recording;
    recording = new_recording(sources, header, list);
    if (header->id[0] != '\0')
        g_hash_table_insert(sources->by_id, (gpointer)header->id, recording);
    return recording;
}

void merge_sources_add(struct merge_sources *sources, const char *path,
                       const struct evj_header *header, const char *list)
{
    const struct merge_file file = {path, recording_of(sources, header, list)};
    GPtrArray *cuts = file.recording->cuts;

    g_array_append_val(sources->files, file);
    /* Files come in the order of their start on the wall clock, which may have been set. */
    if (header->started_mono_us < file.recording->header->started_mono_us)
        file.recording->header = header;
    if (header->cut[0] != '\0' &&
        !g_ptr_array_find_with_equal_func(cuts, header->cut, g_str_equal, NULL))
        g_ptr_array_add(cuts, (gpointer)header->cut);
}

/* ---- asking ---- */

bool merge_sources_are_several(const struct merge_sources *sources)
{
    return sources->recordings->len > 1;
}

const struct merge_file *merge_sources_file(const struct merge_sources *sources, guint file)
{
    return &g_array_index(sources->files, struct merge_file, file);
}

unsigned merge_sources_number(const struct merge_sources *sources,
                              const struct merge_recording *recording,
                              const struct evj_record *record)
{
    uint64_t told = 0;

    if (recording->sources > 1 && !evj_json_to_u64(evj_json_member(record->line, "source"), &told))
        told = 0;
    if (told >= recording->sources)
        told = 0;
    return g_array_index(sources->numbers, unsigned, recording->first + (guint)told);
}

/* ---- the header ---- */

/* A text that all recordings tell alike is told of the new journal; another is not. */
static void keep_common(const struct merge_sources *sources, gsize offset, char *text)
{
    for (guint i = 0; i < sources->recordings->len; i++) {
        const struct merge_recording *one = g_ptr_array_index(sources->recordings, i);

        if (strcmp(text, (const char *)one->header + offset) != 0)
            text[0] = '\0';
    }
}

static int header_of_several(const struct merge_sources *sources, struct evj_header *ret_header,
                             struct evj_error *err)
{
    const struct merge_recording *first = g_ptr_array_index(sources->recordings, 0);
    struct evj_header header = *first->header, fresh;
    int status = evj_header_init(&fresh, err);

    if (status != 0)
        return status;
    keep_common(sources, offsetof(struct evj_header, emitter), header.emitter);
    keep_common(sources, offsetof(struct evj_header, host), header.host);
    keep_common(sources, offsetof(struct evj_header, events), header.events);
    header.cut[0] = header.boot_id[0] = header.previous[0] = '\0';
    memcpy(header.id, fresh.id, sizeof(header.id));
    memcpy(header.recorder, fresh.recorder, sizeof(header.recorder));
    g_strlcpy(header.clock, EVJ_CLOCK_MERGED, sizeof(header.clock));
    for (guint i = 0; i < sources->recordings->len; i++) {
        const struct merge_recording *one = g_ptr_array_index(sources->recordings, i);

        header.started_wall_us = MIN(header.started_wall_us, one->header->started_wall_us);
    }
    header.started_mono_us = header.started_wall_us;
    *ret_header = header;
    return 0;
}

static char *list_of_several(const struct merge_sources *sources)
{
    GString *list = g_string_new("[");

    for (guint i = 0; i < sources->sources->len; i++) {
        if (i > 0)
            g_string_append_c(list, ',');
        g_string_append(list, g_ptr_array_index(sources->sources, i));
    }
    g_string_append_c(list, ']');
    return g_string_free(list, FALSE);
}

/* "--session 1 + --session 2", or "" for whole files. */
static void put_cut(const struct merge_recording *recording, char *out, gsize size)
{
    out[0] = '\0';
    for (guint i = 0; i < recording->cuts->len; i++) {
        if (i > 0)
            g_strlcat(out, " + ", size);
        g_strlcat(out, g_ptr_array_index(recording->cuts, i), size);
    }
}

int merge_sources_header(const struct merge_sources *sources, struct evj_header *ret_header,
                         char **ret_list, struct evj_error *err)
{
    const struct merge_recording *first = g_ptr_array_index(sources->recordings, 0);
    const bool several = merge_sources_are_several(sources);
    struct evj_header header = *first->header;
    int status = several ? header_of_several(sources, &header, err) : 0;

    if (status != 0)
        return status;
    if (!several)
        put_cut(first, header.cut, sizeof(header.cut));
    header.spool[0] = '\0';
    *ret_header = header;
    *ret_list = several ? list_of_several(sources) : g_strdup(first->list);
    return 0;
}
