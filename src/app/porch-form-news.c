/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-form-news.h"

#include <glib/gi18n.h>

#include "porch-form-proof.h"
#include "porch-site.h"

/* Not while the window is still being drawn, and then often enough for a week to be no longer than a week */
#define FIRST_SECONDS 60
#define LATER_SECONDS (60 * 60)

/* Has the contact forms of all sites tried from time to time, and tells their owner outside of the window when one does not
 * work.
 */
struct _PorchFormNews
{
  GObject        parent_instance;

  GApplication  *application;  /* owns this */
  PorchEngine   *engine;
  DexFuture     *trying;
  guint          timer;
};

G_DEFINE_FINAL_TYPE (PorchFormNews, porch_form_news, G_TYPE_OBJECT)

static PorchSite *
find_site (PorchFormNews  *self,
           PorchFormProof *proof)
{
  GListModel *sites = porch_engine_get_sites (self->engine);

  for (guint i = 0; i < g_list_model_get_n_items (sites); i++)
    {
      g_autoptr(PorchSite) site = g_list_model_get_item (sites, i);

      /* The engine has it as long as this is asked */
      if (porch_site_get_form_proof (site) == proof)
        return site;
    }

  return NULL;
}

static void
state_changed_cb (PorchFormNews  *self,
                  GParamSpec     *pspec,
                  PorchFormProof *proof)
{
  PorchSite *site = find_site (self, proof);
  PorchProblem *problem = porch_form_proof_get_problem (proof);
  g_autoptr(GNotification) notification = NULL;
  g_autofree char *id = NULL;
  g_autofree char *title = NULL;

  if (site == NULL || porch_form_proof_get_state (proof) == PORCH_PROOF_RUNNING)
    return;

  id = g_strconcat ("form-", porch_site_get_id (site), NULL);

  if (porch_form_proof_get_state (proof) != PORCH_PROOF_FAILED)
    {
      g_application_withdraw_notification (self->application, id);
      return;
    }

  /* Whoever tries it by hand is looking at it */
  if (self->trying == NULL)
    return;

  /* Translators: what is wrong, and the name of a site */
  title = g_strdup_printf (_("%s: “%s”"), porch_problem_get_title (problem), porch_site_get_name (site));
  notification = g_notification_new (title);
  g_notification_set_body (notification, porch_problem_get_body (problem));
  g_notification_set_default_action_and_target (notification, "app.show-site", "s", porch_site_get_id (site));
  g_application_send_notification (self->application, id, notification);
}

static void
sites_changed_cb (PorchFormNews *self,
                  guint          position,
                  guint          removed,
                  guint          added,
                  GListModel    *sites)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr(PorchSite) site = g_list_model_get_item (sites, i);

      g_signal_connect_object (porch_site_get_form_proof (site), "notify::state", G_CALLBACK (state_changed_cb), self,
                               G_CONNECT_SWAPPED);
    }
}

static gboolean timer_cb (gpointer user_data);

static DexFuture *
tried_cb (DexFuture *future,
          gpointer   user_data)
{
  PorchFormNews *self = user_data;

  dex_clear (&self->trying);
  self->timer = g_timeout_add_seconds (LATER_SECONDS, timer_cb, self);

  return NULL;
}

static gboolean
timer_cb (gpointer user_data)
{
  PorchFormNews *self = user_data;

  self->timer = 0;
  self->trying = dex_future_finally (porch_form_proof_run_due (self->engine), tried_cb, self, NULL);

  return G_SOURCE_REMOVE;
}

static void
porch_form_news_dispose (GObject *object)
{
  PorchFormNews *self = PORCH_FORM_NEWS (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  dex_clear (&self->trying);
  g_clear_object (&self->engine);

  G_OBJECT_CLASS (porch_form_news_parent_class)->dispose (object);
}

static void
porch_form_news_class_init (PorchFormNewsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = porch_form_news_dispose;
}

static void
porch_form_news_init (PorchFormNews *self)
{
}

/**
 * porch_form_news_new:
 * @application: what notifies; has to live longer than the result
 * @engine: whose sites are looked after
 *
 * Returns: (transfer full): what has the forms tried for as long as it lives
 */
PorchFormNews *
porch_form_news_new (GApplication *application,
                     PorchEngine  *engine)
{
  PorchFormNews *self;
  GListModel *sites;

  g_return_val_if_fail (G_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (PORCH_IS_ENGINE (engine), NULL);

  self = g_object_new (PORCH_TYPE_FORM_NEWS, NULL);
  self->application = application;
  self->engine = g_object_ref (engine);
  self->timer = g_timeout_add_seconds (FIRST_SECONDS, timer_cb, self);

  sites = porch_engine_get_sites (engine);
  g_signal_connect_object (sites, "items-changed", G_CALLBACK (sites_changed_cb), self, G_CONNECT_SWAPPED);
  sites_changed_cb (self, 0, 0, g_list_model_get_n_items (sites), sites);

  return self;
}
