/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * As much of HTTP/1.1 and of WebSocket (RFC 6455) as a server needs that only counts. One
 * connection at a time, which is all that an event handler ever has.
 */
#include "tests/bench/backend.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define MASK_SIZE 4u
#define OPCODE_CLOSE 8u

/* What was received on a connection and not looked at yet. */
struct stream {
    int fd;
    GString *text;
};

/* At least `len` bytes, or false at the connection's end. */
static gboolean receive(struct stream *stream, size_t len)
{
    char part[65536];

    while (stream->text->len < len) {
        ssize_t got = recv(stream->fd, part, sizeof(part), 0);
        if (got <= 0)
            return FALSE;
        g_string_append_len(stream->text, part, got);
    }
    return TRUE;
}

static void consume(struct stream *stream, size_t len)
{
    g_string_erase(stream->text, 0, (gssize)len);
}

static void answer(const struct stream *stream, const char *text)
{
    if (send(stream->fd, text, strlen(text), MSG_NOSIGNAL) < 0)
        return; /* then the next receive() sees the end, too */
}

/* The length of a request's head with its empty line, or 0 at the connection's end. */
static size_t receive_head(struct stream *stream)
{
    const char *end;

    while (!(end = strstr(stream->text->str, "\r\n\r\n")))
        if (!receive(stream, stream->text->len + 1))
            return 0;
    return (size_t)(end - stream->text->str) + 4;
}

/* The value of a header field: g_free() it. NULL if there is none. */
static char *field_of(const struct stream *stream, size_t head, const char *name)
{
    g_autofree char *copy = g_strndup(stream->text->str, head);
    g_auto(GStrv) lines = g_strsplit(copy, "\r\n", -1);
    size_t len = strlen(name);

    for (char **line = lines; *line; line++)
        if (strncasecmp(*line, name, len) == 0 && (*line)[len] == ':')
            return g_strstrip(g_strdup(*line + len + 1));
    return NULL;
}

static void run(int listener, struct backend_counts *counts,
                void (*talk)(struct stream *stream, struct backend_counts *counts))
{
    for (;;) {
        struct stream stream = {.fd = accept(listener, NULL, NULL), .text = g_string_new(NULL)};
        if (stream.fd >= 0) {
            talk(&stream, counts);
            close(stream.fd);
        }
        g_string_free(stream.text, TRUE);
    }
}

/* ---- HTTP ---- */

static void talk_http(struct stream *stream, struct backend_counts *counts)
{
    size_t head;

    while ((head = receive_head(stream)) > 0) {
        g_autofree char *length = field_of(stream, head, "Content-Length");
        g_autofree char *expect = field_of(stream, head, "Expect");
        size_t body = length ? strtoul(length, NULL, 10) : 0;
        if (expect)
            answer(stream, "HTTP/1.1 100 Continue\r\n\r\n");
        if (!receive(stream, head + body))
            return;
        backend_count(counts, stream->text->str + head, body);
        consume(stream, head + body);
        answer(stream, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }
}

void backend_serve_http(int listener, struct backend_counts *counts)
{
    run(listener, counts, talk_http);
}

/* ---- WebSocket ---- */

static gboolean shake_hands(struct stream *stream)
{
    static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    size_t head = receive_head(stream);
    guint8 digest[20];
    gsize size = sizeof(digest);

    if (head == 0)
        return FALSE;
    g_autofree char *key = field_of(stream, head, "Sec-WebSocket-Key");
    g_autofree char *protocol = field_of(stream, head, "Sec-WebSocket-Protocol");
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);
    g_checksum_update(sum, (const guchar *)(key ? key : ""), -1);
    g_checksum_update(sum, (const guchar *)guid, sizeof(guid) - 1);
    g_checksum_get_digest(sum, digest, &size);
    g_autofree char *accept = g_base64_encode(digest, size);
    g_autofree char *text =
        g_strdup_printf("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                        "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n%s%s%s\r\n",
                        accept, protocol ? "Sec-WebSocket-Protocol: " : "",
                        protocol ? protocol : "", protocol ? "\r\n" : "");
    consume(stream, head);
    answer(stream, text);
    return TRUE;
}

/* The size of the frame's header and of its payload; false at the connection's end. */
static gboolean receive_frame_head(struct stream *stream, size_t *ret_head, size_t *ret_payload)
{
    size_t extra, payload;

    if (!receive(stream, 2))
        return FALSE;
    payload = (unsigned char)stream->text->str[1] & 0x7Fu;
    extra = payload == 127 ? 8 : payload == 126 ? 2 : 0;
    if (!receive(stream, 2 + extra + MASK_SIZE))
        return FALSE;
    if (extra > 0)
        payload = 0;
    for (size_t i = 0; i < extra; i++)
        payload = payload << 8 | (unsigned char)stream->text->str[2 + i];
    *ret_head = 2 + extra + MASK_SIZE;
    *ret_payload = payload;
    return TRUE;
}

static void talk_websocket(struct stream *stream, struct backend_counts *counts)
{
    size_t head, payload;

    if (!shake_hands(stream))
        return;
    while (receive_frame_head(stream, &head, &payload) && receive(stream, head + payload)) {
        const char *mask = stream->text->str + head - MASK_SIZE;
        char *text = stream->text->str + head;
        if (((unsigned char)stream->text->str[0] & 0xFu) == OPCODE_CLOSE)
            return;
        for (size_t i = 0; i < payload; i++)
            text[i] = (char)(text[i] ^ mask[i % MASK_SIZE]);
        backend_count(counts, text, payload);
        consume(stream, head + payload);
    }
}

void backend_serve_websocket(int listener, struct backend_counts *counts)
{
    run(listener, counts, talk_websocket);
}
