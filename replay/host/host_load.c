/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Janus's core as its event handlers see it first: loading and init (host.h). */

#include "replay/host/host_internal.h"
#include "replay/host/loader.h"
#include "replay/host/log.h"

#include <string.h>

static int check_room(const struct host *host, const char *file, struct evj_error *err)
{
    if (host->loaded->len < HOST_HANDLERS_MAX)
        return 0;
    return evj_fail(err, EVJ_ERR_INVALID, 0, "%s is one too many: a replay takes %u handlers", file,
                    HOST_HANDLERS_MAX);
}

static int check_new(const struct host *host, const char *file,
                     const struct janus_eventhandler *handler, struct evj_error *err)
{
    const char *package = handler->get_package();

    for (size_t i = 0; i < host->loaded->len; i++)
        if (strcmp(host_nth(host, i)->package, package) == 0)
            return evj_fail(err, EVJ_ERR_INVALID, 0,
                            "%s: a handler with its package %s is loaded already: give each once",
                            file, package);
    return 0;
}

/* What its configuration's name ends with, where all handlers look for it; NULL: there is none. */
static const char *find_configuration(const struct host *host, const char *package)
{
    static const char *const endings[] = {"jcfg", "cfg"};

    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *path = g_strdup_printf("%s/%s.%s", host->config_dir, package, endings[i]);

        if (g_file_test(path, G_FILE_TEST_EXISTS))
            return endings[i];
    }
    return NULL;
}

static int fail_init(const struct host *host, const char *file, const char *package, int result,
                     struct evj_error *err)
{
    const char *found = find_configuration(host, package);
    char complaint[256], said[264] = "and no word";

    host_log_copy_complaint(complaint, sizeof(complaint));
    if (complaint[0] != '\0')
        g_snprintf(said, sizeof(said), "(\"%s\")", complaint);
    if (!found)
        return evj_fail(err, EVJ_ERR_INVALID, 0,
                        "init() of %s failed with %d %s: there is no %s.jcfg in %s", file, result,
                        said, package, host->config_dir);
    return evj_fail(err, EVJ_ERR_INVALID, 0, "init() of %s failed with %d %s: check %s/%s.%s", file,
                    result, said, host->config_dir, package, found);
}

static int init_handler(struct host *host, const char *file, struct janus_eventhandler *handler,
                        struct evj_error *err)
{
    const char *package = handler->get_package();

    host_log_forget_complaint();
    progress_set(&host->progress, HOST_PHASE_INIT, package);
    int result = handler->init(host->config_dir);

    progress_set(&host->progress, HOST_PHASE_IDLE, NULL);
    return result == 0 ? 0 : fail_init(host, file, package, result, err);
}

static int open_handler(struct host *host, const char *file,
                        struct janus_eventhandler **ret_handler, struct evj_error *err)
{
    g_autofree char *base = g_path_get_basename(file);

    /* A library may crash while it is being loaded, before its package is known. */
    progress_set(&host->progress, HOST_PHASE_LOAD, base);
    int rc = loader_open(file, ret_handler, err);

    progress_set(&host->progress, HOST_PHASE_IDLE, NULL);
    return rc < 0 ? rc : check_new(host, file, *ret_handler, err);
}

static void add_handler(struct host *host, struct janus_eventhandler *handler)
{
    const guint index = host->loaded->len;
    struct loaded *loaded = g_new0(struct loaded, 1);

    loaded->handler = handler;
    loaded->package = g_strdup(handler->get_package());
    loaded->probe = &host->shared->handler[index].probe;
    g_strlcpy(host->shared->handler[index].package, loaded->package, HOST_PACKAGE_SIZE);
    g_ptr_array_add(host->loaded, loaded);
    host->shared->handlers = host->loaded->len;
}

int host_load(struct host *host, const char *path, struct evj_error *err)
{
    g_autofree char *file = loader_resolve(path);
    struct janus_eventhandler *handler = NULL;
    int rc = check_room(host, file, err);

    if (rc == 0)
        rc = open_handler(host, file, &handler, err);
    if (rc == 0)
        rc = init_handler(host, file, handler, err);
    if (rc == 0)
        add_handler(host, handler);
    return rc;
}
