/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How large a journal is, against `gzip -6` of the same lines; for servers with few and with many
 * sessions, because the more of them, the farther apart are two statistics of the same handle. And
 * what it takes to write it, without the recorder around it.
 */
#include "evj/writer.h"
#include "tests/bench/generate.h"
#include "tests/bench/measure.h"
#include "tests/bench/table.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* The events of one server, as JSON lines, and when each was recorded. */
struct corpus {
    GString *text;
    GArray *monos; /* int64_t, µs */
};

struct size {
    double file_bytes, text_bytes, cpu_ns; /* in all */
};

/* A server that has been up for some days; and each event waits a little for its turn. */
static int64_t recorded_us(const json_t *event)
{
    int64_t made_us = json_integer_value(json_object_get(event, "timestamp"));

    return made_us - INT64_C(1795000000000000) + made_us % 61;
}

static struct corpus corpus_new(unsigned sessions, size_t events)
{
    struct generator_options options = {.seed = 2, .sessions = sessions, .steady = true};
    struct generator *generator = generator_new(&options);
    struct corpus corpus = {g_string_new(NULL), g_array_new(FALSE, FALSE, sizeof(int64_t))};

    for (size_t i = 0; i < events; i++) {
        json_t *event = generator_next(generator);
        char *text = json_dumps(event, JSON_COMPACT);
        int64_t mono_us = recorded_us(event);
        g_array_append_val(corpus.monos, mono_us);
        g_string_append(corpus.text, text);
        g_string_append_c(corpus.text, '\n');
        free(text);
        json_decref(event);
    }
    generator_free(generator);
    return corpus;
}

static double file_size(const char *path)
{
    struct stat about;

    return stat(path, &about) == 0 ? (double)about.st_size : 0;
}

/* ---- the ways to write it ---- */

/* What gzip(1) does, by its own library. */
static int write_gzip(const char *path, int level, const struct corpus *corpus, struct size *ret)
{
    const GString *text = corpus->text;
    char mode[] = {'w', 'b', (char)('0' + level), '\0'};
    uint64_t begun_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    gzFile file = gzopen(path, mode);

    if (!file || gzwrite(file, text->str, (unsigned)text->len) != (int)text->len ||
        gzclose(file) != Z_OK)
        return -1;
    ret->cpu_ns = (double)(clock_ns(CLOCK_THREAD_CPUTIME_ID) - begun_ns);
    ret->text_bytes = (double)text->len;
    ret->file_bytes = file_size(path);
    return 0;
}

static int add_events(struct evj_writer *writer, const struct corpus *corpus, struct evj_error *err)
{
    const char *line = corpus->text->str;
    int status = EVJ_OK;

    for (guint i = 0; status == EVJ_OK && i < corpus->monos->len; i++) {
        const char *end = strchr(line, '\n');
        int64_t mono_us = g_array_index(corpus->monos, int64_t, i);
        status = evj_writer_add_event(writer, mono_us, line, (size_t)(end - line), err);
        line = end + 1;
    }
    return status == EVJ_OK ? evj_writer_finish(writer, "end of input", err) : status;
}

static int write_journal(const char *path, int level, const struct corpus *corpus, struct size *ret)
{
    struct evj_writer_options options = {.level = level};
    uint64_t begun_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    EVJ_AUTO(writer) *writer = NULL;
    struct evj_header header;
    struct evj_error err = {0};
    int status = evj_header_init(&header, &err);

    if (status == EVJ_OK)
        status = evj_writer_open(path, &header, &options, &writer, &err);
    if (status == EVJ_OK)
        status = add_events(writer, corpus, &err);
    if (status < 0) {
        fprintf(stderr, "bench_size: %s: %s\n", path, err.text);
        return -1;
    }
    ret->cpu_ns = (double)(clock_ns(CLOCK_THREAD_CPUTIME_ID) - begun_ns);
    ret->text_bytes = (double)evj_writer_totals(writer)->text_bytes;
    ret->file_bytes = file_size(path);
    return 0;
}

/* The journal's own lines, as zcat shows them. */
static struct corpus lines_of(const char *path)
{
    struct corpus lines = {.text = g_string_new(NULL)};
    gzFile file = gzopen(path, "rb");
    char part[65536];
    int len;

    while (file && (len = gzread(file, part, sizeof(part))) > 0)
        g_string_append_len(lines.text, part, len);
    if (file)
        gzclose(file);
    return lines;
}

/* ---- the table ---- */

struct way {
    const char *name;
    int (*write)(const char *path, int level, const struct corpus *corpus, struct size *ret);
    int level;
    bool of_journal; /* of the lines of the journal before it */
};

static const struct way ways[] = {
    {"gzip -6 of the bare events", write_gzip, 6, false},
    {"journal, level 1", write_journal, 1, false},
    {"journal, level 9", write_journal, 9, false},
    {"journal, level 6 (default)", write_journal, 6, false},
    {"gzip -6 of the journal's lines", write_gzip, 6, true},
};

static void add_row(struct table *table, const struct way *way, const struct corpus *corpus,
                    const struct size *size, const struct size *gzip)
{
    double events = (double)corpus->monos->len;

    table_add(table, "%s", way->name);
    table_add(table, "%.1f", size->file_bytes / events);
    table_add(table, "%.2f", size->text_bytes / size->file_bytes);
    table_add(table, "%+.1f %%", 100 * (size->file_bytes / gzip->file_bytes - 1));
    table_add(table, "%.2f", size->cpu_ns / 1e3 / events);
    table_add(table, "%.2fx", gzip->cpu_ns / size->cpu_ns);
}

static int compare(unsigned sessions, size_t events, const char *path)
{
    static const char *const heads[] = {
        "written as", "bytes/event", "text/file", "against gzip -6", "CPU µs/event", "speed", NULL};
    struct corpus corpus = corpus_new(sessions, events);
    g_autofree char *title =
        g_strdup_printf("Size on disk: %zu events of %u sessions, mean %.0f bytes", events,
                        sessions, (double)corpus.text->len / (double)events);
    struct size gzip = {0};
    struct table table;
    int status = 0;

    table_init(&table, title, heads);
    for (size_t i = 0; i < G_N_ELEMENTS(ways) && status == 0; i++) {
        struct corpus lines = {0};
        struct size size = {0};
        if (ways[i].of_journal)
            lines = lines_of(path);
        unlink(path);
        status = ways[i].write(path, ways[i].level, lines.text ? &lines : &corpus, &size);
        if (i == 0)
            gzip = size;
        add_row(&table, &ways[i], &corpus, &size, &gzip);
        if (lines.text)
            g_string_free(lines.text, TRUE);
    }
    unlink(path);
    table_print(&table);
    g_string_free(corpus.text, TRUE);
    g_array_free(corpus.monos, TRUE);
    return status;
}

int main(int argc, char **argv)
{
    static const unsigned sessions[] = {10, 100, 1000};
    bool quick = argc > 1 && strcmp(argv[1], "--quick") == 0;
    g_autofree char *folder = g_dir_make_tmp("evj-bench-size-XXXXXX", NULL);
    g_autofree char *path = folder ? g_build_filename(folder, "journal.evj.gz", NULL) : NULL;
    int status = path ? 0 : -1;

    for (size_t i = 0; i < G_N_ELEMENTS(sessions) && status == 0; i++)
        status = compare(sessions[i], quick ? 2000 : 200000, path);
    if (folder)
        g_rmdir(folder);
    return status == 0 ? 0 : 1;
}
