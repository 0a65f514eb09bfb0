/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tests/replay/host/support.h"

#include <glib/gstdio.h>
#include <inttypes.h>

struct lines *lines_new(void)
{
    struct lines *lines = g_new0(struct lines, 1);

    lines->texts = g_ptr_array_new_with_free_func(g_free);
    return lines;
}

void lines_free(struct lines *lines)
{
    g_ptr_array_free(lines->texts, TRUE);
    g_free(lines);
}

void lines_take(const struct host_log_line *line, void *lines)
{
    g_autofree char *seq =
        line->seq == UINT64_MAX ? g_strdup("-") : g_strdup_printf("%" PRIu64, line->seq);

    g_ptr_array_add(((struct lines *)lines)->texts,
                    g_strdup_printf("%d@%s %s", line->level, seq, line->text));
}

bool lines_have(const struct lines *lines, const char *text)
{
    for (guint i = 0; i < lines->texts->len; i++)
        if (strcmp(lines->texts->pdata[i], text) == 0)
            return true;
    return false;
}

struct host *new_host(struct lines *lines)
{
    struct host *host = NULL;
    struct evj_error err = {0};

    if (host_new("/nonexistent", NULL, lines ? lines_take : NULL, lines, &host, &err) < 0)
        fail_msg("%s", err.text);
    return host;
}

const char *handler_path(const char *name)
{
    static char path[512];

    g_snprintf(path, sizeof(path), "%s/%s.so", HANDLER_DIR, name);
    return path;
}

void load(struct host *host, const char *name)
{
    struct evj_error err = {0};

    if (host_load(host, handler_path(name), &err) < 0)
        fail_msg("%s", err.text);
}

const char *refusal(struct host *host, const char *path)
{
    static struct evj_error err;
    size_t before = host_handlers(host);

    assert_int_equal(host_load(host, path, &err), EVJ_ERR_INVALID);
    assert_int_equal(err.status, EVJ_ERR_INVALID);
    assert_int_equal(host_handlers(host), before);
    return err.text;
}

void dispatch(struct host *host, uint64_t seq, int type, const char *label)
{
    struct evj_error err = {0};
    json_t *event = json_pack("{s:i, s:s, s:{s:[i, i]}}", "type", type, "label", label, "event",
                              "numbers", 1, 2);

    if (host_dispatch(host, seq, event, &err) < 0)
        fail_msg("%s", err.text);
}

json_int_t asked(struct host *host, size_t index, const char *request, const char *key)
{
    json_t *question = json_loads(request, 0, NULL);
    json_t *answer = host_request(host, index, question);
    json_int_t value = json_integer_value(json_object_get(answer, key));

    json_decref(question);
    json_decref(answer);
    return value;
}

char *new_folder(void)
{
    char *folder = g_dir_make_tmp("evj-host-XXXXXX", NULL);

    assert_non_null(folder);
    return folder;
}

static void remove_all(const char *path)
{
    GDir *dir = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);

    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *member = g_build_filename(path, name, NULL);

        remove_all(member);
    }
    if (dir)
        g_dir_close(dir);
    g_remove(path);
}

void remove_folder(char *folder)
{
    remove_all(folder);
    g_free(folder);
}

void write_text(const char *folder, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);

    assert_true(g_file_set_contents(path, text, -1, NULL));
}
