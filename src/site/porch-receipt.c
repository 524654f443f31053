/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-receipt.h"

#include "aws-json.h"
#include "porch-error.h"
#include "porch-manifest.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* As many as are ever looked at, with room to spare: more is not believed. */
#define MAX_PAGES 100

struct _PorchReceipt
{
  GObject            parent_instance;

  GPtrArray         *pages;
  GDateTime         *date;
  char              *release;
  char              *previous;
  char              *address;
  char              *reason;
  double             seconds;
  PorchReceiptState  state;
};

G_DEFINE_FINAL_TYPE (PorchReceipt, porch_receipt, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (PorchReceiptState, porch_receipt_state,
                    G_DEFINE_ENUM_VALUE (PORCH_RECEIPT_SEEN, "seen"),
                    G_DEFINE_ENUM_VALUE (PORCH_RECEIPT_FLAWED, "flawed"),
                    G_DEFINE_ENUM_VALUE (PORCH_RECEIPT_NOT_YET, "not-yet"),
                    G_DEFINE_ENUM_VALUE (PORCH_RECEIPT_NOT_LOOKED, "not-looked"),
                    G_DEFINE_ENUM_VALUE (PORCH_RECEIPT_BROKEN, "broken"),
                    G_DEFINE_ENUM_VALUE (PORCH_RECEIPT_WENT_BACK, "went-back"))

static void
page_free (gpointer data)
{
  PorchReceiptPage *page = data;

  g_free (page->path);
  g_free (page->title);
  g_free (page);
}

static void
porch_receipt_finalize (GObject *object)
{
  PorchReceipt *self = PORCH_RECEIPT (object);

  g_clear_pointer (&self->pages, g_ptr_array_unref);
  g_clear_pointer (&self->date, g_date_time_unref);
  g_clear_pointer (&self->release, g_free);
  g_clear_pointer (&self->previous, g_free);
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->reason, g_free);

  G_OBJECT_CLASS (porch_receipt_parent_class)->finalize (object);
}

static void
porch_receipt_class_init (PorchReceiptClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = porch_receipt_finalize;
}

static void
porch_receipt_init (PorchReceipt *self)
{
  self->pages = g_ptr_array_new_with_free_func (page_free);
}

/**
 * porch_receipt_new:
 * @release: id of the release that went live
 * @previous: (nullable): id of the release that was live before
 * @address: where it was looked at
 *
 * Returns: (transfer full): a receipt of now, to be filled
 */
PorchReceipt *
porch_receipt_new (const char *release,
                   const char *previous,
                   const char *address)
{
  PorchReceipt *self;

  g_return_val_if_fail (porch_release_id_is_valid (release), NULL);

  self = g_object_new (PORCH_TYPE_RECEIPT, NULL);
  self->release = g_strdup (release);
  self->previous = g_strdup (previous);
  self->address = g_strdup (address);
  self->date = g_date_time_new_now_utc ();

  return self;
}

static gboolean
take_state (PorchReceipt *self,
            const char   *nick)
{
  g_autoptr(GEnumClass) states = g_type_class_ref (PORCH_TYPE_RECEIPT_STATE);
  GEnumValue *value = nick != NULL ? g_enum_get_value_by_nick (states, nick) : NULL;

  if (value != NULL)
    self->state = value->value;

  return value != NULL;
}

static void
take_pages (PorchReceipt *self,
            JsonArray    *array)
{
  for (guint i = 0; array != NULL && i < MIN (json_array_get_length (array), MAX_PAGES); i++)
    {
      JsonObject *object = aws_json_array_get_object (array, i);

      if (object != NULL && aws_json_get_string (object, "path") != NULL)
        porch_receipt_add_page (self, aws_json_get_string (object, "path"), aws_json_get_string (object, "title"),
                                CLAMP (aws_json_get_int (object, "status", 0), 0, 999),
                                aws_json_get_bool (object, "good"), aws_json_get_bool (object, "old"));
    }
}

/**
 * porch_receipt_new_from_json:
 * @json: a receipt as it is kept
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the receipt, or %NULL with %PORCH_ERROR_DAMAGED set
 */
PorchReceipt *
porch_receipt_new_from_json (const char  *json,
                             GError     **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new (json, strlen (json));
  g_autoptr(JsonObject) object = aws_json_load_object (bytes, NULL);
  g_autoptr(PorchReceipt) self = g_object_new (PORCH_TYPE_RECEIPT, NULL);
  const char *date = object != NULL ? aws_json_get_string (object, "date") : NULL;

  if (date != NULL && (self->date = g_date_time_new_from_iso8601 (date, NULL)) != NULL &&
      aws_json_get_int (object, "version", 0) == 1 &&
      porch_release_id_is_valid (aws_json_get_string (object, "release")) &&
      take_state (self, aws_json_get_string (object, "state")))
    {
      const char *previous = aws_json_get_string (object, "previous");

      self->release = g_strdup (aws_json_get_string (object, "release"));
      self->previous = porch_release_id_is_valid (previous) ? g_strdup (previous) : NULL;
      self->address = g_strdup (aws_json_get_string (object, "address"));
      self->reason = g_strdup (aws_json_get_string (object, "reason"));
      self->seconds = aws_json_get_double (object, "seconds", 0);
      take_pages (self, aws_json_get_array (object, "pages"));

      return g_steal_pointer (&self);
    }

  g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_DAMAGED, _("The receipt of a published version can’t be understood."));

  return NULL;
}

static JsonArray *
list_pages (PorchReceipt *self)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < self->pages->len; i++)
    {
      const PorchReceiptPage *page = g_ptr_array_index (self->pages, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "path", page->path);
      if (page->title != NULL)
        json_object_set_string_member (object, "title", page->title);
      json_object_set_int_member (object, "status", page->status);
      json_object_set_boolean_member (object, "good", page->is_good);
      json_object_set_boolean_member (object, "old", page->is_old);
      json_array_add_object_element (array, object);
    }

  return array;
}

/**
 * porch_receipt_to_json:
 * @self: a receipt
 *
 * Returns: (transfer full): the receipt as it is kept
 */
char *
porch_receipt_to_json (PorchReceipt *self)
{
  g_autoptr(GEnumClass) states = g_type_class_ref (PORCH_TYPE_RECEIPT_STATE);
  g_autoptr(JsonObject) object = json_object_new ();
  g_autoptr(JsonNode) node = NULL;
  g_autofree char *date = NULL;

  g_return_val_if_fail (PORCH_IS_RECEIPT (self), NULL);

  date = g_date_time_format_iso8601 (self->date);
  json_object_set_int_member (object, "version", 1);
  json_object_set_string_member (object, "release", self->release);
  json_object_set_string_member (object, "date", date);
  json_object_set_string_member (object, "state", g_enum_get_value (states, self->state)->value_nick);
  json_object_set_string_member (object, "address", self->address);
  json_object_set_double_member (object, "seconds", self->seconds);
  if (self->previous != NULL)
    json_object_set_string_member (object, "previous", self->previous);
  if (self->reason != NULL)
    json_object_set_string_member (object, "reason", self->reason);
  json_object_set_array_member (object, "pages", list_pages (self));

  node = json_node_init_object (json_node_alloc (), object);

  return json_to_string (node, FALSE);
}

/**
 * porch_receipt_build_key:
 * @release: id of a release
 *
 * Returns: (transfer full): the key under which its receipt is kept
 */
char *
porch_receipt_build_key (const char *release)
{
  return g_strconcat ("receipts/", release, ".json", NULL);
}

const char *
porch_receipt_get_release (PorchReceipt *self)
{
  g_return_val_if_fail (PORCH_IS_RECEIPT (self), NULL);

  return self->release;
}

/**
 * porch_receipt_get_previous:
 * @self: a receipt
 *
 * Returns: (nullable): id of the release that was live until then
 */
const char *
porch_receipt_get_previous (PorchReceipt *self)
{
  g_return_val_if_fail (PORCH_IS_RECEIPT (self), NULL);

  return self->previous;
}

const char *
porch_receipt_get_address (PorchReceipt *self)
{
  g_return_val_if_fail (PORCH_IS_RECEIPT (self), NULL);

  return self->address;
}

PorchReceiptState
porch_receipt_get_state (PorchReceipt *self)
{
  g_return_val_if_fail (PORCH_IS_RECEIPT (self), PORCH_RECEIPT_NOT_LOOKED);

  return self->state;
}

/**
 * porch_receipt_get_date:
 * @self: a receipt
 *
 * Returns: (transfer none): when it was looked, in UTC
 */
GDateTime *
porch_receipt_get_date (PorchReceipt *self)
{
  g_return_val_if_fail (PORCH_IS_RECEIPT (self), NULL);

  return self->date;
}

/**
 * porch_receipt_get_seconds:
 * @self: a receipt
 *
 * Returns: how long the looking took, in seconds
 */
double
porch_receipt_get_seconds (PorchReceipt *self)
{
  g_return_val_if_fail (PORCH_IS_RECEIPT (self), 0);

  return self->seconds;
}

/**
 * porch_receipt_get_reason:
 * @self: a receipt
 *
 * Returns: (nullable): why it is not as it should be, a sentence in the language of whoever published
 */
const char *
porch_receipt_get_reason (PorchReceipt *self)
{
  g_return_val_if_fail (PORCH_IS_RECEIPT (self), NULL);

  return self->reason;
}

guint
porch_receipt_get_n_pages (PorchReceipt *self)
{
  g_return_val_if_fail (PORCH_IS_RECEIPT (self), 0);

  return self->pages->len;
}

/**
 * porch_receipt_get_page:
 * @self: a receipt
 * @position: less than [method@Porch.Receipt.get_n_pages] says
 *
 * Returns: (transfer none): a page that was looked at; the first one is the start page
 */
const PorchReceiptPage *
porch_receipt_get_page (PorchReceipt *self,
                        guint         position)
{
  g_return_val_if_fail (PORCH_IS_RECEIPT (self), NULL);
  g_return_val_if_fail (position < self->pages->len, NULL);

  return g_ptr_array_index (self->pages, position);
}

static guint
count_bad (PorchReceipt *self)
{
  guint n = 0;

  for (guint i = 0; i < self->pages->len; i++)
    n += !((const PorchReceiptPage *) g_ptr_array_index (self->pages, i))->is_good;

  return n;
}

/**
 * porch_receipt_dup_sentence:
 * @self: a receipt
 *
 * Returns: (transfer full): what was seen, in one sentence
 */
char *
porch_receipt_dup_sentence (PorchReceipt *self)
{
  guint n_bad;

  g_return_val_if_fail (PORCH_IS_RECEIPT (self), NULL);

  n_bad = count_bad (self);

  switch (self->state)
    {
    case PORCH_RECEIPT_SEEN:
      return g_strdup (_("Visitors see this version."));
    case PORCH_RECEIPT_FLAWED:
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                           "Visitors see this version, but %u page does not answer as it should.",
                                           "Visitors see this version, but %u pages do not answer as they should.", n_bad),
                              n_bad);
    case PORCH_RECEIPT_NOT_YET:
      return g_strdup (_("Visitors still saw the version before when the waiting ended."));
    case PORCH_RECEIPT_NOT_LOOKED:
      return g_strdup (_("This computer could not look whether visitors see this version."));
    case PORCH_RECEIPT_BROKEN:
      return g_strdup (_("The start page does not answer as it should."));
    case PORCH_RECEIPT_WENT_BACK:
      return g_strdup (_("The start page did not answer as it should, so the version before was made live again."));
    default:
      g_return_val_if_reached (NULL);
    }
}

/**
 * porch_receipt_set_state: (skip)
 * @self: a receipt that is being made
 * @state: what was seen
 * @reason: (nullable): why it is not as it should be, as a sentence
 */
void
porch_receipt_set_state (PorchReceipt      *self,
                         PorchReceiptState  state,
                         const char        *reason)
{
  g_return_if_fail (PORCH_IS_RECEIPT (self));

  self->state = state;
  g_set_str (&self->reason, reason);
}

/**
 * porch_receipt_set_seconds: (skip)
 * @self: a receipt that is being made
 * @seconds: how long the looking took
 */
void
porch_receipt_set_seconds (PorchReceipt *self,
                           double        seconds)
{
  g_return_if_fail (PORCH_IS_RECEIPT (self));

  self->seconds = seconds;
}

/**
 * porch_receipt_add_page: (skip)
 * @self: a receipt that is being made
 * @path: the file, as in the manifest
 * @title: (nullable): its title
 * @status: the HTTP status of the answer, 0 if there was none
 * @is_good: whether it was the page of the release
 * @is_old: whether it was the page of the release before
 */
void
porch_receipt_add_page (PorchReceipt *self,
                        const char   *path,
                        const char   *title,
                        guint         status,
                        gboolean      is_good,
                        gboolean      is_old)
{
  PorchReceiptPage *page;

  g_return_if_fail (PORCH_IS_RECEIPT (self));
  g_return_if_fail (path != NULL);

  page = g_new0 (PorchReceiptPage, 1);
  page->path = g_strdup (path);
  page->title = g_strdup (title);
  page->status = status;
  page->is_good = is_good;
  page->is_old = is_old;
  g_ptr_array_add (self->pages, page);
}
