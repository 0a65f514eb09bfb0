/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include <dlfcn.h>
#include <glib.h>

/* What the six handlers of Debian's Janus 1.1.2 import from the core. */
static const char *const imported[] = {
    "janus_config_destroy",
    "janus_config_get",
    "janus_config_get_arrays",
    "janus_config_get_create",
    "janus_config_get_items",
    "janus_config_parse",
    "janus_config_print",
    "janus_events_edit_events_mask",
    "janus_events_type_to_label",
    "janus_events_type_to_name",
    "janus_get_json_type_name",
    "janus_get_monotonic_time",
    "janus_get_real_time",
    "janus_gzip_compress",
    "janus_is_true",
    "janus_json_is_valid",
    "janus_log_colors",
    "janus_log_global_prefix",
    "janus_log_level",
    "janus_log_timestamps",
    "janus_make_absolute_path",
    "janus_network_address_from_sockaddr",
    "janus_network_address_string_from_buffer",
    "janus_network_address_to_string_buffer",
    "janus_string_to_uint16",
    "janus_vprintf",
    "lock_debug",
};

static void all_that_bundled_handlers_import_is_exported(void **state)
{
    (void)state;
    assert_int_equal(G_N_ELEMENTS(imported), 27);
    for (size_t i = 0; i < G_N_ELEMENTS(imported); i++)
        if (!dlsym(RTLD_DEFAULT, imported[i]))
            fail_msg("%s is missing", imported[i]);
}

/* A name per line in the file, as in "    janus_vprintf;". */
static GPtrArray *read_list(const char *path)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    char *text = NULL;

    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (char **line = lines; *line; line++)
        if (g_str_has_prefix(*line, "    "))
            g_ptr_array_add(names, g_strndup(*line + 4, strcspn(*line + 4, ";")));
    g_free(text);
    return names;
}

static void all_that_the_list_names_is_exported(void **state)
{
    GPtrArray *names = read_list(CORE_SYMS);

    (void)state;
    assert_true(names->len >= 27);
    for (guint i = 0; i < names->len; i++)
        if (!dlsym(RTLD_DEFAULT, names->pdata[i]))
            fail_msg("%s is listed, but not there", (const char *)names->pdata[i]);
    g_ptr_array_free(names, TRUE);
}

/* A handler that has libevj inside, as our recorder does, must not find the executable's. */
static void nothing_of_our_own_is_exported(void **state)
{
    static const char *const own[] = {
        "host_new", "host_log_open",  "loader_open", "watch_new",        "config_container_new",
        "main",     "evj_fail_errno", "evj_fail",    "evj_histogram_add"};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(own); i++)
        if (dlsym(RTLD_DEFAULT, own[i]))
            fail_msg("%s is exported", own[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_bundled_handlers_import_is_exported),
        cmocka_unit_test(all_that_the_list_names_is_exported),
        cmocka_unit_test(nothing_of_our_own_is_exported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
