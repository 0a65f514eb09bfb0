/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * make_journal FILE < LINES: a journal with exactly these records, the first of which is its first
 * line. Without an end record in the lines the file stays open, as a recorder's does that was
 * killed.
 *
 * Events behind an empty line go to the spool that the first line names, instead of the file; for
 * as long as standard input stays open, their recorder lives.
 */
#include "evj/header.h"
#include "evj/limits.h"
#include "evj/record.h"
#include "evj/spool.h"
#include "evj/writer.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

struct input {
    char *line;
    size_t size;
    struct evj_record record;
};

static void check(int status, const struct evj_error *err)
{
    if (status >= 0)
        return;
    fprintf(stderr, "make_journal: %s\n", err->text);
    exit(2);
}

/* False at the end, and at an empty line. */
static bool next_record(struct input *input)
{
    struct evj_error err = {0};
    ssize_t len = getline(&input->line, &input->size, stdin);

    if (len <= 1)
        return false;
    check(evj_record_parse(input->line, (size_t)len - 1, &input->record, &err), &err);
    return true;
}

static void write_file(struct input *input, const char *path, const struct evj_header *header)
{
    EVJ_AUTO(writer) *writer = NULL;
    struct evj_error err = {0};

    check(evj_writer_open(path, header, NULL, &writer, &err), &err);
    while (next_record(input)) {
        if (input->record.kind == EVJ_RECORD_END)
            check(evj_writer_finish(writer, "shutdown", &err), &err);
        else
            check(evj_writer_add(writer, &input->record, &err), &err);
    }
    check(evj_writer_flush(writer, &err), &err);
}

/* The spool stays behind, as after a crash. It numbers its events itself, from 0. */
static void write_spool(struct input *input, const struct evj_header *header)
{
    EVJ_AUTO(spool) *spool = NULL;
    struct evj_error err = {0};
    char *path = strdup(header->spool);

    check(evj_spool_create(dirname(path), header->id, "", EVJ_SPOOL_MIN, &spool, &err), &err);
    while (next_record(input)) {
        size_t room;
        char *text = evj_spool_begin(spool, input->record.mono_us, &room);

        memcpy(text, input->record.body.text, input->record.body.len);
        evj_spool_commit(spool, input->record.body.len);
    }
    free(path);
}

int main(int argc, char **argv)
{
    struct input input = {0};
    struct evj_header header;
    struct evj_error err = {0};

    if (argc != 2 || !next_record(&input))
        return 2;
    check(evj_header_parse(&input.record, &header, &err), &err);
    write_file(&input, argv[1], &header);
    if (!feof(stdin))
        write_spool(&input, &header);
    free(input.line);
    return 0;
}
