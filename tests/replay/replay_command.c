/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/replay/replay_command.h"

#include "evj/writer.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>

int command_set_up(void **state)
{
    struct command *command = g_new0(struct command, 1);

    command->folder = g_dir_make_tmp("evj-replay-XXXXXX", NULL);
    command->journal = g_build_filename(command->folder, "j.evj.gz", NULL);
    *state = command;
    return 0;
}

void command_forget(struct command *command)
{
    g_clear_pointer(&command->out, g_free);
    g_clear_pointer(&command->err, g_free);
    g_clear_pointer(&command->report, json_decref);
}

int command_tear_down(void **state)
{
    struct command *command = *state;

    command_forget(command);
    g_unlink(command->journal);
    g_rmdir(command->folder);
    g_free(command->journal);
    g_free(command->folder);
    g_free(command);
    return 0;
}

void write_journal(const struct command *command, const char *const *labels, size_t count,
                   int64_t last_us)
{
    EVJ_AUTO(writer) *writer = NULL;
    struct evj_header header;

    assert_int_equal(evj_header_init(&header, NULL), 0);
    assert_int_equal(evj_writer_open(command->journal, &header, NULL, &writer, NULL), 0);
    for (size_t i = 0; i < count; i++) {
        int64_t mono_us = header.started_mono_us + (i + 1 == count ? last_us : (int64_t)i * 1000);
        g_autofree char *event =
            g_strdup_printf("{\"type\":1,\"timestamp\":%" G_GINT64_FORMAT ",\"label\":\"%s\"}",
                            header.started_wall_us, labels[i]);

        assert_int_equal(evj_writer_add_event(writer, mono_us, event, strlen(event), NULL), 0);
    }
    assert_int_equal(evj_writer_finish(writer, "shutdown", NULL), 0);
}

char **command_line(const struct command *command, const char *arguments)
{
    g_auto(GStrv) parts = g_strsplit(arguments, "%O", -1);
    g_autofree char *given = g_strjoinv("--handler " OBEDIENT " --config /tmp", parts);
    g_autofree char *line = g_strdup_printf(EVJ " replay %s %s", command->journal, given);

    return g_strsplit(line, " ", -1);
}

void replay_argv(struct command *command, char **argv)
{
    GError *error = NULL;
    int wstatus;

    command_forget(command);
    assert_true(g_spawn_sync(NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &command->out,
                             &command->err, &wstatus, &error));
    assert_true(WIFEXITED(wstatus));
    command->exit_status = WEXITSTATUS(wstatus);
    command->report = json_loads(command->out, 0, NULL);
}

void replay(struct command *command, const char *arguments)
{
    g_auto(GStrv) argv = command_line(command, arguments);

    replay_argv(command, argv);
}

const json_t *handler_of(const struct command *command)
{
    return json_array_get(json_object_get(command->report, "handlers"), 0);
}

const json_t *ended_of(const struct command *command)
{
    return json_object_get(handler_of(command), "ended");
}

void assert_text(const json_t *object, const char *key, const char *text)
{
    assert_non_null(json_string_value(json_object_get(object, key)));
    assert_string_equal(json_string_value(json_object_get(object, key)), text);
}

json_int_t number(const json_t *object, const char *key)
{
    assert_true(json_is_integer(json_object_get(object, key)));
    return json_integer_value(json_object_get(object, key));
}

const char *const quiet[] = {"a", "b", "c"};
