/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/* An HTTP answer on its way through the edge: from the origin, the function or the edge itself. */
typedef struct
{
  guint               status;
  SoupMessageHeaders *headers;
  GBytes             *body;          /* NULL: none */
  const char         *cache_result;  /* x-cache: "Miss from cloudfront" */
} PracticeAnswer;

void practice_answer_init     (PracticeAnswer  *answer);
void practice_answer_clear    (PracticeAnswer  *answer);
void practice_answer_set_text (PracticeAnswer  *answer,
                               guint            status,
                               const char      *content_type,
                               const char      *text);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PracticeAnswer, practice_answer_clear)

G_END_DECLS
