/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/requester.h"

#include <errno.h>
#include <glib.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/queue.h>
#include <time.h>

struct asking {
    TAILQ_ENTRY(asking) link;
    const struct request *request;
    uint64_t seq;
};

struct requester {
    struct host *host;
    answer_function *answered;
    void *context;
    pthread_t thread;
    bool running;
    pthread_mutex_t lock; /* guards all below; pthread's, as sanitizers do not know GLib's */
    pthread_cond_t changed;
    TAILQ_HEAD(asking_list, asking) queue; /* the first one is being asked */
    bool finishing;                        /* the thread is to end when the queue is empty */
    GPtrArray *answers;                    /* struct answer */
};

static uint64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* ---- one answer ---- */

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

static void keep(struct requester *requester, struct answer *answer)
{
    pthread_mutex_lock(&requester->lock);
    g_ptr_array_add(requester->answers, answer);
    pthread_mutex_unlock(&requester->lock);
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
        keep(requester, answer);
    }
}

/* ---- the thread ---- */

/* With the lock held, which is let go meanwhile. NULL: there will be none. */
static struct asking *await_first(struct requester *requester)
{
    while (TAILQ_EMPTY(&requester->queue) && !requester->finishing)
        pthread_cond_wait(&requester->changed, &requester->lock);
    return TAILQ_FIRST(&requester->queue);
}

static void *ask_all(void *data)
{
    struct requester *requester = data;
    struct asking *asking;

    pthread_mutex_lock(&requester->lock);
    while ((asking = await_first(requester)) != NULL) {
        pthread_mutex_unlock(&requester->lock);
        ask(requester, asking);
        pthread_mutex_lock(&requester->lock);
        TAILQ_REMOVE(&requester->queue, asking, link);
        pthread_cond_broadcast(&requester->changed);
        g_free(asking);
    }
    pthread_mutex_unlock(&requester->lock);
    return NULL;
}

int requester_new(struct host *host, answer_function *answered, void *context,
                  struct requester **ret_requester, struct evj_error *err)
{
    struct requester *requester = g_new0(struct requester, 1);
    int rc;

    requester->host = host;
    requester->answered = answered;
    requester->context = context;
    requester->answers = g_ptr_array_new_with_free_func(answer_free);
    TAILQ_INIT(&requester->queue);
    pthread_mutex_init(&requester->lock, NULL);
    pthread_cond_init(&requester->changed, NULL);
    rc = pthread_create(&requester->thread, NULL, ask_all, requester);
    if (rc != 0) {
        requester_free(requester);
        errno = rc;
        return evj_fail_errno(err, 0, "cannot start a thread for requests");
    }
    requester->running = true;
    *ret_requester = requester;
    return 0;
}

void requester_ask(struct requester *requester, const struct request *request, uint64_t seq)
{
    struct asking *asking = g_new0(struct asking, 1);

    *asking = (struct asking){.request = request, .seq = seq};
    pthread_mutex_lock(&requester->lock);
    TAILQ_INSERT_TAIL(&requester->queue, asking, link);
    pthread_cond_broadcast(&requester->changed);
    pthread_mutex_unlock(&requester->lock);
}

void requester_wait(struct requester *requester)
{
    pthread_mutex_lock(&requester->lock);
    while (!TAILQ_EMPTY(&requester->queue))
        pthread_cond_wait(&requester->changed, &requester->lock);
    pthread_mutex_unlock(&requester->lock);
}

void requester_finish(struct requester *requester)
{
    if (requester == NULL || !requester->running)
        return;
    pthread_mutex_lock(&requester->lock);
    requester->finishing = true;
    pthread_cond_broadcast(&requester->changed);
    pthread_mutex_unlock(&requester->lock);
    pthread_join(requester->thread, NULL);
    requester->running = false;
}

/* ---- what has come of it ---- */

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

void requester_free(struct requester *requester)
{
    if (requester == NULL)
        return;
    requester_finish(requester);
    g_ptr_array_free(requester->answers, TRUE);
    pthread_cond_destroy(&requester->changed);
    pthread_mutex_destroy(&requester->lock);
    g_free(requester);
}
