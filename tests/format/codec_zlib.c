/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * format/codec.c as a build without libdeflate has it, under other names, so that one program holds
 * both and each can read what the other wrote.
 */
#include "evj_config.h"

#undef HAVE_LIBDEFLATE
#define evj_deflater zlib_deflater
#define evj_deflater_new zlib_deflater_new
#define evj_deflater_free zlib_deflater_free
#define evj_deflate_bound zlib_deflate_bound
#define evj_deflate zlib_deflate
#define evj_inflate zlib_inflate
#define evj_inflate_start zlib_inflate_start
#define evj_crc32 zlib_crc32

#include "format/codec.c"
