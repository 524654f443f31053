/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-publisher.h"

#include "porch-ahead.h"
#include "porch-arrivals.h"
#include "porch-clean-up.h"
#include "porch-draft.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-publish-store.h"
#include "porch-receipt-store.h"
#include "porch-sender.h"
#include "porch-thread.h"
#include "porch-titles.h"

#include <glib/gi18n-lib.h>

#define TICK_MSEC 100

struct _PorchPublisher
{
  GObject            parent_instance;

  PorchTarget       *target;
  GFile             *root;
  char              *note;
  PorchScanFlags     flags;

  PorchFolder       *folder;
  char              *live_release;   /* what the pointer says, or NULL */
  PorchManifest     *live;           /* its manifest, or NULL */
  PorchManifest     *next;
  PorchSender       *sender;
  PorchAhead        *ahead;          /* sends while the folder is read; NULL when another try is gone on with */
  DexFuture         *living;         /* until it is known what is live */
  DexPromise        *stop;           /* rejected to end the run */
  PorchPointerDraft *draft;          /* what was made instead of going live, or NULL */
  PorchPublishPhase  phase;
  guint              n_kept;
  guint              days;           /* of the draft, or 0 to go live */
  gboolean           is_watched;
};

/* What the thread that makes the next manifest works on */
typedef struct
{
  PorchFolder   *folder;
  PorchManifest *live;
  PorchManifest *next;
  GHashTable    *titles;
  char          *release;
  char          *note;
  char          *author;
  gboolean       is_draft;
} Planning;

enum
{
  PROP_0,
  PROP_PHASE,
  PROP_FRACTION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchPublisher, porch_publisher, G_TYPE_OBJECT)

static void
porch_publisher_dispose (GObject *object)
{
  PorchPublisher *self = PORCH_PUBLISHER (object);

  g_clear_object (&self->target);
  g_clear_object (&self->root);
  g_clear_object (&self->folder);
  g_clear_object (&self->live);
  g_clear_object (&self->next);
  g_clear_object (&self->sender);
  g_clear_object (&self->ahead);
  dex_clear (&self->living);
  dex_clear (&self->stop);

  G_OBJECT_CLASS (porch_publisher_parent_class)->dispose (object);
}

static void
porch_publisher_finalize (GObject *object)
{
  PorchPublisher *self = PORCH_PUBLISHER (object);

  g_clear_pointer (&self->note, g_free);
  g_clear_pointer (&self->live_release, g_free);
  g_clear_pointer (&self->draft, porch_pointer_draft_unref);

  G_OBJECT_CLASS (porch_publisher_parent_class)->finalize (object);
}

static void
porch_publisher_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  PorchPublisher *self = PORCH_PUBLISHER (object);

  switch (prop_id)
    {
    case PROP_PHASE:
      g_value_set_uint (value, self->phase);
      break;
    case PROP_FRACTION:
      g_value_set_double (value, porch_publisher_get_fraction (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_publisher_class_init (PorchPublisherClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = porch_publisher_dispose;
  object_class->finalize = porch_publisher_finalize;
  object_class->get_property = porch_publisher_get_property;

  properties[PROP_PHASE] =
    g_param_spec_uint ("phase", NULL, NULL, 0, PORCH_PUBLISH_DONE, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_FRACTION] =
    g_param_spec_double ("fraction", NULL, NULL, 0, 1, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_publisher_init (PorchPublisher *self)
{
}

static DexFuture *
until_stopped (PorchPublisher *self,
               DexFuture      *work)
{
  return dex_future_first (work, dex_ref (DEX_FUTURE (self->stop)), NULL);
}

static void
set_phase (PorchPublisher    *self,
           PorchPublishPhase  phase)
{
  self->phase = phase;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PHASE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRACTION]);
}

static void
planning_free (Planning *planning)
{
  g_object_unref (planning->folder);
  g_clear_object (&planning->live);
  g_clear_object (&planning->next);
  g_clear_pointer (&planning->titles, g_hash_table_unref);
  g_free (planning->release);
  g_free (planning->note);
  g_free (planning->author);
}

static void
planning_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, (GDestroyNotify) planning_free);
}

static gboolean
make_next (gpointer   data,
           GError   **error)
{
  Planning *planning = data;

  planning->next = porch_manifest_new_for_folder (planning->folder, planning->live, planning->titles, planning->release,
                                                  planning->note, planning->author, planning->is_draft);

  return TRUE;
}

/* The folder and the live manifest hold still, so a thread may read them. */
static PorchManifest *
await_compared (PorchPublisher  *self,
                PorchManifest   *live,
                const char      *release,
                GError         **error)
{
  g_autoptr(GHashTable) titles = dex_await_boxed (until_stopped (self, porch_titles_read (self->folder, live)), error);
  PorchManifest *next = NULL;
  Planning *planning;

  if (titles == NULL)
    return NULL;

  planning = g_atomic_rc_box_new0 (Planning);
  planning->folder = g_object_ref (self->folder);
  g_set_object (&planning->live, live);
  planning->titles = g_steal_pointer (&titles);
  planning->is_draft = self->days > 0;
  planning->release = g_strdup (release);
  planning->note = g_strdup (self->note);
  planning->author = g_strdup (porch_target_get_author (self->target));

  if (dex_await (until_stopped (self, porch_thread_run (make_next, g_atomic_rc_box_acquire (planning), planning_unref)), error))
    next = g_steal_pointer (&planning->next);

  planning_unref (planning);

  return next;
}

static PorchManifest *
await_next (PorchPublisher  *self,
            const char      *release,
            GError         **error)
{
  return await_compared (self, self->live, release, error);
}

/* A release whose manifest is lost can't be compared with, but it can be replaced. */
static gboolean
await_live (PorchPublisher  *self,
            DexFuture       *reading,
            GError         **error)
{
  g_autoptr(PorchPointerValue) value = NULL;
  g_autoptr(GError) local = NULL;

  g_clear_object (&self->live);
  g_clear_pointer (&self->live_release, g_free);

  if (!(value = dex_await_boxed (until_stopped (self, reading), &local)))
    {
      if (local == NULL)
        return TRUE;

      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  self->live_release = g_strdup (porch_pointer_value_get_release (value));
  self->live = dex_await_object (until_stopped (self, porch_target_load_manifest (self->target, self->live_release)), &local);

  if (g_error_matches (local, PORCH_ERROR, PORCH_ERROR_RELEASE_GONE) ||
      g_error_matches (local, PORCH_ERROR, PORCH_ERROR_DAMAGED))
    {
      g_info ("The live release can't be compared with: %s", local->message);
      return TRUE;
    }

  if (self->live == NULL)
    g_propagate_error (error, g_steal_pointer (&local));

  return self->live != NULL;
}

static PorchError
get_error_code (PorchFinding *finding)
{
  const char *rule = porch_finding_get_rule (finding);

  if (g_str_equal (rule, "folder.empty"))
    return PORCH_ERROR_FOLDER_EMPTY;
  if (g_str_equal (rule, "file.changing"))
    return PORCH_ERROR_FILE_CHANGED;
  if (g_str_equal (rule, "file.unreadable"))
    return PORCH_ERROR_FILE_UNREADABLE;
  if (g_str_has_prefix (rule, "name."))
    return PORCH_ERROR_FILE_NAME;

  return PORCH_ERROR_FOLDER_FINDINGS;
}

/* The errors come first in the list. */
static gboolean
check_findings (PorchPublisher  *self,
                GError         **error)
{
  GListModel *findings = porch_folder_get_findings (self->folder);
  g_autoptr(PorchFinding) first = NULL;
  const char *fix;

  if (!porch_folder_has_errors (self->folder))
    return TRUE;

  first = g_list_model_get_item (findings, 0);
  fix = porch_finding_get_fix (first);
  g_set_error (error, PORCH_ERROR, get_error_code (first), "%s%s%s",
               porch_finding_get_text (first), fix != NULL ? " " : "", fix != NULL ? fix : "");

  return FALSE;
}

static PorchJournal *
await_journal (PorchPublisher *self)
{
  PorchStore *store = porch_target_get_store (self->target);

  return store != NULL ? dex_await_boxed (porch_publish_store_load_journal (store, porch_target_get_site_id (self->target)), NULL)
                       : NULL;
}

static DexFuture *
live_fiber (gpointer user_data)
{
  PorchPublisher *self = user_data;
  g_autoptr(GError) error = NULL;

  if (!await_live (self, porch_pointer_read (porch_target_get_pointer (self->target)), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

/* Asks what is live, once. */
static DexFuture *
read_live (PorchPublisher *self)
{
  return porch_fiber_spawn (live_fiber, g_object_ref (self), g_object_unref, NULL);
}

static DexFuture *
ahead_fiber (gpointer user_data)
{
  PorchPublisher *self = user_data;

  dex_await (porch_ahead_until_ended (self->ahead, dex_ref (self->living)), NULL);

  return dex_future_is_resolved (self->living) ? porch_ahead_run (self->ahead, self->live) : dex_future_new_true ();
}

/* What goes on where another try was stopped has a plan already. */
static DexFuture *
begin_ahead (PorchPublisher *self)
{
  g_autoptr(PorchJournal) journal = await_journal (self);

  g_clear_object (&self->ahead);

  if (journal != NULL || porch_target_get_store (self->target) == NULL)
    return dex_future_new_true ();

  self->ahead = porch_ahead_new (self->target, self->folder, self->note);

  return porch_fiber_spawn (ahead_fiber, g_object_ref (self), g_object_unref, NULL);
}

static void
await_ahead (PorchPublisher *self,
             DexFuture      *sending,
             gboolean        is_good)
{
  if (self->ahead != NULL && is_good)
    porch_ahead_end (self->ahead);
  else if (self->ahead != NULL)
    porch_ahead_stop (self->ahead);

  if (!dex_await (until_stopped (self, dex_ref (sending)), NULL) && self->ahead != NULL)
    porch_ahead_stop (self->ahead);

  dex_await (dex_ref (sending), NULL);
}

/* Reads the folder and asks what is live, both at once, and sends what it can meanwhile. */
static gboolean
look (PorchPublisher  *self,
      gboolean         may_send,
      GError         **error)
{
  g_autoptr(DexFuture) sending = NULL;
  gboolean is_read;

  set_phase (self, PORCH_PUBLISH_LOOKING);
  g_clear_object (&self->next);
  g_clear_pointer (&self->draft, porch_pointer_draft_unref);

  if (self->living != NULL)
    dex_future_disown (g_steal_pointer (&self->living));

  self->living = read_live (self);
  sending = may_send ? begin_ahead (self) : dex_future_new_true ();
  is_read = dex_await (until_stopped (self, porch_folder_scan (self->folder, self->flags)), error);
  await_ahead (self, sending, is_read);

  return is_read && dex_await (dex_ref (self->living), error);
}

static gboolean
await_noted (PorchPublisher  *self,
             GError         **error)
{
  PorchStore *store = porch_target_get_store (self->target);

  return store == NULL ||
         dex_await (until_stopped (self, porch_publish_store_note_manifest (store, porch_target_get_site_id (self->target),
                                                                            self->next, self->root, self->note)),
                    error);
}

static void
await_forgotten (PorchPublisher *self)
{
  PorchStore *store = porch_target_get_store (self->target);
  g_autoptr(GError) error = NULL;

  if (store != NULL && !dex_await (porch_publish_store_drop_journal (store, porch_target_get_site_id (self->target)), &error))
    g_debug ("The note of a finished publish can't be removed: %s", error->message);
}

/* Whether a stopped release may be gone on with. Not if its manifest was written: it may have been live since, and what was
 * live is never changed. And not if it is so old that a clean-up elsewhere might take it for left over. */
static gboolean
await_can_go_on (PorchPublisher     *self,
                 const PorchJournal *journal)
{
  PorchStore *store = porch_target_get_store (self->target);
  g_autoptr(GDateTime) begun = porch_release_id_get_time (journal->release);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(GBytes) manifest = NULL;

  if (begun == NULL || g_date_time_difference (now, begun) > (PORCH_CLEAN_UP_DAYS - 1) * G_TIME_SPAN_DAY)
    return FALSE;

  manifest = dex_await_boxed (porch_publish_store_load_manifest (store, porch_target_get_site_id (self->target),
                                                                 journal->release),
                              NULL);

  return manifest == NULL;
}

/* What an earlier, stopped try has brought there already, and what it had planned. */
static gboolean
await_arrived (PorchPublisher      *self,
               const PorchJournal  *journal,
               PorchManifest      **planned,
               GHashTable         **arrived,
               GError             **error)
{
  if (journal == NULL || journal->manifest == NULL ||
      !(*planned = dex_await_object (porch_manifest_parse (journal->manifest), NULL)))
    return TRUE;

  *arrived = dex_await_boxed (until_stopped (self, porch_arrivals_find (self->target, self->folder, *planned, self->next)),
                              error);

  return *arrived != NULL;
}

static GArray *
make_transfers (PorchPublisher *self,
                PorchManifest  *planned,
                GHashTable     *arrived)
{
  gboolean goes_on = planned != NULL &&
                     g_str_equal (porch_manifest_get_release (planned), porch_manifest_get_release (self->next));
  GArray *transfers = porch_transfers_new (self->next, self->live, goes_on ? arrived : NULL);

  self->n_kept = goes_on ? g_hash_table_size (arrived) : 0;

  /* What was sent a moment ago was sent by this publish. */
  if (self->ahead != NULL)
    self->n_kept -= MIN (self->n_kept, porch_ahead_get_n_sent (self->ahead));

  if (planned != NULL && !goes_on)
    porch_transfers_use_earlier (transfers, planned, arrived);

  return transfers;
}

static gboolean
send_all (PorchPublisher      *self,
          const PorchJournal  *journal,
          GError             **error)
{
  g_autoptr(PorchManifest) planned = NULL;
  g_autoptr(GHashTable) arrived = NULL;
  g_autoptr(GArray) transfers = NULL;
  g_autoptr(DexFuture) work = NULL;

  set_phase (self, PORCH_PUBLISH_SENDING);

  if (!await_arrived (self, journal, &planned, &arrived, error) || !await_noted (self, error))
    return FALSE;

  transfers = make_transfers (self, planned, arrived);

  g_clear_object (&self->sender);
  self->sender = porch_sender_new (self->target, self->folder, transfers);
  work = porch_sender_run (self->sender);

  while (dex_future_is_pending (work))
    {
      dex_await (until_stopped (self, dex_future_first (dex_ref (work), dex_timeout_new_msec (TICK_MSEC), NULL)), NULL);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRACTION]);

      /* It ends within moments, and the awaited future with it. */
      if (!dex_future_is_pending (DEX_FUTURE (self->stop)))
        {
          porch_sender_stop (self->sender);
          break;
        }
    }

  return dex_await (dex_ref (work), error);
}

/* Whether it is certain that nothing was done */
static gboolean
is_refusal (const GError *error)
{
  guint status = error->domain == AWS_ERROR ? aws_error_get_status (error) : 0;

  return g_error_matches (error, PORCH_ERROR, PORCH_ERROR_CHANGED_ELSEWHERE) || (status >= 400 && status < 500);
}

/* The next try may go on with this release. */
static void
await_not_live (PorchPublisher *self)
{
  PorchStore *store = porch_target_get_store (self->target);
  g_autoptr(GError) error = NULL;

  if (store != NULL &&
      !dex_await (porch_publish_store_drop_manifest (store, porch_target_get_site_id (self->target),
                                                     porch_manifest_get_release (self->next)),
                  &error))
    g_debug ("A manifest can't be forgotten: %s", error->message);
}

/* Whoever is killed between going live and looking at the site finds out by this that nobody looked. */
static void
await_expected (PorchPublisher *self)
{
  PorchStore *store = porch_target_get_store (self->target);
  g_autoptr(GError) error = NULL;

  if (self->is_watched && store != NULL &&
      !dex_await (porch_receipt_store_expect (store, porch_target_get_site_id (self->target),
                                              porch_manifest_get_release (self->next)),
                  &error))
    g_debug ("That a look at the site is due can't be noted: %s", error->message);
}

static gboolean
await_shown (PorchPublisher  *self,
             GError         **error)
{
  if (self->days > 0)
    {
      self->draft = dex_await_boxed (porch_target_write_draft (self->target, self->next, self->days), error);
      return self->draft != NULL;
    }

  await_expected (self);

  return dex_await (porch_target_go_live (self->target, self->live_release, self->next), error);
}

static gboolean
go_live (PorchPublisher  *self,
         GError         **error)
{
  g_autoptr(GError) local = NULL;

  set_phase (self, PORCH_PUBLISH_CHECKING);

  if (!dex_await (until_stopped (self, porch_arrivals_verify (self->target, self->next)), error) ||
      !dex_await (until_stopped (self, porch_target_save_manifest (self->target, self->next)), error))
    return FALSE;

  set_phase (self, PORCH_PUBLISH_GOING_LIVE);

  /* From here on it isn't stopped any more: it takes a moment, and half of it would be hard to tell. */
  if (await_shown (self, &local))
    return TRUE;

  if (is_refusal (local))
    await_not_live (self);

  g_propagate_error (error, g_steal_pointer (&local));

  return FALSE;
}

/* The new release is live; that old ones could not be removed is no reason to say anything else. */
static guint
await_cleaned_up (PorchPublisher *self)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(GError) error = NULL;
  gint64 removed;

  set_phase (self, PORCH_PUBLISH_CLEANING_UP);
  removed = dex_await_int64 (until_stopped (self, porch_clean_up_run (self->target, now)), &error);

  if (error != NULL)
    g_debug ("Old releases could not be removed: %s", error->message);

  return error == NULL ? removed : 0;
}

static guint
count_shared (PorchManifest *manifest)
{
  guint shared = 0;

  for (guint i = 0; i < porch_manifest_get_n_entries (manifest); i++)
    {
      const PorchManifestEntry *entry = porch_manifest_get_entry (manifest, i);

      shared += !entry->carried && !g_str_equal (entry->release, porch_manifest_get_release (manifest));
    }

  return shared;
}

static PorchPublishResult *
make_result (PorchPublisher *self,
             guint64         requests_before,
             gint64          started)
{
  PorchPublishResult *result = g_new0 (PorchPublishResult, 1);

  result->draft = self->draft != NULL ? porch_pointer_draft_ref (self->draft) : NULL;
  result->requests = porch_target_get_request_count (self->target) - requests_before;
  result->seconds = (g_get_monotonic_time () - started) / (double) G_USEC_PER_SEC;

  return result;
}

/* Nothing differs from what is live: there is nothing to do, or only a link to make. */
static gboolean
take_unchanged (PorchPublisher      *self,
                guint64              requests_before,
                gint64               started,
                PorchPublishResult **result,
                GError             **error)
{
  PorchStore *store = porch_target_get_store (self->target);

  if (self->days > 0 && !(self->draft = dex_await_boxed (porch_target_write_draft (self->target, self->live, self->days), error)))
    return FALSE;

  *result = make_result (self, requests_before, started);
  (*result)->release = g_strdup (self->live_release);
  (*result)->shared = porch_manifest_get_summary (self->live)->files;
  (*result)->unchanged = TRUE;
  (*result)->unseen = self->days == 0 && self->is_watched && store != NULL &&
                      dex_await_boolean (porch_receipt_store_is_expected (store, porch_target_get_site_id (self->target),
                                                                          self->live_release),
                                         NULL);

  if ((*result)->unseen)
    (*result)->previous = g_strdup (porch_manifest_get_summary (self->live)->previous);

  return TRUE;
}

static PorchPointerDraft *
await_draft_of (PorchPublisher *self,
                const char     *release)
{
  g_autoptr(GPtrArray) drafts = dex_await_boxed (porch_pointer_list_drafts (porch_target_get_pointer (self->target)), NULL);

  for (guint i = 0; drafts != NULL && i < drafts->len; i++)
    {
      PorchPointerDraft *draft = g_ptr_array_index (drafts, i);

      if (!porch_pointer_draft_is_over (draft) &&
          g_str_equal (porch_pointer_value_get_release (porch_pointer_draft_get_value (draft)), release))
        return porch_pointer_draft_ref (draft);
    }

  return NULL;
}

/* Its link was made, and then it was killed before it could say so; the folder is still the same. */
static gboolean
await_draft_found (PorchPublisher      *self,
                   const PorchJournal  *journal,
                   guint64              requests_before,
                   gint64               started,
                   PorchPublishResult **result)
{
  g_autoptr(PorchPointerDraft) draft = await_draft_of (self, journal->release);
  g_autoptr(PorchManifest) made = NULL;
  g_autoptr(PorchManifest) now = NULL;

  if (draft == NULL ||
      !(made = dex_await_object (porch_target_load_manifest (self->target, journal->release), NULL)) ||
      !(now = await_compared (self, made, journal->release, NULL)) ||
      porch_manifest_differs (now))
    return FALSE;

  await_forgotten (self);
  self->draft = g_steal_pointer (&draft);
  *result = make_result (self, requests_before, started);
  (*result)->release = g_strdup (journal->release);
  (*result)->kept = porch_manifest_get_summary (made)->files;

  return TRUE;
}

static PorchPublishResult *
finish (PorchPublisher *self,
        guint64         requests_before,
        gint64          started)
{
  PorchPublishResult *result;
  guint removed;

  /* Until nothing is left to do, whoever is killed finds by the note what was reached. */
  removed = await_cleaned_up (self);
  await_forgotten (self);

  result = make_result (self, requests_before, started);
  result->release = g_strdup (porch_manifest_get_release (self->next));
  result->previous = g_strdup (self->live_release);
  result->sent = porch_sender_get_n_sent (self->sender) + (self->ahead != NULL ? porch_ahead_get_n_sent (self->ahead) : 0);
  result->copied = porch_sender_get_n_copied (self->sender);
  result->bytes_sent = porch_sender_get_bytes_sent (self->sender) +
                       (self->ahead != NULL ? porch_ahead_get_bytes_sent (self->ahead) : 0);
  result->shared = count_shared (self->next);
  result->kept = self->n_kept;
  result->removed = removed;

  return result;
}

static gboolean
publish (PorchPublisher      *self,
         PorchPublishResult **result,
         GError             **error)
{
  guint64 requests_before = porch_target_get_request_count (self->target);
  gint64 started = g_get_monotonic_time ();
  g_autoptr(PorchJournal) journal = NULL;
  g_autofree char *release = NULL;

  if (!look (self, TRUE, error) || !check_findings (self, error))
    return FALSE;

  journal = await_journal (self);

  /* It went live, and then was killed before it could say so. */
  if (journal != NULL && g_strcmp0 (journal->release, self->live_release) == 0)
    {
      await_forgotten (self);
      g_clear_pointer (&journal, porch_journal_free);
    }

  if (journal != NULL && self->days > 0 && await_draft_found (self, journal, requests_before, started, result))
    return TRUE;

  if (journal != NULL && await_can_go_on (self, journal))
    release = g_strdup (journal->release);
  else
    release = porch_release_id_new (NULL);

  if (!(self->next = await_next (self, release, error)))
    return FALSE;

  if (self->live != NULL && !porch_manifest_differs (self->next))
    return take_unchanged (self, requests_before, started, result, error);

  if (!send_all (self, journal, error) || !go_live (self, error))
    return FALSE;

  *result = finish (self, requests_before, started);

  return TRUE;
}

static DexFuture *
run_fiber (gpointer user_data)
{
  PorchPublisher *self = user_data;
  g_autoptr(GError) error = NULL;
  PorchPublishResult *result = NULL;

  if (!publish (self, &result, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  set_phase (self, PORCH_PUBLISH_DONE);

  return dex_future_new_take_boxed (PORCH_TYPE_PUBLISH_RESULT, result);
}

static DexFuture *
compare_fiber (gpointer user_data)
{
  PorchPublisher *self = user_data;
  g_autofree char *release = porch_release_id_new (NULL);
  g_autoptr(GError) error = NULL;

  if (!look (self, FALSE, &error) || !(self->next = await_next (self, release, &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_take_object (porch_changes_new (self->live, self->next));
}

static void
stop_run (gpointer data)
{
  porch_publisher_stop (data);
}

static void
prepare (PorchPublisher *self)
{
  dex_clear (&self->stop);
  self->stop = dex_promise_new ();
}

/**
 * porch_publisher_new:
 * @target: where to publish
 * @folder: the folder to publish
 * @note: (nullable): what the history is to say about it
 *
 * Returns: (transfer full): a new publisher
 */
PorchPublisher *
porch_publisher_new (PorchTarget *target,
                     GFile       *folder,
                     const char  *note)
{
  PorchPublisher *self;

  g_return_val_if_fail (PORCH_IS_TARGET (target), NULL);
  g_return_val_if_fail (G_IS_FILE (folder), NULL);

  self = g_object_new (PORCH_TYPE_PUBLISHER, NULL);
  self->target = g_object_ref (target);
  self->root = g_object_ref (folder);
  self->note = g_strdup (note);
  self->folder = porch_folder_new (folder, porch_target_get_store (target));

  return self;
}

/**
 * porch_publisher_set_flags:
 * @self: a publisher
 * @flags: how to look at the folder
 */
void
porch_publisher_set_flags (PorchPublisher *self,
                           PorchScanFlags  flags)
{
  g_return_if_fail (PORCH_IS_PUBLISHER (self));

  self->flags = flags;
}

/**
 * porch_publisher_set_treatments:
 * @self: a publisher that isn't running
 * @treatments: (nullable): what the owner agreed to
 */
void
porch_publisher_set_treatments (PorchPublisher  *self,
                                PorchTreatments *treatments)
{
  g_return_if_fail (PORCH_IS_PUBLISHER (self));

  porch_folder_set_treatments (self->folder, treatments);
}

/**
 * porch_publisher_set_draft:
 * @self: a publisher that isn't running
 * @days: for how many days to show the folder to those who have a secret link, or 0 to go live
 */
void
porch_publisher_set_draft (PorchPublisher *self,
                           guint           days)
{
  g_return_if_fail (PORCH_IS_PUBLISHER (self));

  self->days = days > 0 ? CLAMP (days, PORCH_DRAFT_MIN_DAYS, PORCH_DRAFT_MAX_DAYS) : 0;
}

/**
 * porch_publisher_set_watched:
 * @self: a publisher that isn't running
 * @watched: whether somebody looks at the site as a visitor afterwards
 *
 * Lets the store remember that the look is due until there is a receipt.
 */
void
porch_publisher_set_watched (PorchPublisher *self,
                             gboolean        watched)
{
  g_return_if_fail (PORCH_IS_PUBLISHER (self));

  self->is_watched = watched;
}

/**
 * porch_publisher_compare:
 * @self: a publisher that isn't running
 *
 * Looks what publishing would do. What is wrong with the folder is in [method@Porch.Publisher.get_folder] afterwards.
 *
 * Returns: (transfer full): a future that resolves to [class@Porch.Changes]
 */
DexFuture *
porch_publisher_compare (PorchPublisher *self)
{
  dex_return_error_if_fail (PORCH_IS_PUBLISHER (self));

  prepare (self);

  return porch_fiber_spawn (compare_fiber, g_object_ref (self), g_object_unref, stop_run);
}

/**
 * porch_publisher_run:
 * @self: a publisher that isn't running
 *
 * Publishes the folder: all of it goes live in one moment, or nothing does. What has arrived when it fails, is stopped
 * or is killed is not sent again next time. Dropping the future stops it.
 *
 * Returns: (transfer full): a future that resolves to a [struct@Porch.PublishResult], or is rejected with the error that
 *   kept it from going live
 */
DexFuture *
porch_publisher_run (PorchPublisher *self)
{
  dex_return_error_if_fail (PORCH_IS_PUBLISHER (self));

  prepare (self);

  return porch_fiber_spawn (run_fiber, g_object_ref (self), g_object_unref, stop_run);
}

/**
 * porch_publisher_stop:
 * @self: a publisher
 *
 * Ends the run soon, with %G_IO_ERROR_CANCELLED. What has arrived is kept for the next one.
 */
void
porch_publisher_stop (PorchPublisher *self)
{
  g_return_if_fail (PORCH_IS_PUBLISHER (self));

  if (self->stop != NULL && dex_future_is_pending (DEX_FUTURE (self->stop)))
    dex_promise_reject (self->stop, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Stopped"));
}

PorchTarget *
porch_publisher_get_target (PorchPublisher *self)
{
  g_return_val_if_fail (PORCH_IS_PUBLISHER (self), NULL);

  return self->target;
}

/**
 * porch_publisher_get_folder:
 * @self: a publisher
 *
 * Returns: (transfer none): the folder, with what was found in it
 */
PorchFolder *
porch_publisher_get_folder (PorchPublisher *self)
{
  g_return_val_if_fail (PORCH_IS_PUBLISHER (self), NULL);

  return self->folder;
}

/**
 * porch_publisher_get_manifest:
 * @self: a publisher
 *
 * Returns: (transfer none) (nullable): that of the release that is made
 */
PorchManifest *
porch_publisher_get_manifest (PorchPublisher *self)
{
  g_return_val_if_fail (PORCH_IS_PUBLISHER (self), NULL);

  return self->next;
}

/**
 * porch_publisher_get_previous:
 * @self: a publisher
 *
 * Returns: (nullable): the release that was live before, which undoing goes back to
 */
const char *
porch_publisher_get_previous (PorchPublisher *self)
{
  g_return_val_if_fail (PORCH_IS_PUBLISHER (self), NULL);

  return self->live_release;
}

PorchPublishPhase
porch_publisher_get_phase (PorchPublisher *self)
{
  g_return_val_if_fail (PORCH_IS_PUBLISHER (self), PORCH_PUBLISH_LOOKING);

  return self->phase;
}

/**
 * porch_publisher_get_fraction:
 * @self: a publisher
 *
 * Returns: how much of the present phase is done, from 0 to 1
 */
double
porch_publisher_get_fraction (PorchPublisher *self)
{
  g_return_val_if_fail (PORCH_IS_PUBLISHER (self), 0);

  if (self->phase == PORCH_PUBLISH_SENDING && self->sender != NULL)
    return porch_sender_get_fraction (self->sender);

  return self->phase == PORCH_PUBLISH_DONE ? 1 : 0;
}

guint
porch_publisher_get_n_files (PorchPublisher *self)
{
  g_return_val_if_fail (PORCH_IS_PUBLISHER (self), 0);

  return self->sender != NULL ? porch_sender_get_n_files (self->sender) + self->n_kept : 0;
}

guint
porch_publisher_get_n_done (PorchPublisher *self)
{
  g_return_val_if_fail (PORCH_IS_PUBLISHER (self), 0);

  return self->sender != NULL ? porch_sender_get_n_done (self->sender) + self->n_kept : 0;
}

guint64
porch_publisher_get_n_bytes (PorchPublisher *self)
{
  g_return_val_if_fail (PORCH_IS_PUBLISHER (self), 0);

  return self->sender != NULL ? porch_sender_get_n_bytes (self->sender) : 0;
}

guint64
porch_publisher_get_bytes_done (PorchPublisher *self)
{
  g_return_val_if_fail (PORCH_IS_PUBLISHER (self), 0);

  return self->sender != NULL ? porch_sender_get_bytes_done (self->sender) : 0;
}

/**
 * porch_publisher_get_seconds_left:
 * @self: a publisher
 *
 * Returns: how long the sending will still take, or -1 as long as that can't be told
 */
int
porch_publisher_get_seconds_left (PorchPublisher *self)
{
  g_return_val_if_fail (PORCH_IS_PUBLISHER (self), -1);

  return self->phase == PORCH_PUBLISH_SENDING && self->sender != NULL ? porch_sender_get_seconds_left (self->sender) : -1;
}

static char *
describe_time_left (int seconds)
{
  int minutes = (seconds + 30) / 60;

  if (seconds < 5)
    return g_strdup (_("a few seconds left"));
  if (seconds < 55)
    return g_strdup_printf (_("about %d seconds left"), (seconds + 4) / 5 * 5);
  if (minutes < 90)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "about a minute left", "about %d minutes left", MAX (minutes, 1)),
                            MAX (minutes, 1));

  return g_strdup_printf (_("about %d hours left"), (minutes + 30) / 60);
}

static char *
describe_looking (PorchPublisher *self)
{
  guint n = porch_folder_get_n_looked_at (self->folder);

  return n > 0 ? g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%'u file", "%'u files", n), n) : NULL;
}

static char *
describe_sending (PorchPublisher *self)
{
  g_autofree char *all = g_format_size (porch_publisher_get_n_bytes (self));
  g_autofree char *done = g_format_size (porch_publisher_get_bytes_done (self));
  g_autofree char *left = NULL;
  guint n_files = porch_publisher_get_n_files (self);
  int seconds = porch_publisher_get_seconds_left (self);
  GString *string = g_string_new (NULL);

  if (n_files == 0)
    return g_string_free_and_steal (string);

  /* Translators: how many of how many files were published so far */
  g_string_append_printf (string, g_dngettext (GETTEXT_PACKAGE, "%'u of %'u file", "%'u of %'u files", n_files),
                          porch_publisher_get_n_done (self), n_files);

  if (porch_publisher_get_n_bytes (self) > 0)
    {
      g_string_append (string, ", ");
      /* Translators: how much of how much was sent so far, such as “3.1 MB of 40 MB” */
      g_string_append_printf (string, _("%s of %s"), done, all);
    }

  if (seconds >= 0)
    {
      left = describe_time_left (seconds);
      g_string_append_printf (string, ", %s", left);
    }

  return g_string_free_and_steal (string);
}

/**
 * porch_publisher_dup_progress:
 * @self: a publisher
 *
 * Returns: (transfer full) (nullable): how far it is, in words: “120 of 1,000 files, 3.1 MB of 40 MB, about 2 minutes
 *   left”
 */
char *
porch_publisher_dup_progress (PorchPublisher *self)
{
  g_return_val_if_fail (PORCH_IS_PUBLISHER (self), NULL);

  switch (self->phase)
    {
    case PORCH_PUBLISH_LOOKING:
      return describe_looking (self);
    case PORCH_PUBLISH_SENDING:
      return describe_sending (self);
    case PORCH_PUBLISH_CHECKING:
    case PORCH_PUBLISH_GOING_LIVE:
    case PORCH_PUBLISH_CLEANING_UP:
    case PORCH_PUBLISH_DONE:
      return NULL;
    default:
      g_return_val_if_reached (NULL);
    }
}
