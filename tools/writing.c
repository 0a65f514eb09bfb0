/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/writing.h"

#include "evj/limits.h"
#include "evj/path.h"
#include "tools/command.h"
#include "tools/json_text.h"
#include "tools/report.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

void writing_options_done(struct writing_options *options)
{
    g_clear_pointer(&options->output, g_free);
}

int writing_check(const char *path)
{
    g_autofree char *folder = path != NULL ? g_path_get_dirname(path) : NULL;

    if (path == NULL)
        return trouble("which journal shall be made? Give -o FILE");
    if (*path == '\0' || strcmp(path, "-") == 0)
        return trouble("-o \"%s\" is no name of a file, and a journal is made in one: give -o FILE",
                       path);
    if (access(path, F_OK) == 0)
        return trouble("%s exists, and a journal is never overwritten: choose another name", path);
    if (access(folder, W_OK | X_OK) != 0)
        return trouble("cannot make %s: its folder cannot be written: %s", path, g_strerror(errno));
    return -1;
}

/* ---- the first line ---- */

/* Up to its newline, as any reader of gzip files would. NULL if it cannot be read. */
static GString *read_first_line(const char *path)
{
    gzFile file = gzopen(path, "rbe");
    GString *line = g_string_new(NULL);
    int c = -1;

    if (file != NULL) {
        while (line->len < EVJ_LINE_MAX && (c = gzgetc(file)) >= 0 && c != '\n')
            g_string_append_c(line, (char)c);
        gzclose(file);
    }
    if (c != '\n')
        g_string_free(g_steal_pointer(&line), TRUE);
    return line;
}

char *writing_sources_of(const char *path)
{
    GString *line = evj_path_is_stream(path) ? NULL : read_first_line(path);
    struct evj_record record;
    char *sources = NULL;

    if (line == NULL)
        return NULL;
    if (evj_record_parse(line->str, line->len, &record, NULL) == 0) {
        const struct evj_slice list = evj_json_member(record.body, "sources");

        if (list.text != NULL)
            sources = g_strndup(list.text, list.len);
    }
    g_string_free(line, TRUE);
    return sources;
}

/* Of a file that has lost its first line, nobody knows whether its first record is the recording's. */
static void name_lost(struct evj_header *header)
{
    struct evj_header fresh;

    if (header->id[0] != '\0' || evj_header_init(&fresh, NULL) != 0)
        return;
    memcpy(header->id, fresh.id, sizeof(header->id));
    g_strlcpy(header->previous, "lost", sizeof(header->previous));
}

char *writing_first_line(const struct evj_header *header, const char *sources)
{
    struct evj_header named = *header;
    char line[EVJ_HEADER_LINE_MAX];
    GString *whole;

    name_lost(&named);
    whole = g_string_new_len(line, (gssize)evj_header_put(&named, line));
    if (sources != NULL) {
        /* Only numbers follow this key: its last place is where it is. */
        const gssize started =
            g_strrstr_len(whole->str, (gssize)whole->len, ",\"started\":") - whole->str;

        g_string_insert(whole, started, sources);
        g_string_insert(whole, started, ",\"sources\":");
    }
    return g_string_free(whole, FALSE);
}

/* ---- a half-made file is deleted ---- */

/* A handler of signals can know of it in no other way. */
static char *volatile half_made;
static const int deadly[] = {SIGINT, SIGTERM, SIGHUP};

static void delete_and_die(int number)
{
    if (half_made != NULL)
        unlink(half_made);
    signal(number, SIG_DFL);
    raise(number);
}

/* Under nohup a hangup is no reason to stop. */
static void set_handlers(void (*handler)(int))
{
    for (size_t i = 0; i < G_N_ELEMENTS(deadly); i++) {
        struct sigaction old = {0};
        const struct sigaction action = {.sa_handler = handler};

        sigaction(deadly[i], NULL, &old);
        if (old.sa_handler != SIG_IGN)
            sigaction(deadly[i], &action, NULL);
    }
}

/*
 * Create the file and guard it. A signal in between would leave a file behind that nobody knows of, so
 * it waits; no other thread takes it meanwhile, as those of libevj block all signals.
 */
static int open_guarded(struct writing *writing, const struct evj_header *header,
                        const struct evj_writer_options *options, struct evj_error *err)
{
    sigset_t all;
    sigset_t before;
    int status;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    status = evj_writer_open(writing->path, header, options, &writing->writer, err);
    if (status == 0) {
        half_made = writing->path;
        set_handlers(delete_and_die);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return status;
}

static void stop_guarding(void)
{
    set_handlers(SIG_DFL);
    half_made = NULL;
}

/* ---- records ---- */

static bool failed(struct writing *writing, const struct evj_error *err)
{
    ticker_wipe(&writing->ticker);
    trouble("%s: %s; what was written of it is deleted again", writing->path, err->text);
    writing_abandon(writing);
    return false;
}

int writing_begin(struct writing *writing, const char *path, const char *first_line, bool quiet)
{
    const struct evj_writer_options options = {.copies = true,
                                               .first_line = {first_line, strlen(first_line)}};
    struct evj_record record;
    struct evj_header header;
    struct evj_error err = {0};
    int status = evj_record_parse(first_line, strlen(first_line), &record, &err);

    writing->path = g_strdup(path);
    ticker_init(&writing->ticker, !quiet);
    if (status == 0)
        status = evj_header_parse(&record, &header, &err);
    if (status == 0)
        status = open_guarded(writing, &header, &options, &err);
    if (status != 0)
        return trouble_from(&err, NULL);
    if (!quiet && !g_str_has_suffix(path, ".evj.gz"))
        note("%s does not end in .evj.gz: it will not be found as part of a folder of journals",
             path);
    return -1;
}

bool writing_add(struct writing *writing, const struct evj_record *record)
{
    struct evj_error err = {0};

    if (evj_writer_add(writing->writer, record, &err) != 0)
        return failed(writing, &err);
    writing->has_end |= record->kind == EVJ_RECORD_END;
    ticker_show(&writing->ticker, "copied", writing_totals(writing)->events);
    return true;
}

/* The end record is there already: what is left is to be sure that it is on the disk. */
static int close_as_it_is(struct writing *writing, struct evj_error *err)
{
    int status = evj_writer_flush(writing->writer, err);
    int fd = status == 0 ? open(writing->path, O_RDONLY | O_CLOEXEC) : -1;

    if (status != 0)
        return status;
    if (fd < 0 || (fsync(fd) != 0 && errno != EINVAL && errno != ENOTSUP))
        status = evj_fail_errno(err, 0, "cannot sync");
    if (fd >= 0)
        close(fd);
    return status;
}

bool writing_end(struct writing *writing, const char *reason)
{
    struct evj_error err = {0};
    int status = reason != NULL ? evj_writer_finish(writing->writer, reason, &err)
                                : close_as_it_is(writing, &err);

    if (status != 0)
        return failed(writing, &err);
    stop_guarding();
    ticker_wipe(&writing->ticker);
    return true;
}

void writing_abandon(struct writing *writing)
{
    ticker_wipe(&writing->ticker);
    if (half_made == NULL)
        return;
    unlink(half_made);
    stop_guarding();
}

void writing_done(struct writing *writing)
{
    writing_abandon(writing);
    evj_writer_free(writing->writer);
    g_free(writing->path);
    *writing = (struct writing){.path = NULL};
}

/* ---- telling of it ---- */

/* Without the end record, as an end record itself counts them. */
static uint64_t records_of(const struct writing *writing)
{
    return writing_totals(writing)->records - writing->has_end;
}

const struct evj_writer_totals *writing_totals(const struct writing *writing)
{
    return evj_writer_totals(writing->writer);
}

void writing_say(const struct writing *writing)
{
    const struct evj_writer_totals *totals = writing_totals(writing);

    note("wrote %" PRIu64 " record%s, %" PRIu64 " of them events, to %s: %" PRIu64 " bytes",
         records_of(writing), records_of(writing) == 1 ? "" : "s", totals->events, writing->path,
         totals->file_bytes);
}

void writing_tell(const struct writing *writing, json_t *object)
{
    const struct evj_writer_totals *totals = writing_totals(writing);
    g_autofree char *path = g_utf8_make_valid(writing->path, -1);

    json_object_set_new(object, "output", json_string(path));
    json_object_set_new(object, "records", json_integer((json_int_t)records_of(writing)));
    json_object_set_new(object, "events", json_integer((json_int_t)totals->events));
    json_object_set_new(object, "dropped", json_integer((json_int_t)totals->dropped));
    json_object_set_new(object, "text_bytes", json_integer((json_int_t)totals->text_bytes));
    json_object_set_new(object, "file_bytes", json_integer((json_int_t)totals->file_bytes));
}

void writing_print(json_t *object)
{
    char *line = json_dumps(object, JSON_COMPACT);

    json_text_print(stdout, line, strlen(line));
    putchar('\n');
    free(line);
    json_decref(object);
}
