/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _AwsStack AwsStack;

/* What the shipped templates send their forms to */
#define PORCH_FORM_DEFAULT_PATH "/_porchlight/contact"

/* The table of messages can't be told more days */
#define PORCH_FORM_MAX_DAYS 9999

/**
 * PorchSpamLevel:
 * @PORCH_SPAM_OFF: nothing is marked as spam
 * @PORCH_SPAM_LOW: only what is spam beyond doubt
 * @PORCH_SPAM_NORMAL: as suits most sites
 * @PORCH_SPAM_HIGH: whatever looks like it
 *
 * How soon a message is marked as spam. Marked ones are kept, but not mailed.
 */
typedef enum
{
  PORCH_SPAM_OFF,
  PORCH_SPAM_LOW,
  PORCH_SPAM_NORMAL,
  PORCH_SPAM_HIGH,
} PorchSpamLevel;

const char         *porch_spam_level_to_string    (PorchSpamLevel       level);
PorchSpamLevel      porch_spam_level_from_string  (const char          *text);

/* How a site takes messages. Never changes; the functions that change something make another one. */
typedef struct _PorchForm PorchForm;

#define PORCH_TYPE_FORM (porch_form_get_type ())

GType               porch_form_get_type           (void) G_GNUC_CONST;
PorchForm          *porch_form_new                (void);
PorchForm          *porch_form_new_from_json      (JsonObject          *object);
JsonObject         *porch_form_to_json            (const PorchForm     *self);
PorchForm          *porch_form_ref                (PorchForm           *self);
void                porch_form_unref              (PorchForm           *self);
gboolean            porch_form_equal              (const PorchForm     *a,
                                                   const PorchForm     *b);

gboolean            porch_form_get_enabled        (const PorchForm     *self);
const char         *porch_form_get_path           (const PorchForm     *self);
const char * const *porch_form_get_mails          (const PorchForm     *self);
char               *porch_form_dup_mail_to        (const PorchForm     *self);
const char         *porch_form_get_sender         (const PorchForm     *self);
const char         *porch_form_get_thanks         (const PorchForm     *self);
PorchSpamLevel      porch_form_get_spam_level     (const PorchForm     *self);
guint               porch_form_get_days           (const PorchForm     *self);

PorchForm          *porch_form_with_enabled       (const PorchForm     *self,
                                                   gboolean             enabled);
PorchForm          *porch_form_with_path          (const PorchForm     *self,
                                                   const char          *path,
                                                   GError             **error);
PorchForm          *porch_form_with_mails         (const PorchForm     *self,
                                                   const char          *mails,
                                                   GError             **error);
PorchForm          *porch_form_with_sender        (const PorchForm     *self,
                                                   const char          *sender,
                                                   GError             **error);
PorchForm          *porch_form_with_thanks        (const PorchForm     *self,
                                                   const char          *thanks,
                                                   GError             **error);
PorchForm          *porch_form_with_spam_level    (const PorchForm     *self,
                                                   PorchSpamLevel       level);
PorchForm          *porch_form_with_days          (const PorchForm     *self,
                                                   guint                days);

/* For the site's resources */
PorchForm          *porch_form_new_from_stack     (AwsStack            *stack);
JsonObject         *porch_form_build_parameters   (const PorchForm     *self);
gboolean            porch_form_check              (const PorchForm     *self,
                                                   GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchForm, porch_form_unref)

G_END_DECLS
