/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/test.h"

#include "tests/tools/analysis/compare.h"
#include "tools/diff_html.h"

#include <stdlib.h>
#include <string.h>

/* ---- a page, and what is in it ---- */

struct page {
    char *text;
    GHashTable *ids;   /* set of char * */
    GPtrArray *links;  /* char *: without the "#" */
    GHashTable *names; /* of elements and attributes; set of char * */
    GString *content;  /* all text of it but the style */
    bool in_style;
};

static void take_attribute(struct page *page, const char *name, const char *value)
{
    g_hash_table_add(page->names, g_strdup(name));
    if (g_str_equal(name, "id"))
        assert_true(g_hash_table_add(page->ids, g_strdup(value)));
    if (!g_str_equal(name, "href"))
        return;
    assert_int_equal(value[0], '#');
    g_ptr_array_add(page->links, g_strdup(value + 1));
}

static void begin(GMarkupParseContext *context, const char *element, const char **names,
                  const char **values, void *pointer, GError **error)
{
    struct page *page = pointer;

    (void)context;
    (void)error;
    page->in_style = g_str_equal(element, "style");
    g_hash_table_add(page->names, g_strdup(element));
    for (size_t i = 0; names[i] != NULL; i++)
        take_attribute(page, names[i], values[i]);
}

static void take_text(GMarkupParseContext *context, const char *text, gsize len, void *pointer,
                      GError **error)
{
    struct page *page = pointer;

    (void)context;
    (void)error;
    if (!page->in_style)
        g_string_append_len(page->content, text, (gssize)len);
    page->in_style = false;
}

/* The page is XML as well, which a strict parser can be asked about. */
static void parse(struct page *page)
{
    const GMarkupParser parser = {.start_element = begin, .text = take_text};
    const char *root = strstr(page->text, "<html");
    GMarkupParseContext *context = g_markup_parse_context_new(&parser, 0, page, NULL);
    GError *error = NULL;

    assert_true(g_str_has_prefix(page->text, "<!DOCTYPE html>\n"));
    if (!g_markup_parse_context_parse(context, root, -1, &error) ||
        !g_markup_parse_context_end_parse(context, &error))
        fail_msg("%s", error->message);
    g_markup_parse_context_free(context);
}

static struct page *page_of(const struct diff_result *result)
{
    const struct diff_shown shown = {
        .result = result, .a = {.path = "a.evj.gz"}, .b = {.path = "b.evj.gz", .damages = 3}};
    struct page *page = g_new0(struct page, 1);
    size_t size = 0;
    FILE *out = open_memstream(&page->text, &size);

    assert_non_null(out);
    diff_html_print(&shown, out);
    fclose(out);
    page->ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    page->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    page->links = g_ptr_array_new_with_free_func(g_free);
    page->content = g_string_new(NULL);
    parse(page);
    return page;
}

static void page_free(struct page *page)
{
    g_hash_table_unref(page->ids);
    g_hash_table_unref(page->names);
    g_ptr_array_unref(page->links);
    g_string_free(page->content, TRUE);
    free(page->text);
    g_free(page);
}

static struct page *page_of_samples(const char *a, const char *b)
{
    struct diff_result *result = compare_timelines(a, b);
    struct page *page = page_of(result);

    diff_free(result);
    return page;
}

static struct page *page_of_events(const GPtrArray *a, const GPtrArray *b)
{
    struct diff_result *result = compare_timelines_of(a, b);
    struct page *page = page_of(result);

    diff_free(result);
    return page;
}

static void assert_links_lead_somewhere(const struct page *page)
{
    for (guint i = 0; i < page->links->len; i++) {
        if (!g_hash_table_contains(page->ids, g_ptr_array_index(page->links, i)))
            fail_msg("nothing has the id %s", (char *)g_ptr_array_index(page->links, i));
    }
}

static void assert_says(const struct page *page, const char *text)
{
    if (strstr(page->content->str, text) == NULL)
        fail_msg("\"%s\" is not on the page", text);
}

/* ---- claims ---- */

static void all_links_lead_to_something_on_the_page(void **state)
{
    static const char *const samples[] = {"echo1", "echo2", "mute", "dtlsfail", "room1"};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
        for (size_t k = 0; k < G_N_ELEMENTS(samples); k++) {
            struct page *page = page_of_samples(samples[i], samples[k]);

            assert_links_lead_somewhere(page);
            page_free(page);
        }
    }
}

static void a_difference_and_its_place_lead_to_each_other(void **state)
{
    struct page *page = page_of_samples("echo2", "dtlsfail");

    (void)state;
    for (int number = 1; number <= 4; number++) {
        g_autofree char *item = g_strdup_printf("d-%d", number);
        g_autofree char *place = g_strdup_printf("at-%d", number);

        assert_true(g_hash_table_contains(page->ids, item));
        assert_true(g_hash_table_contains(page->ids, place));
        assert_true(g_ptr_array_find_with_equal_func(page->links, item, g_str_equal, NULL));
        assert_true(g_ptr_array_find_with_equal_func(page->links, place, g_str_equal, NULL));
    }
    page_free(page);
}

static void what_is_no_step_leads_to_its_table(void **state)
{
    struct page *page = page_of_samples("echo2", "mute");

    (void)state;
    assert_true(
        g_ptr_array_find_with_equal_func(page->links, "statistics-0-0-0", g_str_equal, NULL));
    page_free(page);
}

static void it_says_what_all_forms_say(void **state)
{
    struct page *page = page_of_samples("echo2", "dtlsfail");
    struct page *identical = page_of_samples("mute", "mute");

    (void)state;
    assert_says(page, "Different: first, “dtls connected” in A, “dtls failed” in B.");
    assert_says(page, "2 outcome");
    assert_says(page, "DTLS connected");
    assert_says(page, "36 fields ignored by rules");
    assert_says(page, "3 stretches could not be read");
    assert_says(identical, "Identical: the two say the same.");
    page_free(page);
    page_free(identical);
}

/* What a browser may do with it: use this style, and nothing else. */
static void the_policy_allows_the_style_of_the_page_alone(void **state)
{
    struct page *page = page_of_samples("echo2", "dtlsfail");
    const char *style = strstr(page->text, "<style>") + strlen("<style>");
    g_autofree char *text = g_strndup(style, (gsize)(strstr(style, "</style>") - style));
    g_autofree char *hex = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    guint8 digest[32];

    (void)state;
    for (size_t i = 0; i < sizeof(digest); i++)
        digest[i] =
            (guint8)(16 * g_ascii_xdigit_value(hex[2 * i]) + g_ascii_xdigit_value(hex[2 * i + 1]));
    g_autofree char *hash = g_base64_encode(digest, sizeof(digest));
    g_autofree char *policy =
        g_strdup_printf("content=\"default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; "
                        "form-action 'none'\"",
                        hash);

    assert_non_null(strstr(page->text, policy));
    assert_true(strstr(page->text, policy) < style);
    assert_false(g_hash_table_contains(page->names, "script"));
    assert_false(g_hash_table_contains(page->names, "style=") ||
                 strstr(page->text, " style=\"") != NULL);
    page_free(page);
}

/* ---- strangers ---- */

static const char evil[] =
    "</style></bdi><script>owned()</script><img src=x onerror=owned()> \"'&amp; "
    "]]> --> \033[2J \u202e \u2066 \a";

/* Where journals have texts of their own. */
static void poison(GPtrArray *events, const char *text)
{
    static const char *const places[][3] = {
        {"event.dtls", "connected", "dtls"},
        {"event.connection", "webrtcup", "connection"},
        {"event.name", "attached", "plugin"},
    };
    g_autofree char *sdp =
        g_strdup_printf("v=0\r\nm=%s 9 x 1\r\na=mid:%s\r\na=%s\r\n", text, text, text);
    const guint offer = find_event(events, "event.jsep.type", "offer", 0);

    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        json_t *event =
            g_ptr_array_index(events, find_event(events, places[i][0], places[i][1], 0));

        json_object_set_new(value_at(event, "event"), text, json_string(text));
        json_object_set_new(value_at(event, "event"), places[i][2], json_string(text));
        json_object_set_new(event, "opaque_id", json_string(text));
    }
    json_object_set_new(value_at(g_ptr_array_index(events, offer), "event.jsep"), "sdp",
                        json_string(sdp));
}

static void text_of_strangers_stays_text(void **state)
{
    g_autoptr(GPtrArray) good = event_list_load("echo2");
    g_autoptr(GPtrArray) bad = event_list_copy(good);

    (void)state;
    poison(bad, evil);
    struct page *page = page_of_events(good, bad);

    assert_says(page, "<script>owned()</script>");
    assert_false(g_hash_table_contains(page->names, "script"));
    assert_false(g_hash_table_contains(page->names, "img"));
    assert_false(g_hash_table_contains(page->names, "onerror"));
    assert_links_lead_somewhere(page);
    for (const char *at = page->text; *at != '\0'; at++)
        assert_false(g_ascii_iscntrl(*at) && *at != '\n' && *at != '\r');
    assert_null(strstr(page->text, "\u202e"));
    assert_null(strstr(page->text, "\u2066"));
    page_free(page);
}

static void a_long_text_is_cut_and_its_length_told(void **state)
{
    g_autoptr(GPtrArray) good = event_list_load("echo2");
    g_autoptr(GPtrArray) bad = event_list_copy(good);
    g_autofree char *text = g_strnfill(100000, 'x');

    (void)state;
    poison(bad, text);
    struct page *page = page_of_events(good, bad);

    assert_says(page, "… (100000 characters)");
    assert_in_range(strlen(page->text), 1, 150000);
    page_free(page);
}

/* They would be painted over all that stands above. */
static void marks_that_pile_up_are_cut(void **state)
{
    g_autoptr(GPtrArray) good = event_list_load("echo2");
    g_autoptr(GPtrArray) bad = event_list_copy(good);
    g_autoptr(GString) text = g_string_new("e");

    (void)state;
    for (int i = 0; i < 200; i++)
        g_string_append(text, "\u0301");
    poison(bad, text->str);
    struct page *page = page_of_events(good, bad);

    assert_says(page, "e\u0301\u0301");
    assert_says(page, "… (201 characters)");
    assert_null(strstr(page->text, "\u0301\u0301\u0301\u0301\u0301\u0301\u0301"));
    page_free(page);
}

/* ---- bounds ---- */

/* So many events of a plugin, all the same or all different. */
static void add_plugin_events(GPtrArray *events, guint count, const char *name)
{
    const guint up = find_event(events, "event.connection", "webrtcup", 0);

    for (guint i = 0; i < count; i++) {
        json_t *event = json_deep_copy(g_ptr_array_index(events, up));
        g_autofree char *text = g_strdup_printf("%s %u", name, i);

        json_object_set_new(event, "type", json_integer(64));
        json_object_set_new(
            event, "event",
            json_pack("{s:s, s:{s:s}}", "plugin", "janus.plugin.echotest", "data", "event", text));
        g_ptr_array_insert(events, (gint)(up + 1 + i), event);
    }
}

static void of_many_equal_steps_the_middle_is_left_out_and_counted(void **state)
{
    g_autoptr(GPtrArray) events = event_list_load("echo2");

    (void)state;
    add_plugin_events(events, 500, "step");
    struct page *page = page_of_events(events, events);

    assert_says(page, " more steps, all the same");
    assert_in_range(strlen(page->text), 1, 100000);
    page_free(page);
}

static void of_differences_without_end_the_page_shows_a_part_and_says_so(void **state)
{
    g_autoptr(GPtrArray) good = event_list_load("echo2");
    g_autoptr(GPtrArray) bad = event_list_copy(good);

    (void)state;
    add_plugin_events(bad, 5000, "other");
    struct page *page = page_of_events(good, bad);

    assert_says(page, "… and 4500 more");
    assert_says(page, " more steps");
    assert_links_lead_somewhere(page);
    assert_in_range(strlen(page->text), 1, 3000000);
    page_free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_links_lead_to_something_on_the_page),
        cmocka_unit_test(a_difference_and_its_place_lead_to_each_other),
        cmocka_unit_test(what_is_no_step_leads_to_its_table),
        cmocka_unit_test(it_says_what_all_forms_say),
        cmocka_unit_test(the_policy_allows_the_style_of_the_page_alone),
        cmocka_unit_test(text_of_strangers_stays_text),
        cmocka_unit_test(a_long_text_is_cut_and_its_length_told),
        cmocka_unit_test(marks_that_pile_up_are_cut),
        cmocka_unit_test(of_many_equal_steps_the_middle_is_left_out_and_counted),
        cmocka_unit_test(of_differences_without_end_the_page_shows_a_part_and_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
