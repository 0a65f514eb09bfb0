/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * make_journal FILE < LINES: a journal with exactly these records, the first of which is its first
 * line. Without an end record in the lines the file stays open, as a recorder's does that was
 * killed.
 */
#include "evj/header.h"
#include "evj/record.h"
#include "evj/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

static void check(int status, const struct evj_error *err)
{
    if (status >= 0)
        return;
    fprintf(stderr, "make_journal: %s\n", err->text);
    exit(2);
}

static bool next_record(char **line, size_t *size, struct evj_record *ret)
{
    struct evj_error err = {0};
    ssize_t len = getline(line, size, stdin);

    if (len <= 0)
        return false;
    check(evj_record_parse(*line, (size_t)len - ((*line)[len - 1] == '\n'), ret, &err), &err);
    return true;
}

int main(int argc, char **argv)
{
    EVJ_AUTO(writer) *writer = NULL;
    struct evj_error err = {0};
    struct evj_header header;
    struct evj_record record;
    char *line = NULL;
    size_t size = 0;

    if (argc != 2 || !next_record(&line, &size, &record))
        return 2;
    check(evj_header_parse(&record, &header, &err), &err);
    check(evj_writer_open(argv[1], &header, NULL, &writer, &err), &err);
    while (next_record(&line, &size, &record)) {
        if (record.kind == EVJ_RECORD_END)
            check(evj_writer_finish(writer, "shutdown", &err), &err);
        else
            check(evj_writer_add(writer, &record, &err), &err);
    }
    check(evj_writer_flush(writer, &err), &err);
    free(line);
    return 0;
}
