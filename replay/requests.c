/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/requests.h"

#include <stdlib.h>
#include <string.h>

#define FORM "a request is [HANDLER:]JSON[@TIME]"

static void request_done(struct request *request)
{
    free(request->handler);
    json_decref(request->question);
}

/* What stands before the object. Returns where that begins. */
static const char *take_handler(struct request *request, const char *text, struct evj_error *err)
{
    size_t length = strcspn(text, "{");

    if (text[length] == '{' && length == 0)
        return text;
    if (text[length] != '{' || length == 1 || text[length - 1] != ':') {
        evj_fail(err, EVJ_ERR_INVALID, 0, FORM ", and in \"%s\" nothing is a JSON object", text);
        return NULL;
    }
    request->handler = strndup(text, length - 1);
    return text + length;
}

static const char *take_question(struct request *request, const char *text, struct evj_error *err)
{
    json_error_t json_error;

    request->question = json_loads(text, JSON_DISABLE_EOF_CHECK, &json_error);
    if (request->question != NULL)
        return text + json_error.position;
    evj_fail(err, EVJ_ERR_INVALID, 0, FORM ", and %s is no JSON: %s", text, json_error.text);
    return NULL;
}

static int take_time(struct request *request, const char *text, struct evj_error *err)
{
    if (*text == '\0')
        return 0;
    if (*text != '@')
        return evj_fail(err, EVJ_ERR_INVALID, 0, FORM ", and %s is no @TIME", text);
    return evj_moment_parse(text + 1, &request->when, err);
}

static int parse(struct request *request, const char *text, struct evj_error *err)
{
    const char *rest = take_handler(request, text, err);

    if (rest != NULL)
        rest = take_question(request, rest, err);
    return rest != NULL ? take_time(request, rest, err) : EVJ_ERR_INVALID;
}

int requests_add(struct requests *requests, const char *text, struct evj_error *err)
{
    struct request request = {.when.kind = EVJ_MOMENT_NONE};
    struct request *list;
    int status = parse(&request, text, err);

    if (status < 0) {
        request_done(&request);
        return status;
    }
    list = reallocarray(requests->list, requests->count + 1, sizeof(*list));
    if (list == NULL) {
        request_done(&request);
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "out of memory");
    }
    requests->list = list;
    list[requests->count++] = request;
    return 0;
}

void requests_anchor(struct requests *requests, const struct evj_header *header)
{
    for (size_t i = 0; i < requests->count; i++)
        evj_moment_anchor(&requests->list[i].when, header);
}

bool request_is_for(const struct request *request, const char *package)
{
    size_t wanted, length = strlen(package);

    if (request->handler == NULL || strcmp(request->handler, package) == 0)
        return true;
    wanted = strlen(request->handler);
    return length > wanted && package[length - wanted - 1] == '.' &&
           strcmp(package + length - wanted, request->handler) == 0;
}

void requests_done(struct requests *requests)
{
    for (size_t i = 0; i < requests->count; i++)
        request_done(&requests->list[i]);
    free(requests->list);
}
