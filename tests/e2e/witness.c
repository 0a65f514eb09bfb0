/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A witness of what the recorder was given: an event handler that Janus loads in the recorder's place. It
 * loads the recorder itself ($EVJ_RECORDER, unmodified), passes every call on to it, and notes each event
 * in a file ($EVJ_WITNESS) as soon as incoming_event() has returned, in the thread that called it.
 *
 * A server that is killed shall lose no event "whose incoming_event had returned". Who can tell which
 * those are? Not the answer to a custom_event: Janus answers, and queues the event. Not another handler
 * beside the recorder: Janus gives each its own copy, in the order of a hash table. Not the recorder's own
 * count: that is what is to be proved. So the caller: a note is written by write(), into the kernel's
 * memory, and outlives whatever becomes of the process. One event may have returned and not be noted yet
 * when the process dies; none is noted that has not returned.
 *
 * A note is what the event's text is known by: its size and its CRC-32, 4 bytes each, in the host's order.
 * The n-th note is of the event with seq n, as long as the recorder is given all events and no marks.
 */
#include <events/eventhandler.h>

#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

struct note {
    uint32_t size, crc;
};

static janus_eventhandler *recorder, *witness;
static int notes_fd;

janus_eventhandler *create(void) __attribute__((visibility("default")));

/* The core looks at our mask, and the recorder sets its own. */
static void take_mask(void)
{
    __atomic_store_n(&witness->events_mask, recorder->events_mask, __ATOMIC_RELAXED);
}

static int init(const char *config_path)
{
    int status = recorder->init(config_path);

    take_mask();
    return status;
}

static json_t *handle_request(json_t *request)
{
    json_t *answer = recorder->handle_request(request);

    take_mask();
    return answer;
}

static struct note note_of(json_t *event)
{
    char *text = json_dumps(event, JSON_COMPACT);
    size_t len = text ? strlen(text) : 0;
    struct note note = {(uint32_t)len, (uint32_t)crc32(0, (const Bytef *)text, (uInt)len)};

    free(text);
    return note;
}

static void incoming_event(json_t *event)
{
    struct note note = note_of(event);

    recorder->incoming_event(event);
    if (write(notes_fd, &note, sizeof(note)) != sizeof(note))
        abort(); /* a witness that is silent proves nothing */
}

static void *missing(const char *what)
{
    fprintf(stderr, "witness: %s\n", what);
    return NULL;
}

/* The recorder's table, but for what is seen to here. */
janus_eventhandler *create(void)
{
    const char *path = getenv("EVJ_RECORDER"), *notes = getenv("EVJ_WITNESS");
    void *library = path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
    create_e *create_recorder = library ? (create_e *)dlsym(library, "create") : NULL;

    if (!create_recorder)
        return missing("$EVJ_RECORDER names no recorder");
    notes_fd = notes ? open(notes, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    if (notes_fd < 0)
        return missing("$EVJ_WITNESS names no file that can be written");
    recorder = create_recorder();
    const janus_eventhandler table = {
        .init = init,
        .destroy = recorder->destroy,
        .get_api_compatibility = recorder->get_api_compatibility,
        .get_version = recorder->get_version,
        .get_version_string = recorder->get_version_string,
        .get_description = recorder->get_description,
        .get_name = recorder->get_name,
        .get_author = recorder->get_author,
        .get_package = recorder->get_package,
        .incoming_event = incoming_event,
        .handle_request = handle_request,
    };
    witness = malloc(sizeof(table));
    if (witness)
        memcpy(witness, &table, sizeof(table));
    return witness;
}
