/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Loading a handler's library, and saying why it cannot be (loader.h). */

#include "replay/host/loader.h"

#include <dlfcn.h>
#include <errno.h>
#include <glob.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

/* Where Janus's packages, its own `make install` and its documentation put event handlers. */
static const char *const handler_folders[] = {
    "/usr/lib/*-linux-*/janus/events", "/usr/lib/janus/events",       "/usr/lib64/janus/events",
    "/usr/local/lib/janus/events",     "/opt/janus/lib/janus/events",
};

/* Other kinds of Janus module have a `create` too, but another table behind it. */
static const char *const foreign_packages[] = {
    "janus.plugin.",
    "janus.transport.",
    "janus.logger.",
};

typedef struct janus_eventhandler *create_function(void);

/* ---- finding the file ---- */

/* `name` is a handler's ("sampleevh") or its file's ("libjanus_sampleevh.so"). */
static char *find_packaged(const char *name)
{
    bool is_file = g_str_has_suffix(name, ".so");

    for (size_t i = 0; i < G_N_ELEMENTS(handler_folders); i++) {
        g_autofree char *pattern =
            g_strdup_printf(is_file ? "%s/%s" : "%s/libjanus_%s.so", handler_folders[i], name);
        glob_t found = {0};
        char *file = glob(pattern, 0, NULL, &found) == 0 ? g_strdup(found.gl_pathv[0]) : NULL;

        globfree(&found);
        if (file)
            return file;
    }
    return NULL;
}

/* What glob() would take for a pattern is no handler's name. */
static bool is_bare_name(const char *path)
{
    return *path != '\0' && !strpbrk(path, "/*?[\\");
}

char *loader_resolve(const char *path)
{
    if (strchr(path, '/'))
        return g_strdup(path);
    if (is_bare_name(path) && !g_file_test(path, G_FILE_TEST_EXISTS)) {
        char *packaged = find_packaged(path);

        if (packaged)
            return packaged;
    }
    return g_strconcat("./", path, NULL);
}

static int check_file(const char *file, struct evj_error *err)
{
    struct stat st;

    if (stat(file, &st) != 0)
        return evj_fail(err, EVJ_ERR_INVALID, 0,
                        "no event handler at %s (%s): give the path of a libjanus_*evh.so, or the "
                        "name of an installed one, such as sampleevh",
                        file, g_strerror(errno));
    if (!S_ISREG(st.st_mode))
        return evj_fail(err, EVJ_ERR_INVALID, 0,
                        "%s is not a file: give the path of a libjanus_*evh.so", file);
    return 0;
}

/* ---- what dlopen() complains of ---- */

/* "FILE: undefined symbol: NAME", perhaps with ", version V" behind it. */
static bool fail_symbol(const char *file, const char *complaint, int *ret, struct evj_error *err)
{
    static const char key[] = "undefined symbol: ";
    const char *symbol = strstr(complaint, key);

    if (!symbol)
        return false;
    symbol += strlen(key);
    int length = (int)strcspn(symbol, " ,)\n");
    bool is_core = g_str_has_prefix(symbol, "janus_");

    *ret = evj_fail(err, EVJ_ERR_INVALID, 0,
                    is_core ? "%s needs the symbol %.*s of Janus, which this evj does not have: "
                              "look for a newer evj, unless it is no event handler but another "
                              "Janus module"
                            : "%s needs the symbol %.*s, which nothing that it is linked with has: "
                              "link the library that has it",
                    file, length, symbol);
    return true;
}

/* "LIB: cannot open shared object file: No such file or directory" */
static bool fail_library(const char *file, const char *complaint, int *ret, struct evj_error *err)
{
    const char *key = strstr(complaint, ": cannot open shared object file");

    if (!key)
        return false;
    *ret = evj_fail(err, EVJ_ERR_INVALID, 0,
                    "%s needs the library %.*s, which is not on this host: install its package",
                    file, (int)(key - complaint), complaint);
    return true;
}

static int fail_dlopen(const char *file, const char *complaint, struct evj_error *err)
{
    static const char *const no_library[] = {"invalid ELF header", "file too short",
                                             "wrong ELF class", "cannot dynamically load"};
    int rc;

    if (fail_symbol(file, complaint, &rc, err) || fail_library(file, complaint, &rc, err))
        return rc;
    for (size_t i = 0; i < G_N_ELEMENTS(no_library); i++)
        if (strstr(complaint, no_library[i]))
            return evj_fail(err, EVJ_ERR_INVALID, 0,
                            "%s is not a shared library for this machine (%s): give the path of a "
                            "libjanus_*evh.so",
                            file, no_library[i]);
    return evj_fail(err, EVJ_ERR_INVALID, 0, "cannot load %s: %s", file, complaint);
}

/* ---- what is in it ---- */

/* As Janus's loader: all but get_author and handle_request must be there. */
static bool is_complete(const struct janus_eventhandler *handler)
{
    return handler->init && handler->destroy && handler->get_api_compatibility &&
           handler->get_version && handler->get_version_string && handler->get_description &&
           handler->get_name && handler->get_package && handler->incoming_event;
}

static int check_package(const char *file, const char *package, struct evj_error *err)
{
    if (!package || *package == '\0')
        return evj_fail(err, EVJ_ERR_INVALID, 0,
                        "%s does not name its package: let its get_package() return one", file);
    for (size_t i = 0; i < G_N_ELEMENTS(foreign_packages); i++)
        if (g_str_has_prefix(package, foreign_packages[i]))
            return evj_fail(err, EVJ_ERR_INVALID, 0,
                            "%s is %s, another kind of Janus module: give an event handler's path",
                            file, package);
    return 0;
}

static int check_handler(const char *file, const struct janus_eventhandler *handler,
                         struct evj_error *err)
{
    if (!handler)
        return evj_fail(err, EVJ_ERR_INVALID, 0,
                        "create() of %s returned nothing: it is broken, or no event handler", file);
    if (!is_complete(handler))
        return evj_fail(err, EVJ_ERR_INVALID, 0,
                        "%s lacks one of the functions that every event handler must have: Janus "
                        "would refuse it, too",
                        file);
    int api = handler->get_api_compatibility();

    if (api < HOST_ABI_HANDLER_API)
        return evj_fail(err, EVJ_ERR_INVALID, 0,
                        "%s was built for event-handler API %d, and Janus takes %d or later: "
                        "rebuild it with the headers of Janus 0.6 or later",
                        file, api, HOST_ABI_HANDLER_API);
    return check_package(file, handler->get_package(), err);
}

int loader_open(const char *file, struct janus_eventhandler **ret_handler, struct evj_error *err)
{
    int rc = check_file(file, err);

    if (rc < 0)
        return rc;
    /* Global, as in Janus: two handlers that define the same function disturb each other there, and
     * somebody who tests them wants to see that here. */
    void *library = dlopen(file, RTLD_NOW | RTLD_GLOBAL);

    if (!library)
        return fail_dlopen(file, dlerror(), err);
    union {
        void *object;
        create_function *function;
    } create = {.object = dlsym(library, "create")};

    if (!create.object)
        return evj_fail(
            err, EVJ_ERR_INVALID, 0,
            "%s has no function `create`, so it is no event handler: give the path of a "
            "libjanus_*evh.so",
            file);
    struct janus_eventhandler *handler = create.function();

    rc = check_handler(file, handler, err);
    if (rc < 0)
        return rc;
    *ret_handler = handler;
    return 0;
}
