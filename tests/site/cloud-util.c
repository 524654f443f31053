/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cloud-util.h"

#include "aws-response.h"
#include "aws-soup.h"
#include "porch-error.h"
#include "porch-practice-mail.h"

#include <libsoup/soup.h>

#include "test-util.h"

static void
tell_endpoint (Cloud       *self,
               PorchEngine *engine)
{
  porch_engine_set_practice_endpoint (engine,
                                      porch_practice_get_endpoint (self->practice),
                                      porch_practice_get_access_key_id (self->practice),
                                      porch_practice_get_secret_access_key (self->practice),
                                      porch_practice_get_region (self->practice),
                                      porch_practice_get_name_server (self->practice));
}

PorchEngine *
cloud_open_engine (Cloud      *self,
                   const char *folder)
{
  g_autoptr(GFile) file = g_file_new_build_filename (self->path, folder, NULL);
  g_autoptr(PorchAccount) account = NULL;
  g_autoptr(GError) error = NULL;
  PorchEngine *engine = porch_engine_new (file);

  dex_await (porch_engine_open (engine), &error);
  g_assert_no_error (error);
  tell_endpoint (self, engine);
  account = dex_await_object (porch_engine_add_practice (engine, NULL), &error);
  g_assert_no_error (error);

  return engine;
}

static void
start (Cloud      *self,
       const char *faults)
{
  g_autoptr(GFile) state = g_file_new_build_filename (self->path, "practice", NULL);
  g_autoptr(GError) error = NULL;

  self->practice = porch_practice_new (state);
  porch_practice_set_trace (self->practice, self->has_trace);
  porch_practice_set_delays (self->practice, 0);
  porch_practice_set_faults (self->practice, faults, &error);
  g_assert_no_error (error);
  dex_await (porch_practice_start (self->practice), &error);
  g_assert_no_error (error);
}

static Cloud *
make_cloud (gboolean has_trace)
{
  Cloud *self = g_new0 (Cloud, 1);

  self->has_trace = has_trace;
  self->path = test_new_folder ();
  start (self, NULL);
  self->engine = cloud_open_engine (self, "data");

  return self;
}

Cloud *
cloud_new (void)
{
  return make_cloud (FALSE);
}

Cloud *
cloud_new_with_trace (void)
{
  return make_cloud (TRUE);
}

void
cloud_free (Cloud *self)
{
  g_clear_object (&self->engine);
  dex_await (porch_practice_stop (self->practice), NULL);
  g_clear_object (&self->practice);
  test_remove_folder (self->path);
  g_clear_pointer (&self->path, g_free);
  g_free (self);
}

/* The same cloud, from now on with these faults */
void
cloud_set_faults (Cloud      *self,
                  const char *faults)
{
  dex_await (porch_practice_stop (self->practice), NULL);
  g_clear_object (&self->practice);
  start (self, faults);
  tell_endpoint (self, self->engine);
}

void
cloud_change_faults (Cloud      *self,
                     const char *faults)
{
  g_autoptr(GError) error = NULL;

  porch_practice_set_faults (self->practice, faults, &error);
  g_assert_no_error (error);
}

void
cloud_restart (Cloud *self)
{
  g_clear_object (&self->engine);
  self->engine = cloud_open_engine (self, "data");
}

PorchPlan *
cloud_make_plan (Cloud      *self,
                 const char *name,
                 const char *template,
                 gboolean    with_form)
{
  PorchPlan *plan = porch_plan_new (porch_engine_get_default_account (self->engine));

  porch_plan_set_name (plan, name);
  porch_plan_set_template (plan, template);
  porch_plan_set_with_form (plan, with_form);
  porch_plan_set_mail_to (plan, with_form ? "owner@example.org" : NULL);

  return plan;
}

PorchSite *
cloud_create_site (Cloud    *self,
                   gboolean  with_form)
{
  g_autoptr(PorchPlan) plan = cloud_make_plan (self, "Bäckerei & Café", with_form ? "business" : "coming-soon", with_form);
  g_autoptr(GError) error = NULL;
  PorchOperation *operation = porch_engine_create_site (self->engine, plan);

  dex_await (porch_operation_wait (operation), &error);
  g_assert_no_error (error);

  return porch_operation_get_site (operation);
}

static guint
send (SoupMessage  *message,
      char        **body)
{
  g_autoptr(SoupSession) session = soup_session_new ();
  g_autoptr(AwsResponse) response = NULL;
  g_autoptr(GError) error = NULL;

  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  response = dex_await_boxed (aws_soup_send (session, message, NULL), &error);
  g_assert_no_error (error);

  if (body != NULL)
    *body = g_strndup (g_bytes_get_data (aws_response_get_body (response), NULL),
                       g_bytes_get_size (aws_response_get_body (response)));

  return soup_message_get_status (message);
}

guint
cloud_fetch (const char  *url,
             char       **body)
{
  g_autoptr(SoupMessage) message = soup_message_new ("GET", url);

  return send (message, body);
}

guint
cloud_post (PorchSite  *site,
            const char *form)
{
  g_autofree char *url = g_strconcat (porch_site_get_address (site), porch_site_get_form_path (site) + 1, NULL);
  g_autoptr(SoupMessage) message = soup_message_new ("POST", url);
  g_autoptr(GBytes) bytes = g_bytes_new (form, strlen (form));

  soup_message_set_request_body_from_bytes (message, "application/x-www-form-urlencoded", bytes);

  return send (message, NULL);
}

PorchOperation *
cloud_change_form (PorchSite  *site,
                   gboolean    enabled,
                   const char *mails)
{
  g_autoptr(PorchForm) form = porch_form_with_enabled (porch_site_get_form (site), enabled);
  g_autoptr(PorchForm) addressed = NULL;
  g_autoptr(GError) error = NULL;

  addressed = mails != NULL ? porch_form_with_mails (form, mails, &error) : porch_form_ref (form);
  g_assert_no_error (error);

  return porch_site_change_form (site, addressed);
}

guint
cloud_open_links (Cloud *self)
{
  g_autoptr(GPtrArray) mails = porch_practice_list_mails (self->practice);
  guint n = 0;

  for (guint i = 0; i < mails->len; i++)
    {
      const char *text = porch_practice_mail_get_text (g_ptr_array_index (mails, i));
      const char *link = text != NULL ? strstr (text, "http://email-verification.localhost") : NULL;
      g_autofree char *url = link != NULL ? g_strndup (link, strcspn (link, " \r\n")) : NULL;

      n += url != NULL && cloud_fetch (url, NULL) == 200;
    }

  return n;
}

void
cloud_pause (guint msec)
{
  dex_await (dex_timeout_new_msec (msec), NULL);
}
