/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/requester.h"

#include "evj/cleanup.h"

#include <glib.h>
#include <stdbool.h>
#include <time.h>

/* In the queue; one without a request ends the thread. */
struct asking {
    const struct request *request;
    uint64_t seq;
};

struct requester {
    struct host *host;
    answer_function *answered;
    void *context;
    GThread *thread;
    GAsyncQueue *queue; /* struct asking */
    GMutex lock;        /* guards what follows */
    GCond changed;
    guint waiting;      /* requests that are not answered yet */
    GPtrArray *answers; /* struct answer */
};

static uint64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* Into memory of ours: what jansson allocates is counted (json_memory.h). */
static char *text_of(const json_t *answer)
{
    const size_t flags = JSON_COMPACT;
    size_t size = json_dumpb(answer, NULL, 0, flags);
    char *text = g_malloc0(size + 1);

    json_dumpb(answer, text, size, flags);
    return text;
}

static void answer_free(gpointer data)
{
    struct answer *answer = data;

    g_free((char *)answer->question);
    g_free((char *)answer->text);
    g_free(answer);
}

static struct answer *ask_handler(struct requester *requester, size_t index,
                                  const struct asking *asking)
{
    struct answer *answer = g_new0(struct answer, 1);
    json_auto_t *question = json_deep_copy(asking->request->question);
    uint64_t began_us = now_us();
    json_auto_t *given = host_request(requester->host, index, question);

    *answer = (struct answer){
        .package = host_handler_package(requester->host, index),
        .question = text_of(question),
        .text = given != NULL ? text_of(given) : NULL,
        .seq = asking->seq,
        .took_us = now_us() - began_us,
    };
    return answer;
}

static void ask(struct requester *requester, const struct asking *asking)
{
    for (size_t i = 0; i < host_handlers(requester->host); i++) {
        struct answer *answer;

        if (!request_is_for(asking->request, host_handler_package(requester->host, i)))
            continue;
        answer = ask_handler(requester, i, asking);
        if (requester->answered != NULL)
            requester->answered(answer, requester->context);
        g_mutex_lock(&requester->lock);
        g_ptr_array_add(requester->answers, answer);
        g_mutex_unlock(&requester->lock);
    }
}

static void note_answered(struct requester *requester)
{
    g_mutex_lock(&requester->lock);
    requester->waiting--;
    g_cond_signal(&requester->changed);
    g_mutex_unlock(&requester->lock);
}

static gpointer ask_all(gpointer data)
{
    struct requester *requester = data;
    bool goes_on = true;

    while (goes_on) {
        g_autofree struct asking *asking = g_async_queue_pop(requester->queue);

        goes_on = asking->request != NULL;
        if (goes_on) {
            ask(requester, asking);
            note_answered(requester);
        }
    }
    return NULL;
}

int requester_new(struct host *host, answer_function *answered, void *context,
                  struct requester **ret_requester, struct evj_error *err)
{
    struct requester *requester = g_new0(struct requester, 1);

    requester->host = host;
    requester->answered = answered;
    requester->context = context;
    requester->queue = g_async_queue_new_full(g_free);
    requester->answers = g_ptr_array_new_with_free_func(answer_free);
    g_mutex_init(&requester->lock);
    g_cond_init(&requester->changed);
    requester->thread = g_thread_try_new("requests", ask_all, requester, NULL);
    if (requester->thread == NULL) {
        requester_free(requester);
        return evj_fail(err, EVJ_ERR_MEMORY, 0, "cannot start a thread for requests");
    }
    *ret_requester = requester;
    return 0;
}

static void push(struct requester *requester, const struct request *request, uint64_t seq)
{
    struct asking *asking = g_new0(struct asking, 1);

    *asking = (struct asking){.request = request, .seq = seq};
    g_async_queue_push(requester->queue, asking);
}

void requester_ask(struct requester *requester, const struct request *request, uint64_t seq)
{
    g_mutex_lock(&requester->lock);
    requester->waiting++;
    g_mutex_unlock(&requester->lock);
    push(requester, request, seq);
}

void requester_wait(struct requester *requester)
{
    g_mutex_lock(&requester->lock);
    while (requester->waiting > 0)
        g_cond_wait(&requester->changed, &requester->lock);
    g_mutex_unlock(&requester->lock);
}

static json_t *parse(const char *text)
{
    json_t *json = text != NULL ? json_loads(text, JSON_ALLOW_NUL, NULL) : NULL;

    return json != NULL ? json : json_null();
}

static json_t *answer_json(const struct answer *answer)
{
    json_t *object = json_pack("{s:s, s:o, s:o, s:I}", "package", answer->package, "question",
                               parse(answer->question), "answer", parse(answer->text), "took_us",
                               (json_int_t)answer->took_us);

    if (answer->seq != UINT64_MAX)
        json_object_set_new(object, "seq", json_integer((json_int_t)answer->seq));
    return object;
}

json_t *requester_json(const struct requester *requester)
{
    json_t *answers = json_array();

    for (guint i = 0; i < requester->answers->len; i++)
        json_array_append_new(answers, answer_json(requester->answers->pdata[i]));
    return answers;
}

void requester_finish(struct requester *requester)
{
    if (requester == NULL || requester->thread == NULL)
        return;
    push(requester, NULL, 0);
    g_thread_join(EVJ_TAKE(requester->thread));
}

void requester_free(struct requester *requester)
{
    if (requester == NULL)
        return;
    requester_finish(requester);
    g_async_queue_unref(requester->queue);
    g_ptr_array_free(requester->answers, TRUE);
    g_mutex_clear(&requester->lock);
    g_cond_clear(&requester->changed);
    g_free(requester);
}
