/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A spool that anyone may have made, and a journal that names it. The input is what of the spool's
 * page decides something, and the text of its ring; see struct input. The rest is made so that the
 * spool belongs to the journal.
 */
#include "tests/fuzz/fuzz.h"

#include "evj/header.h"
#include "evj/limits.h"
#include "evj/reader.h"
#include "evj/spool.h"
#include "evj/writer.h"
#include "format/spool_layout_internal.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CAPACITY EVJ_SPOOL_MIN

/* How the input begins. */
struct input {
    uint8_t odd[8]; /* each 0: as it must be */
    uint64_t head, tail;
    uint32_t loss_version, unused;
    struct evj_loss loss;
};
enum odd {
    ODD_MAGIC,
    ODD_VERSION,
    ODD_HEADER_SIZE,
    ODD_CAPACITY,
    ODD_ID,
    ODD_BOOT,
    ODD_SIZE,
    ODD_NUL
};

/* Two files beside each other, for as long as the process lives. */
static char folder[] = "/dev/shm/evj-fuzz-XXXXXX";
static char journal_path[64], spool_path[128];
static struct evj_header header;

static void remove_files(void)
{
    unlink(journal_path);
    unlink(spool_path);
    rmdir(folder);
}

static void write_journal(void)
{
    EVJ_AUTO(writer) *writer = NULL;

    REQUIRE(evj_writer_open(journal_path, &header, NULL, &writer, NULL) == EVJ_OK);
    for (unsigned i = 0; i < 3; i++)
        REQUIRE(evj_writer_add_event(writer, header.started_mono_us + i, "{\"type\":4}", 10,
                                     NULL) == EVJ_OK);
    REQUIRE(evj_writer_flush(writer, NULL) == EVJ_OK);
}

static void make_files(void)
{
    static bool made;

    if (made)
        return;
    made = true;
    REQUIRE(mkdtemp(folder));
    REQUIRE(evj_header_init(&header, NULL) == EVJ_OK);
    snprintf(spool_path, sizeof(spool_path), "%s/evj-%s.spool", folder, header.id);
    snprintf(journal_path, sizeof(journal_path), "%s/j.evj.gz", folder);
    snprintf(header.spool, sizeof(header.spool), "%s", spool_path);
    atexit(remove_files);
    write_journal();
}

static void fill_page(struct spool_page *page, const struct input *input)
{
    memset(page, 0, sizeof(*page));
    memcpy(page->magic, SPOOL_MAGIC, sizeof(page->magic));
    page->magic[0] = (char)(page->magic[0] + input->odd[ODD_MAGIC]);
    page->version = SPOOL_VERSION + input->odd[ODD_VERSION];
    page->header_size = SPOOL_HEADER + input->odd[ODD_HEADER_SIZE];
    page->capacity = input->odd[ODD_CAPACITY] < 64 ? (uint64_t)CAPACITY << input->odd[ODD_CAPACITY]
                                                   : CAPACITY + input->odd[ODD_CAPACITY];
    memcpy(page->id, header.id, sizeof(header.id));
    page->id[0] = (char)(page->id[0] + input->odd[ODD_ID]);
    memcpy(page->boot_id, header.boot_id, sizeof(header.boot_id));
    page->boot_id[0] = (char)(page->boot_id[0] + input->odd[ODD_BOOT]);
    if (input->odd[ODD_NUL] % 2 == 1)
        memset(page->journal, 'x', sizeof(page->journal));
    if (input->odd[ODD_NUL] % 4 >= 2)
        memset(page->id + 36, 'x', sizeof(page->id) - 36);
    page->head = input->head;
    page->tail = input->tail;
    page->loss_version = input->loss_version;
    page->loss = input->loss;
}

static void write_at(int fd, const void *bytes, size_t len, uint64_t offset)
{
    REQUIRE(pwrite(fd, bytes, len, (off_t)offset) == (ssize_t)len);
}

/* The text stands where the tail says, as far as the ring goes. */
static void write_spool(const struct spool_page *page, unsigned too_short, const uint8_t *text,
                        size_t len)
{
    int fd = open(spool_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    uint64_t at = page->tail % CAPACITY;
    size_t first = len < CAPACITY - at ? len : (size_t)(CAPACITY - at);

    REQUIRE(fd >= 0 && len <= CAPACITY);
    write_at(fd, page, sizeof(*page), 0);
    write_at(fd, text, first, SPOOL_HEADER + at);
    write_at(fd, text + first, len - first, SPOOL_HEADER);
    REQUIRE(ftruncate(fd, (off_t)(SPOOL_HEADER + CAPACITY - 16u * too_short)) == 0);
    close(fd);
}

/* What a spool of ours cannot be. */
static bool is_possible(const struct input *input)
{
    for (size_t i = 0; i < ODD_NUL; i++)
        if (input->odd[i] != 0)
            return false;
    if (input->odd[ODD_NUL] % 4 != 0)
        return false;
    return input->head >= input->tail && input->head - input->tail <= CAPACITY;
}

/* A loss is told behind the text if its seq follows on the last line, or no line says what follows. */
static bool is_loss_due(const struct evj_loss *loss, const char *text, size_t used)
{
    struct evj_record last;

    if (loss->events == 0 || used == 0)
        return loss->events > 0;
    const char *newline = memrchr(text, '\n', used - 1);
    const char *line = newline ? newline + 1 : text;
    if (evj_record_parse(line, (size_t)(text + used - 1 - line), &last, NULL) != EVJ_OK)
        return true;
    return last.seq + evj_record_seq_span(&last) == loss->seq;
}

static void check_gap(const struct evj_loss *loss, const char *line, size_t len)
{
    struct evj_record gap;

    REQUIRE(len > 0 && len <= EVJ_GAP_LINE_MAX + 1 && line[len - 1] == '\n');
    REQUIRE(evj_record_parse(line, len - 1, &gap, NULL) == EVJ_OK);
    REQUIRE(gap.kind == EVJ_RECORD_GAP && gap.seq == loss->seq);
    REQUIRE(gap.gap.events == loss->events && gap.gap.bytes == loss->bytes);
    REQUIRE(gap.mono_us == loss->first_us && gap.gap.until_us == loss->until_us);
}

/* The ring's text, as far as the input has it (behind that, the ring is empty), and the loss. */
static void check_text(const struct evj_spool_snapshot *snapshot, const struct input *input,
                       const uint8_t *text, size_t len)
{
    size_t used = (size_t)(input->head - input->tail), same = used < len ? used : len;

    REQUIRE(snapshot->len >= used && memcmp(snapshot->text, text, same) == 0);
    if (is_loss_due(&input->loss, snapshot->text, used))
        check_gap(&input->loss, snapshot->text + used, snapshot->len - used);
    else
        REQUIRE(snapshot->len == used);
}

static void check_snapshot(const struct input *input, const uint8_t *text, size_t len)
{
    struct evj_spool_snapshot snapshot;
    struct evj_error err = {0};
    int status = evj_spool_snapshot(spool_path, header.id, &snapshot, &err);

    REQUIRE((status == EVJ_OK) == is_possible(input));
    if (status != EVJ_OK) {
        REQUIRE(status == EVJ_ERR_FOREIGN || status == EVJ_ERR_CORRUPT);
        REQUIRE(err.text[0] != '\0');
        return;
    }
    REQUIRE(!snapshot.live && strcmp(snapshot.id, header.id) == 0);
    check_text(&snapshot, input, text, len);
    evj_spool_snapshot_done(&snapshot);
}

/* Reading the journal ends, and gives what the file has, whatever the spool is. */
static void check_reader(size_t len)
{
    EVJ_AUTO(reader) *reader = NULL;
    const struct evj_record *record;
    size_t calls = 0, events = 0;
    int status;

    REQUIRE(evj_reader_open(journal_path, &reader, NULL) == EVJ_OK);
    do {
        status = evj_reader_next(reader, &record, NULL);
        if (status == EVJ_OK && record->kind == EVJ_RECORD_EVENT && record->seq < 3)
            events++;
        /* A line has a byte, and at most one piece of damage before it. */
        REQUIRE(++calls <= 2 * (CAPACITY + len) + 100);
    } while (status == EVJ_OK || status == EVJ_DAMAGED);
    REQUIRE(events == 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {0};
    struct spool_page page;
    size_t fixed = size < sizeof(input) ? size : sizeof(input);
    size_t len = size - fixed < CAPACITY ? size - fixed : CAPACITY;

    memcpy(&input, data, fixed);
    make_files();
    fill_page(&page, &input);
    write_spool(&page, input.odd[ODD_SIZE], data + fixed, len);
    check_snapshot(&input, data + fixed, len);
    check_reader(len);
    return 0;
}
