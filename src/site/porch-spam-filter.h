/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-store.h"

G_BEGIN_DECLS

/**
 * PorchSpamLesson:
 * @PORCH_SPAM_NOTHING: nothing was learned from the message
 * @PORCH_SPAM_BAD: somebody said that it is spam
 * @PORCH_SPAM_GOOD: somebody said that it is none, or kept it
 *
 * What the filter has learned from a message.
 */
typedef enum
{
  PORCH_SPAM_NOTHING,
  PORCH_SPAM_BAD,
  PORCH_SPAM_GOOD,
} PorchSpamLesson;

/**
 * PorchSpamVerdict:
 * @PORCH_SPAM_UNSURE: the filter can't tell, or has learned too little
 * @PORCH_SPAM_LIKELY: it looks like what was marked as spam
 * @PORCH_SPAM_UNLIKELY: it looks like what was kept
 *
 * What the filter thinks of a message.
 */
typedef enum
{
  PORCH_SPAM_UNSURE,
  PORCH_SPAM_LIKELY,
  PORCH_SPAM_UNLIKELY,
} PorchSpamVerdict;

/* For the store's thread: these touch nothing but their arguments */
GStrv              porch_spam_filter_split  (const char         *text,
                                             const char         *mail);
gboolean           porch_spam_filter_learn  (sqlite3            *db,
                                             const char         *site,
                                             const char * const *words,
                                             PorchSpamLesson     before,
                                             PorchSpamLesson     now,
                                             GError            **error);
gboolean           porch_spam_filter_judge  (sqlite3            *db,
                                             const char         *site,
                                             const char * const *words,
                                             PorchSpamVerdict   *verdict,
                                             GStrv              *clues,
                                             GError            **error);

G_END_DECLS
