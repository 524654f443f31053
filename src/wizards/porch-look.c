/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-look.h"

#include <gtk/gtk.h>

#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-publisher.h"
#include "porch-source.h"
#include "porch-target.h"

/* One look at what somebody wants to publish: what it holds, what is to be said about it, and what publishing it would
 * change. It changes nothing. Private files are left out of it unless their owner wants to have them sent.
 */
struct _PorchLook
{
  GObject          parent_instance;

  PorchSite       *site;
  GFile           *chosen;
  PorchTreatments *treatments;
  PorchSource     *source;
  PorchPublisher  *publisher;
  PorchChanges    *changes;
  guint            thorough : 1;
};

enum
{
  PROP_0,
  PROP_N_SEEN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchLook, porch_look, G_TYPE_OBJECT)

static void
porch_look_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_N_SEEN:
      g_value_set_uint (value, porch_look_get_n_seen (PORCH_LOOK (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_look_dispose (GObject *object)
{
  PorchLook *self = PORCH_LOOK (object);

  g_clear_object (&self->site);
  g_clear_object (&self->chosen);
  g_clear_pointer (&self->treatments, porch_treatments_unref);
  g_clear_object (&self->source);
  g_clear_object (&self->publisher);
  g_clear_object (&self->changes);

  G_OBJECT_CLASS (porch_look_parent_class)->dispose (object);
}

static void
porch_look_class_init (PorchLookClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = porch_look_get_property;
  object_class->dispose = porch_look_dispose;

  properties[PROP_N_SEEN] =
    g_param_spec_uint ("n-seen", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_look_init (PorchLook *self)
{
}

static void
looked_at_cb (PorchLook *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_SEEN]);
}

static DexFuture *
compared_cb (DexFuture *future,
             gpointer   user_data)
{
  PorchLook *self = user_data;

  g_set_object (&self->changes, g_value_get_object (dex_future_get_value (future, NULL)));

  return dex_future_new_true ();
}

static DexFuture *
target_opened_cb (DexFuture *future,
                  gpointer   user_data)
{
  PorchLook *self = user_data;
  PorchTarget *target = g_value_get_object (dex_future_get_value (future, NULL));
  PorchScanFlags flags = PORCH_SCAN_CHECK | PORCH_SCAN_LEAVE_OUT;

  if (self->thorough)
    flags |= PORCH_SCAN_THOROUGH;

  self->publisher = porch_publisher_new (target, porch_source_get_folder (self->source), NULL);
  porch_publisher_set_flags (self->publisher, flags);
  porch_publisher_set_treatments (self->publisher, self->treatments);
  g_signal_connect_object (porch_publisher_get_folder (self->publisher), "notify::n-looked-at",
                           G_CALLBACK (looked_at_cb), self, G_CONNECT_SWAPPED);

  return dex_future_then (porch_publisher_compare (self->publisher), compared_cb, g_object_ref (self), g_object_unref);
}

static DexFuture *
source_opened_cb (DexFuture *future,
                  gpointer   user_data)
{
  PorchLook *self = user_data;

  g_set_object (&self->source, g_value_get_object (dex_future_get_value (future, NULL)));

  return dex_future_then (porch_site_open_target (self->site), target_opened_cb, g_object_ref (self), g_object_unref);
}

/* What stops the publishing is something to be shown, like everything else that was found */
static DexFuture *
rejected_cb (DexFuture *future,
             gpointer   user_data)
{
  if (porch_look_is_blocked (user_data))
    return dex_future_new_true ();

  return dex_ref (future);
}

/**
 * porch_look_new:
 * @site: where it is to be published
 * @chosen: a folder or a ZIP
 * @treatments: (nullable): what its owner has agreed to
 * @thorough: whether to read files that look unchanged as well
 *
 * Returns: (transfer full): a look that has not been taken
 */
PorchLook *
porch_look_new (PorchSite       *site,
                GFile           *chosen,
                PorchTreatments *treatments,
                gboolean         thorough)
{
  PorchLook *self;

  g_return_val_if_fail (PORCH_IS_SITE (site), NULL);
  g_return_val_if_fail (G_IS_FILE (chosen), NULL);

  self = g_object_new (PORCH_TYPE_LOOK, NULL);
  self->site = g_object_ref (site);
  self->chosen = g_object_ref (chosen);
  self->treatments = treatments != NULL ? porch_treatments_ref (treatments) : porch_treatments_new ();
  self->thorough = thorough;

  return self;
}

/**
 * porch_look_run:
 * @self: a look
 *
 * Takes the look. Dropping the future ends it.
 *
 * Returns: (transfer full): a future that resolves to %TRUE, also when something was found that forbids publishing;
 *   rejected when there is nothing to look at
 */
DexFuture *
porch_look_run (PorchLook *self)
{
  DexFuture *future;

  dex_return_error_if_fail (PORCH_IS_LOOK (self));

  future = dex_future_then (porch_source_open (self->chosen), source_opened_cb, g_object_ref (self), g_object_unref);

  return dex_future_catch (future, rejected_cb, g_object_ref (self), g_object_unref);
}

/* The folder with the finished pages; NULL before. */
GFile *
porch_look_get_root (PorchLook *self)
{
  g_return_val_if_fail (PORCH_IS_LOOK (self), NULL);

  return self->source != NULL ? porch_source_get_folder (self->source) : NULL;
}

/* What was scanned; NULL before. */
PorchFolder *
porch_look_get_folder (PorchLook *self)
{
  g_return_val_if_fail (PORCH_IS_LOOK (self), NULL);

  return self->publisher != NULL ? porch_publisher_get_folder (self->publisher) : NULL;
}

/* NULL where nothing can be compared, as before, or when something forbids publishing. */
PorchChanges *
porch_look_get_changes (PorchLook *self)
{
  g_return_val_if_fail (PORCH_IS_LOOK (self), NULL);

  return self->changes;
}

/**
 * porch_look_get_findings:
 * @self: a look that was taken
 *
 * Returns: (transfer full): what was found, in what was dropped and in the folder in it, as [class@Porch.Finding]s
 */
GListModel *
porch_look_get_findings (PorchLook *self)
{
  g_autoptr(GListStore) lists = g_list_store_new (G_TYPE_LIST_MODEL);

  g_return_val_if_fail (PORCH_IS_LOOK (self), NULL);

  if (self->source != NULL)
    g_list_store_append (lists, porch_source_get_findings (self->source));

  if (self->publisher != NULL)
    g_list_store_append (lists, porch_folder_get_findings (porch_publisher_get_folder (self->publisher)));

  return G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (g_steal_pointer (&lists))));
}

/**
 * porch_look_dup_answers:
 * @self: a look that was taken
 *
 * What was agreed to, and for each private file that nothing was said about: that it stays here. Publishing does what was
 * shown then, even if another private file turns up meanwhile.
 *
 * Returns: (transfer full): what to publish with
 */
PorchTreatments *
porch_look_dup_answers (PorchLook *self)
{
  g_autoptr(GListModel) findings = NULL;
  PorchTreatments *answers;

  g_return_val_if_fail (PORCH_IS_LOOK (self), NULL);

  findings = porch_look_get_findings (self);
  answers = porch_treatments_ref (self->treatments);

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr(PorchFinding) finding = g_list_model_get_item (findings, i);
      PorchTreatments *more;

      if (porch_finding_get_treatment (finding) != PORCH_TREATMENT_CONFIRM || porch_finding_get_is_treated (finding) ||
          porch_finding_get_path (finding) == NULL)
        continue;

      more = porch_treatments_with_left_out (answers, porch_finding_get_path (finding));
      porch_treatments_unref (answers);
      answers = more;
    }

  return answers;
}

/* Whether something was found that forbids publishing. */
gboolean
porch_look_is_blocked (PorchLook *self)
{
  g_return_val_if_fail (PORCH_IS_LOOK (self), FALSE);

  return self->publisher != NULL && porch_folder_has_errors (porch_publisher_get_folder (self->publisher));
}

/* How many files were seen so far. */
guint
porch_look_get_n_seen (PorchLook *self)
{
  g_return_val_if_fail (PORCH_IS_LOOK (self), 0);

  return self->publisher != NULL ? porch_folder_get_n_looked_at (porch_publisher_get_folder (self->publisher)) : 0;
}
