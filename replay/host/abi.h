/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_HOST_ABI_H
#define REPLAY_HOST_ABI_H

/*
 * The binary interface between an event handler and Janus's core, in our own words: the layouts and
 * functions that handlers built against janus-dev expect, from Janus 0.6 (handler API 3) on.
 *
 * Names, layouts and values are Janus's, because a handler that is already compiled relies on them;
 * that is why they lack our prefix. tests/replay/host/test_abi.c holds this file against Janus's
 * real headers where these are installed: it includes them, defines HOST_ABI_PROTOTYPES_ONLY, and
 * lets the compiler compare every declaration.
 *
 * Any handler thread may call any of these functions at any time, so all of them are thread-safe as
 * far as their arguments are not shared.
 */

#include <glib.h>
#include <ifaddrs.h>
#include <jansson.h>
#include <netinet/in.h>
#include <stdint.h>
#include <sys/types.h>

/* The least handler API that Janus's loader accepts; the layouts below are those of API 2 and
 * later. */
#define HOST_ABI_HANDLER_API 3

#ifndef HOST_ABI_PROTOTYPES_ONLY

/* -- events/eventhandler.h ------------------------------------------------------------------------
 */

typedef gsize janus_flags; /* no struct, but a name that prototypes share with Janus's headers */

struct janus_eventhandler {
    int (*const init)(const char *config_path);
    void (*const destroy)(void);
    int (*const get_api_compatibility)(void);
    int (*const get_version)(void);
    const char *(*const get_version_string)(void);
    const char *(*const get_description)(void);
    const char *(*const get_name)(void);
    const char *(*const get_author)(void);
    const char *(*const get_package)(void);
    void (*const incoming_event)(json_t *event);
    json_t *(*const handle_request)(json_t *request); /* optional */
    janus_flags events_mask;                          /* the handler may change it at any time */
};

/* -- config.h: handlers walk these structs themselves -------------------------------------------
 */

enum janus_config_type {
    janus_config_type_any = 1, /* only to search for */
    janus_config_type_item,
    janus_config_type_category,
    janus_config_type_array,
};

struct janus_config_container {
    enum janus_config_type type;
    const char *name;  /* NULL in lists */
    const char *value; /* of an item */
    GList *list;       /* of a category or array: struct janus_config_container */
};

struct janus_config {
    gboolean is_jcfg;
    const char *name;
    GList *list; /* struct janus_config_container */
};

/* -- ip-utils.h
 * ------------------------------------------------------------------------------------ */

enum janus_network_query_options {
    janus_network_query_options_none = 0,
    janus_network_query_options_name = 1,
    janus_network_query_options_ipv4 = 2,
    janus_network_query_options_ipv6 = 4,
    janus_network_query_options_any_ip = 6,
    janus_network_query_options_any = 7,
};

struct janus_network_query_config {
    const char *device_name;
    enum janus_network_query_options mode;
    struct in_addr ipv4;
    struct in6_addr ipv6;
};

struct janus_network_address {
    int family; /* AF_INET, AF_INET6; anything else: no address */
    union {
        struct in_addr ipv4;
        struct in6_addr ipv6;
    };
};

struct janus_network_address_string_buffer {
    int family;
    union {
        char ipv4[INET_ADDRSTRLEN];
        char ipv6[INET6_ADDRSTRLEN];
    };
};

#endif /* HOST_ABI_PROTOTYPES_ONLY */

/* Everything from here on is what the evj executable exports (core.syms), and nothing else is. */
#pragma GCC visibility push(default)

/* -- debug.h, mutex.h, refcount.h: variables that Janus's macros read
 * ------------------------------ */

extern int janus_log_level;
extern gboolean janus_log_timestamps;
extern gboolean janus_log_colors;
extern char *janus_log_global_prefix;
extern int lock_debug;
extern int refcount_debug;

/* -- log.h
 * ------------------------------------------------------------------------------------------ */

void janus_vprintf(const char *format, ...) G_GNUC_PRINTF(1, 2);
gboolean janus_log_is_stdout_enabled(void);
gboolean janus_log_is_logfile_enabled(void);
char *janus_log_get_logfile_path(void);

/* -- config.h
 * --------------------------------------------------------------------------------------- */

struct janus_config *janus_config_parse(const char *config_file);
struct janus_config *janus_config_create(const char *name);
void janus_config_print(struct janus_config *config);
void janus_config_print_as(struct janus_config *config, int level);
int janus_config_save(struct janus_config *config, const char *folder, const char *filename);
void janus_config_destroy(struct janus_config *config);
struct janus_config_container *janus_config_item_create(const char *name, const char *value);
struct janus_config_container *janus_config_category_create(const char *name);
struct janus_config_container *janus_config_array_create(const char *name);
void janus_config_container_destroy(struct janus_config_container *container);
struct janus_config_container *janus_config_get(struct janus_config *config,
                                                struct janus_config_container *parent,
                                                enum janus_config_type type, const char *name);
struct janus_config_container *janus_config_get_create(struct janus_config *config,
                                                       struct janus_config_container *parent,
                                                       enum janus_config_type type,
                                                       const char *name);
struct janus_config_container *janus_config_search(struct janus_config *config, ...);
int janus_config_add(struct janus_config *config, struct janus_config_container *parent,
                     struct janus_config_container *item);
int janus_config_remove(struct janus_config *config, struct janus_config_container *parent,
                        const char *name);
GList *janus_config_get_items(struct janus_config *config, struct janus_config_container *parent);
GList *janus_config_get_categories(struct janus_config *config,
                                   struct janus_config_container *parent);
GList *janus_config_get_arrays(struct janus_config *config, struct janus_config_container *parent);

/* -- utils.h
 * ---------------------------------------------------------------------------------------- */

gint64 janus_get_monotonic_time(void);
gint64 janus_get_real_time(void);
char *janus_string_replace(char *message, const char *old_string,
                           const char *new_string) G_GNUC_WARN_UNUSED_RESULT;
size_t janus_strlcat(char *dest, const char *src, size_t dest_size);
int janus_strlcat_fast(char *dest, const char *src, size_t dest_size, size_t *offset);
gboolean janus_is_true(const char *value);
gboolean janus_strcmp_const_time(const void *str1, const void *str2);
guint32 janus_random_uint32(void);
guint64 janus_random_uint64_full(void);
guint64 janus_random_uint64(void);
char *janus_random_uuid(void);
guint64 *janus_uint64_dup(guint64 num);
guint64 janus_uint64_hash(guint64 num);
int janus_string_to_uint8(const char *str, uint8_t *num);
int janus_string_to_uint16(const char *str, uint16_t *num);
int janus_string_to_uint32(const char *str, uint32_t *num);
void janus_flags_reset(janus_flags *flags);
void janus_flags_set(janus_flags *flags, gsize flag);
void janus_flags_clear(janus_flags *flags, gsize flag);
gboolean janus_flags_is_set(janus_flags *flags, gsize flag);
int janus_mkdir(const char *dir, mode_t mode);
gchar *janus_make_absolute_path(const gchar *base_dir, const gchar *path);
void janus_protected_folder_add(const char *folder);
gboolean janus_is_folder_protected(const char *path);
void janus_protected_folders_clear(void);
void janus_get_json_type_name(int jtype, unsigned int flags, char *type_name);
gboolean janus_json_is_valid(json_t *val, json_type jtype, unsigned int flags);
size_t janus_gzip_compress(int compression, char *text, size_t tlen, char *compressed, size_t zlen);

/* -- events.h (Janus does not install it; handlers declare these themselves)
 * ----------------------- */

void janus_events_edit_events_mask(const char *list, janus_flags *target);
const char *janus_events_type_to_label(int type);
const char *janus_events_type_to_name(int type);

/* -- apierror.h
 * ------------------------------------------------------------------------------------- */

const char *janus_get_api_error(int error);

/* -- ip-utils.h
 * ------------------------------------------------------------------------------------- */

int janus_network_prepare_device_query(const char *user_value,
                                       const enum janus_network_query_options query_mode,
                                       struct janus_network_query_config *query);
int janus_network_prepare_device_query_default(const char *user_value,
                                               struct janus_network_query_config *query);
const struct ifaddrs *janus_network_query_devices(const struct ifaddrs *ifas,
                                                  const struct janus_network_query_config *query);
int janus_network_get_devices_ipv4(const struct ifaddrs *ifa,
                                   const struct janus_network_query_config *query,
                                   struct in_addr *result);
int janus_network_get_devices_ipv6(const struct ifaddrs *ifa,
                                   const struct janus_network_query_config *query,
                                   struct in6_addr *result);
int janus_network_get_device_address(const struct ifaddrs *ifa,
                                     struct janus_network_address *result);
void janus_network_address_nullify(struct janus_network_address *a);
int janus_network_address_is_null(const struct janus_network_address *a);
int janus_network_address_from_sockaddr(struct sockaddr *s, struct janus_network_address *a);
int janus_network_address_to_string_buffer(const struct janus_network_address *a,
                                           struct janus_network_address_string_buffer *buf);
void janus_network_address_string_buffer_nullify(struct janus_network_address_string_buffer *b);
int janus_network_address_string_buffer_is_null(
    const struct janus_network_address_string_buffer *b);
const char *
janus_network_address_string_from_buffer(const struct janus_network_address_string_buffer *b);
int janus_network_string_is_valid_address(enum janus_network_query_options addr_type,
                                          const char *user_value);
int janus_network_string_to_address(enum janus_network_query_options addr_type,
                                    const char *user_value, struct janus_network_address *result);
int janus_network_lookup_interface(const struct ifaddrs *ifas, const char *iface,
                                   struct janus_network_address *result);
int janus_network_detect_local_ip(enum janus_network_query_options addr_type,
                                  struct janus_network_address *result);
char *janus_network_detect_local_ip_as_string(enum janus_network_query_options addr_type);

#pragma GCC visibility pop

#endif
