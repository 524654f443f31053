/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-draft.h"

#include <string.h>

/* Enough of the digest to tell the drafts of one site apart, and nothing that leads to the link */
#define ID_LENGTH 8

struct _PorchDraft
{
  GObject            parent_instance;

  PorchPointerValue *value;
  GDateTime         *until;
  char              *id;
  char              *token;
  char              *link;
};

enum
{
  PROP_ID = 1,
  PROP_RELEASE,
  PROP_LINK,
  PROP_UNTIL,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchDraft, porch_draft, G_TYPE_OBJECT)

static void
porch_draft_finalize (GObject *object)
{
  PorchDraft *self = PORCH_DRAFT (object);

  g_clear_pointer (&self->value, porch_pointer_value_unref);
  g_clear_pointer (&self->until, g_date_time_unref);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->token, g_free);
  g_clear_pointer (&self->link, g_free);

  G_OBJECT_CLASS (porch_draft_parent_class)->finalize (object);
}

static void
porch_draft_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  PorchDraft *self = PORCH_DRAFT (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_RELEASE:
      g_value_set_string (value, porch_draft_get_release (self));
      break;
    case PROP_LINK:
      g_value_set_string (value, self->link);
      break;
    case PROP_UNTIL:
      g_value_set_boxed (value, self->until);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_draft_class_init (PorchDraftClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = porch_draft_finalize;
  object_class->get_property = porch_draft_get_property;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_RELEASE] = g_param_spec_string ("release", NULL, NULL, NULL, flags);
  properties[PROP_LINK] = g_param_spec_string ("link", NULL, NULL, NULL, flags);
  properties[PROP_UNTIL] = g_param_spec_boxed ("until", NULL, NULL, G_TYPE_DATE_TIME, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_draft_init (PorchDraft *self)
{
}

static char *
build_link (const char *address,
            const char *token)
{
  gboolean has_slash = g_str_has_suffix (address, "/");

  return g_strconcat (address, has_slash ? "" : "/", "?" PORCH_POINTER_DRAFT_FIELD "=", token, NULL);
}

/**
 * porch_draft_new:
 * @entry: what the pointer says of it
 * @address: (nullable): the address of the site
 *
 * Returns: (transfer full): a draft; without an address it has no link
 */
PorchDraft *
porch_draft_new (PorchPointerDraft *entry,
                 const char        *address)
{
  PorchDraft *self;
  g_autofree char *digest = NULL;

  g_return_val_if_fail (entry != NULL, NULL);

  self = g_object_new (PORCH_TYPE_DRAFT, NULL);
  self->token = g_strdup (porch_pointer_draft_get_token (entry));
  self->value = porch_pointer_value_ref (porch_pointer_draft_get_value (entry));
  self->link = address != NULL ? build_link (address, self->token) : NULL;
  self->until = g_date_time_new_from_unix_utc (porch_pointer_draft_get_until (entry));

  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, self->token, -1);
  self->id = g_strndup (digest, ID_LENGTH);

  return self;
}

/**
 * porch_draft_get_id:
 * @self: a draft
 *
 * Returns: what it is called in scripts; the link can't be made from it
 */
const char *
porch_draft_get_id (PorchDraft *self)
{
  g_return_val_if_fail (PORCH_IS_DRAFT (self), NULL);

  return self->id;
}

/**
 * porch_draft_get_release:
 * @self: a draft
 *
 * Returns: id of the release that it shows
 */
const char *
porch_draft_get_release (PorchDraft *self)
{
  g_return_val_if_fail (PORCH_IS_DRAFT (self), NULL);

  return porch_pointer_value_get_release (self->value);
}

/**
 * porch_draft_get_link:
 * @self: a draft
 *
 * Returns: (nullable): the address that shows it to whoever has it
 */
const char *
porch_draft_get_link (PorchDraft *self)
{
  g_return_val_if_fail (PORCH_IS_DRAFT (self), NULL);

  return self->link;
}

/**
 * porch_draft_get_until:
 * @self: a draft
 *
 * Returns: (transfer none): until when it can be seen, in UTC
 */
GDateTime *
porch_draft_get_until (PorchDraft *self)
{
  g_return_val_if_fail (PORCH_IS_DRAFT (self), NULL);

  return self->until;
}

/**
 * porch_draft_is_over:
 * @self: a draft
 *
 * Returns: whether its time is over
 */
gboolean
porch_draft_is_over (PorchDraft *self)
{
  g_return_val_if_fail (PORCH_IS_DRAFT (self), FALSE);

  return g_date_time_to_unix (self->until) <= g_get_real_time () / G_USEC_PER_SEC;
}

/**
 * porch_draft_get_token:
 * @self: a draft
 *
 * Returns: the secret in its link
 */
const char *
porch_draft_get_token (PorchDraft *self)
{
  g_return_val_if_fail (PORCH_IS_DRAFT (self), NULL);

  return self->token;
}

/**
 * porch_draft_get_value:
 * @self: a draft
 *
 * Returns: (transfer none): what the pointer says of it
 */
PorchPointerValue *
porch_draft_get_value (PorchDraft *self)
{
  g_return_val_if_fail (PORCH_IS_DRAFT (self), NULL);

  return self->value;
}

/**
 * porch_draft_set_until:
 * @self: a draft
 * @until: until when it can be seen now, in seconds since 1970
 */
void
porch_draft_set_until (PorchDraft *self,
                       gint64      until)
{
  g_return_if_fail (PORCH_IS_DRAFT (self));

  if (g_date_time_to_unix (self->until) == until)
    return;

  g_date_time_unref (self->until);
  self->until = g_date_time_new_from_unix_utc (until);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNTIL]);
}

/**
 * porch_draft_build_until:
 * @days: for how many days a draft is to be seen; what is out of bounds is brought to the nearest bound
 *
 * Returns: the end of it, in seconds since 1970
 */
gint64
porch_draft_build_until (guint days)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  return now + (gint64) CLAMP (days, PORCH_DRAFT_MIN_DAYS, PORCH_DRAFT_MAX_DAYS) * 24 * 60 * 60;
}
