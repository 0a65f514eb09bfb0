/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/reader_internal.h"

/* The gap record that stands for what is lost, told in the stretch. */
static void make_gap(struct evj_reader *reader, const struct evj_stretch *stretch, int64_t until_us)
{
    size_t len = evj_stretch_put_gap(reader->gap_line, stretch, reader->next_seq,
                                     reader->last_mono_us, until_us);

    evj_record_parse(reader->gap_line, len, &reader->gap, NULL);
    reader->gap_is_next = true;
}

/* What is lost of it is known as far as it can be: it is told before anything else. */
static void end_stretch(struct evj_reader *reader, int64_t until_us)
{
    const struct evj_damage *damage = &reader->stretch.damage;

    if (damage->lost > 0 || !damage->lost_is_certain)
        make_gap(reader, &reader->stretch, until_us);
    reader->told = reader->stretch;
    reader->stretch = (struct evj_stretch){0};
    reader->damage_is_next = true;
}

/* Must the next record have the very next seq? */
bool evj_reader_is_whole(const struct evj_reader *reader)
{
    return reader->knows_seq && reader->header.cut[0] == '\0';
}

/* What comes next has this seq and mono: is there something to tell before it? */
void evj_reader_settle(struct evj_reader *reader, uint64_t seq, int64_t mono_us)
{
    struct evj_stretch *stretch = &reader->stretch;
    bool is_certain = evj_reader_is_whole(reader);
    bool is_hole = is_certain && seq > reader->next_seq;

    if (!stretch->begun && !is_hole)
        return;
    if (!stretch->begun)
        evj_stretch_add(stretch, reader->piece.from, reader->piece.from,
                        &(struct evj_error){.text = "records are missing here"});
    evj_stretch_settle(stretch, reader->next_seq, is_certain ? seq : 0, is_certain);
    end_stretch(reader, mono_us);
}

void evj_reader_settle_by_claims(struct evj_reader *reader)
{
    struct evj_stretch *stretch = &reader->stretch;

    evj_stretch_settle(stretch, reader->next_seq, stretch->least_seq,
                       reader->ended || stretch->is_last);
    end_stretch(reader, reader->last_mono_us);
}

bool evj_reader_settle_at_the_end(struct evj_reader *reader)
{
    if (!reader->stretch.begun)
        return false;
    reader->torn = reader->stretch.torn;
    reader->end_is_lost = !reader->stretch.torn;
    evj_reader_settle_by_claims(reader);
    return true;
}

int evj_reader_tell_damage(struct evj_reader *reader, struct evj_error *err)
{
    const struct evj_damage *damage = &reader->told.damage;

    reader->totals.damages++;
    reader->totals.damaged_bytes += damage->to - damage->from;
    reader->totals.lost += damage->lost;
    return evj_stretch_tell(&reader->told, reader->next_seq, err);
}
